"""How much the worker gets done."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import func, select

from app.core.db import db
from app.events.batches import drain
from app.events.models import AuditEntry, DeliveryStatus, StoredDelivery
from app.events.registry import RECEIVERS
from app.events.relay import tick
from app.events.steps import stepped
from app.events.transport import rq_queue
from app.events.worker import _poll_some, rq_worker
from bench.facts import Audited, Worked, state
from bench.places import Place, fresh
from bench.table import Row, at_least, at_most
from bench.timing import in_turns, seconds

DELIVERIES = 500
FACTS = 5000

RAW_UPDATE = (
    "UPDATE deliveries SET status = 'done', attempts = 1, due_at = NULL WHERE event_id = {0} AND receiver = {0}"
)
RAW_AUDIT = (
    "INSERT INTO domain_event_log (seq, event_id, event_name, aggregate_type, aggregate_id, severity, metadata,"
    " occurred_at, created_at, hash) VALUES ({})"
)
SINCE = "2026-01-01 00:00:00.000000"
MILLION = """
INSERT INTO deliveries (event_id, receiver, queue, status, attempts, sends, available_at, due_at, finished_at,
                        duration_ms)
SELECT event_store.id, 'r' || number.n, 'default', 'done', 1, 0, event_store.occurred_at, NULL,
       event_store.occurred_at, 1.0
FROM event_store CROSS JOIN ({numbers}) AS number
"""
NUMBERS = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) SELECT n FROM c",
    "postgresql": "SELECT generate_series(1, 1000) AS n",
}


def embedded(place: Place, rounds: int) -> Row:
    """`db` deliveries a second by the embedded worker; the floor marks rows done, a commit each, by the bare driver."""
    with fresh(place) as app:
        found = in_turns(rounds, {"floor": _mark_raw, "worker": partial(_poll_until_done, app)})
    bar = 2500 if place.is_sqlite else 1000
    return at_least("db deliveries per second, embedded worker", place.name, found["floor"], found["worker"], bar, "/s")


def _poll_until_done(app: Flask) -> float:
    """The worker's own loop, until everything is delivered."""
    state(Worked, DELIVERIES)
    stop = threading.Event()
    left = [DELIVERIES]

    def count(name: str) -> None:
        if name == "delivery.done":
            left[0] -= 1
            if not left[0]:
                stop.set()

    with stepped.connected_to(count):
        spent = seconds(lambda: _poll_some(app, stop, only={"bench_work"}))
    return DELIVERIES / spent


@contextmanager
def _driver() -> Iterator[tuple[Any, str]]:
    """A bare connection of the driver, in autocommit, and its parameter mark."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if not sqlite:
            driver.autocommit = True
        yield driver, "?" if sqlite else "%s"
        if not sqlite:
            driver.autocommit = False


def _mark_raw() -> float:
    state(Worked, DELIVERIES)
    waiting = select(StoredDelivery.event_id).where(StoredDelivery.status == DeliveryStatus.PENDING)
    ids = [each.hex for each in db.session.scalars(waiting)]
    db.session.rollback()
    with _driver() as (driver, mark):
        started = time.perf_counter()
        for each in ids:
            driver.execute("BEGIN")
            driver.execute(RAW_UPDATE.format(mark), (each, "bench_work"))
            driver.execute("COMMIT")
        return len(ids) / (time.perf_counter() - started)


def by_rq(place: Place, redis_url: str, rounds: int) -> Row:
    """Deliveries a second through RQ, as a share of what a stock worker does when its jobs do nothing."""
    with fresh(place, QUEUE="rq", REDIS_URL=redis_url):
        found = in_turns(rounds, {"stock": partial(_run_stock, redis_url), "ours": partial(_run_ours, redis_url)})
    share = found["ours"] / found["stock"]
    measured = f"{found['ours']:,.0f} /s = {share:.2f} ×"
    return Row("RQ deliveries per second", place.name, f"{found['stock']:,.0f} /s", measured, "≥ 0.5 ×", share >= 0.5)


def nothing(number: int) -> None:
    """The stock worker's job."""


