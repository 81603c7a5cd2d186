"""What stating a fact costs the request that states it."""

from __future__ import annotations

import json
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import uuid4

from blinker import Signal
from flask import Flask, current_app
from redis.connection import AbstractConnection
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.core.db import db, transaction
from app.events import emit
from app.events.handout import hand_out
from bench.facts import Committed, Observed, state
from bench.places import Place, fresh
from bench.table import Row, at_most
from bench.timing import extra

FACTS = 500
TOUCH = text("INSERT INTO settings (key, value) VALUES (:key, '1')")

RAW_EVENT = (
    "INSERT INTO event_store (id, name, version, aggregate_type, aggregate_id, actor_id, actor_type, correlation_id,"
    " occurred_at, payload) VALUES ({})"
)
RAW_DELIVERY = (
    "INSERT INTO deliveries (event_id, receiver, queue, status, attempts, sends, available_at, due_at) VALUES ({})"
)
SINCE = "2026-01-01 00:00:00.000000"


def stating(place: Place, rounds: int) -> Row:
    """Construct, emit, and hand out to five plain observers; the storing is left out."""
    signal: Signal = Observed.signal  # type: ignore[attr-defined]
    observers = [_observer() for _ in range(5)]
    plain = Signal()
    for observer in observers:
        signal.connect(observer)
        plain.connect(observer)
    try:
        with fresh(place) as app:
            floors, found = [], []
            for _ in range(rounds):
                floors.append(_send_plainly(plain, app))
                found.append(_state_and_hand_out())
    finally:
        for observer in observers:
            signal.disconnect(observer)
    return at_most("construct + emit + hand out to 5 observers", "both", median(floors), median(found), 10, "µs")


def _observer() -> Callable[..., None]:
    def observe(_app: Flask, *, event: object, record: object) -> None:
        """Nothing."""

    return observe


def _send_plainly(plain: Signal, app: Flask) -> float:
    started = time.perf_counter()
    for number in range(FACTS):
        plain.send(app, event=PlainFact(bench_id=number, title="Pelajaran", progress=50.0), record=None)
    return (time.perf_counter() - started) / FACTS * 1e6


@dataclass(frozen=True, kw_only=True)
class PlainFact:
    """The same fields as `Observed`, without a kernel."""

    bench_id: int
    title: str
    progress: float


def _state_and_hand_out() -> float:
    with transaction() as session:
        started = time.perf_counter()
        for number in range(FACTS):
            emit(Observed(bench_id=number, title="Pelajaran", progress=50.0))
        spent = time.perf_counter() - started
        session.info["written"] = session.info.pop("staged")
        started = time.perf_counter()
        hand_out(session)
        spent += time.perf_counter() - started
    return spent / FACTS * 1e6


def committing(place: Place, rounds: int) -> Row:
    """What one fact with two deliveries adds to a commit; the floor writes the same rows with the bare driver."""
    with fresh(place):
        commit_fact, commit_raw = _commit_with(_emit_one), _commit_with(_insert_raw)
        base = _commit_with(lambda: None)
        extra(20, base, commit_fact, commit_raw)
        found, floor = extra(rounds, base, commit_fact, commit_raw)
    bar = 150 if place.is_sqlite else 350
    return at_most("added to a commit: 1 fact + 2 deliveries", place.name, floor * 1e6, found * 1e6, bar, "µs")


def _commit_with(more: Callable[[], object]) -> Callable[[], None]:
    def commit() -> None:
        with transaction() as session:
            session.execute(TOUCH, {"key": uuid4().hex})
            more()

    return commit


def _emit_one() -> None:
    emit(Committed(bench_id=1, title="Pelajaran", progress=50.0))


def _insert_raw() -> None:
    driver: Any = db.session.connection().connection.driver_connection
    mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
    event_id = uuid4().hex
    payload = json.dumps({"bench_id": 1, "title": "Pelajaran", "progress": 50.0})
    event = (event_id, "bench.raw", 1, "bench", "1", None, "system", event_id, SINCE, payload)
    cursor = driver.cursor()
    cursor.execute(RAW_EVENT.format(", ".join([mark] * 10)), event)
    rows = [(event_id, name, "default", "pending", 0, 0, SINCE, SINCE) for name in ("bench_first", "bench_second")]
    cursor.executemany(RAW_DELIVERY.format(", ".join([mark] * 8)), rows)
    cursor.close()


def trips(place: Place, redis_url: str) -> Iterator[Row]:
    """Counts what a request pays for its fact: commits (each is an fsync), and words with Redis."""
    for name, settings in (("embedded", {}), ("RQ", {"QUEUE": "rq", "REDIS_URL": redis_url})):
        with fresh(place, **settings):
            plain, _ = _count_trips(lambda: None)
            commits, talks = _count_trips(_emit_one)
        where = f"{place.name}, {name}"
        yield at_most("extra fsyncs of a request without inline receivers", where, 0, commits - plain, 0, "")
        if name == "RQ":
            own, others = talks[threading.get_ident()], talks.total() - talks[threading.get_ident()]
            heard = others > 0
            row = at_most("Redis trips on the request thread", where, 0, own, 0, f"(courier: {others})")
            yield Row(row.what, where, "0", row.measured, "≤ 0", own == 0 and heard)


def _count_trips(more: Callable[[], object]) -> tuple[int, Counter[int]]:
    """Commits, and Redis messages by thread, of ten requests, each of which commits once."""
    commits: list[object] = []

    def count(connection: Connection) -> None:
        commits.append(connection)

    engine = db.engine
    sqlalchemy_event.listen(engine, "commit", count)
    with _counted_redis() as talks:
        for _ in range(10):
            with current_app.test_request_context("/"):
                _commit_with(more)()
        time.sleep(0.3)
    sqlalchemy_event.remove(engine, "commit", count)
    return len(commits), talks


@contextmanager
def _counted_redis() -> Iterator[Counter[int]]:
    """Counts what goes out to any Redis, by thread."""
    talks: Counter[int] = Counter()
    original = AbstractConnection.send_packed_command

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        talks[threading.get_ident()] += 1
        return original(self, *args, **kwargs)

    AbstractConnection.send_packed_command = counted  # type: ignore[method-assign]
    try:
        yield talks
    finally:
        AbstractConnection.send_packed_command = original  # type: ignore[method-assign]


def memory(place: Place) -> Row:
    """The peak while a thousand facts and their two thousand deliveries go into one commit."""
    with fresh(place):
        state(Committed, 10, title="Pelajaran", progress=50.0)
        floor = _peak(lambda: [PlainFact(bench_id=number, title="Pelajaran", progress=50.0) for number in range(1000)])
        found = _peak(lambda: state(Committed, 1000, title="Pelajaran", progress=50.0))
    return at_most("1000 facts + 2000 deliveries in one commit, peak", place.name, floor, found, 5, "MB")


def _peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / 1e6