def _run_stock(redis_url: str) -> float:
    connection = Redis.from_url(redis_url)
    connection.flushdb()
    queue = Queue("stock", connection=connection)
    queue.enqueue_many([Queue.prepare_data(nothing, args=(number,)) for number in range(DELIVERIES)])
    return _burst(SimpleWorker([queue], connection=connection), connection)


def _run_ours(redis_url: str) -> float:
    connection = Redis.from_url(redis_url)
    connection.flushdb()
    state(Worked, DELIVERIES)
    queue = rq_queue("default", connection)
    end = time.monotonic() + 10
    while len(queue) < DELIVERIES and time.monotonic() < end:
        time.sleep(0.02)
    rate = _burst(rq_worker(connection, threading.Event()), connection)
    undone = select(func.count()).where(StoredDelivery.status != DeliveryStatus.DONE)
    if db.session.scalar(undone):
        raise RuntimeError("RQ left deliveries undone")
    db.session.rollback()
    return rate


def _burst(worker: SimpleWorker, connection: Redis) -> float:
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    spent = seconds(lambda: worker.work(burst=True, logging_level="ERROR"))
    for each, handler in handlers.items():
        signal.signal(each, handler)
    connection.close()
    return DELIVERIES / spent


def auditing(place: Place, rounds: int) -> Row:
    """Chained rows a second; the floor inserts such rows, unchained, with the bare driver."""
    with fresh(place):
        found = in_turns(rounds, {"floor": _insert_raw, "chain": _drain_audit})
    bar = 30_000 if place.is_sqlite else 10_000
    return at_least("chained audit rows per second", place.name, found["floor"], found["chain"], bar, "/s")


def _drain_audit() -> float:
    before = _audited()
    state(Audited, FACTS, title="Pelajaran", progress=50.0)
    spent = seconds(lambda: drain("record_audit"))
    if _audited() - before != FACTS:
        raise RuntimeError("the audit log did not take every fact")
    return FACTS / spent


def _audited() -> int:
    count = db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.seq > 0)) or 0
    db.session.rollback()
    return count


def _insert_raw() -> float:
    """Below the chain's rows, with negative numbers, and taken away again."""
    with _driver() as (driver, mark):
        rows = [
            (-number - 1, f"{number:032x}", "bench.raw", "bench", "1", "info", "{}", SINCE, SINCE, "0" * 64)
            for number in range(FACTS)
        ]
        cursor = driver.cursor()
        started = time.perf_counter()
        for start in range(0, FACTS, 500):
            cursor.execute("BEGIN")
            cursor.executemany(RAW_AUDIT.format(", ".join([mark] * 10)), rows[start : start + 500])
            cursor.execute("COMMIT")
        spent = time.perf_counter() - started
        cursor.execute("DELETE FROM domain_event_log WHERE seq < 0")
    return FACTS / spent


def idle_tick(place: Place, rounds: int, thousands: int) -> Row:
    """A look of the relay when nothing is due, over many finished rows; the floor is the bare index probe."""
    with fresh(place):
        state(Audited, thousands, title="Pelajaran", progress=50.0)
        drain("record_audit")
        with _driver() as (driver, _mark):
            driver.execute(MILLION.format(numbers=NUMBERS[db.engine.dialect.name]))
            driver.execute("ANALYZE")
        outside = {each.name for each in RECEIVERS.values() if each.effect == "external"}
        if tick(100, without=outside):
            raise RuntimeError("something is due")
        found = in_turns(rounds, {"floor": _probe, "relay": lambda: seconds(lambda: tick(100, without=outside))})
        rows = db.session.scalar(select(func.count()).select_from(StoredDelivery)) or 0
    what = f"relay idle tick with {rows:,} finished rows"
    return at_most(what, place.name, found["floor"] * 1e3, found["relay"] * 1e3, 0.5, "ms")


def _probe() -> float:
    with _driver() as (driver, _mark):
        probe = f"SELECT event_id FROM deliveries WHERE due_at <= '{SINCE}' LIMIT 1"
        return seconds(lambda: driver.execute(probe).fetchone())
