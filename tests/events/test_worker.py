"""`flask worker`, the real process: it lives, works, keeps its limits, and ends when it is asked to."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis

from app.core.db import db
from app.events import queries
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.steps import stepped
from app.events.worker import LEAVE_SECONDS
from tests import servers, warm
from tests.events import slow
from tests.events.queueing import deliveries, until
from tests.events.sample import happen, noted

Start = Callable[..., ForkServerProcess]


@pytest.fixture
def start(app: Flask, tmp_path: Path) -> Iterator[Start]:
    """Starts `flask worker` on this test's database; keyword arguments are its environment."""
    running: list[ForkServerProcess] = []

    def started(*options: str, **environment: str) -> ForkServerProcess:
        ours = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        ours |= {
            "FLASK_APP": "tests.events.slow:create_app()",
            "TUNTAS_PROFILE": "testing",
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "INSTANCE": str(tmp_path / "instance"),
            "EVENTS_POLL": "0.1",
            "QUEUE": "embedded",
        }
        log = tmp_path / f"worker-{len(running)}.log"
        running.append(warm.start_module("flask", "worker", *options, environment=ours | environment, log=log))
        return running[-1]

    yield started
    for process in running:
        process.kill()
        process.join()


def alive() -> list[str]:
    db.session.rollback()
    return queries.workers()


def one(receiver: str) -> StoredDelivery:
    (row,) = deliveries(receiver)
    return row


def seen() -> set[str]:
    db.session.rollback()
    return noted()


def end(process: ForkServerProcess) -> int:
    """Asks it to end. What is too slow here hangs for minutes: the test does not measure, it waits long enough."""
    process.terminate()
    return warm.ended(process, 60)


def test_a_worker_has_fewer_seconds_to_leave_than_its_supervisor_grants() -> None:
    assert LEAVE_SECONDS < 10


def test_the_app_as_it_is_served_has_a_worker_that_reports_and_says_goodbye(start: Start) -> None:
    process = start(FLASK_APP="wsgi")
    until(alive)
    assert end(process) == 0
    assert alive() == []


@pytest.mark.redis
def test_a_worker_on_redis_reports_and_says_goodbye(start: Start, redis: Redis, redis_url: str) -> None:
    process = start(QUEUE="rq", REDIS_URL=redis_url)
    until(alive)
    until(lambda: redis.scard("rq:workers") == 1)
    assert end(process) == 0
    assert alive() == []


def _begun(start: Start, fact: object, tmp_path: Path, **environment: str) -> ForkServerProcess:
    slow.state(fact)
    process = start(**environment)
    until((tmp_path / "started").exists)
    return process


def test_sigterm_ends_a_worker_whose_receiver_goes_on_and_undoes_it(start: Start, tmp_path: Path) -> None:
    process = _begun(start, slow.Worked(number=1, seconds=200, folder=str(tmp_path)), tmp_path)
    assert end(process) == 0
    row = one("slow_work")
    assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 0)
    assert "worked-1" not in seen()


def test_sigterm_lets_a_receiver_finish_that_is_nearly_done(start: Start, tmp_path: Path) -> None:
    process = _begun(start, slow.Worked(number=1, seconds=1, folder=str(tmp_path)), tmp_path)
    assert end(process) == 0
    assert one("slow_work").status == DeliveryStatus.DONE
    assert alive() == []


def test_sigterm_ends_a_worker_whose_outside_effect_is_silent(start: Start, tmp_path: Path) -> None:
    process = _begun(start, slow.Sent(number=1, seconds=200, folder=str(tmp_path)), tmp_path)
    assert end(process) == 0
    assert one("slow_send").status == DeliveryStatus.RUNNING


@pytest.mark.redis
def test_sigterm_ends_a_worker_on_redis_whose_receiver_goes_on(
    start: Start, redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    fact = slow.Worked(number=1, seconds=200, folder=str(tmp_path))
    process = _begun(start, fact, tmp_path, QUEUE="rq", REDIS_URL=redis_url)
    assert end(process) == 0
    assert "worked-1" not in seen()


@pytest.mark.redis
def test_sigterm_ends_a_worker_whose_redis_is_frozen(start: Start, tmp_path: Path) -> None:
    server, url = servers.start_redis(tmp_path, servers.free_port())
    try:
        process = start(QUEUE="rq", REDIS_URL=url)
        with Redis.from_url(url) as redis:
            until(lambda: redis.scard("rq:workers") == 1)
        server.send_signal(signal.SIGSTOP)
        assert end(process) == 0
    finally:
        server.kill()
        server.wait()


@pytest.mark.redis
def test_a_worker_waits_for_a_redis_that_comes_and_goes(start: Start, tmp_path: Path) -> None:
    port = servers.free_port()
    process = start(QUEUE="rq", REDIS_URL=f"redis://127.0.0.1:{port}/0")
    until(alive)
    slow.state(slow.Asked(number=1))
    for number in (1, 2):
        server, _url = servers.start_redis(tmp_path, port)
        try:
            until(lambda key=f"answered-{number}": key in seen())
        finally:
            server.kill()
            server.wait()
        slow.state(slow.Asked(number=number + 1))
    assert process.is_alive()
    assert end(process) == 0


def test_a_receiver_beyond_its_limit_is_interrupted_and_counted(start: Start) -> None:
    slow.state(slow.Limited(number=1, seconds=200))
    slow.state(slow.Asked(number=1))
    start()
    until(lambda: one("slow_limited").status == DeliveryStatus.FAILED)
    row = one("slow_limited")
    assert row.attempts == 2
    assert (row.last_error or "").startswith("JobTimeoutException")
    assert "limited-1" not in seen()
    until(lambda: "answered-1" in seen())


@pytest.fixture(params=["embedded", pytest.param("rq", marks=pytest.mark.redis)])
def transport(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a worker's environment says of who carries."""
    rq = request.param == "rq"
    return {"QUEUE": request.param} | ({"REDIS_URL": request.getfixturevalue("redis_url")} if rq else {})


def test_a_silent_outside_effect_holds_up_no_database_effect(
    start: Start, transport: dict[str, Any], tmp_path: Path
) -> None:
    _begun(start, slow.Sent(number=1, seconds=200, folder=str(tmp_path)), tmp_path, **transport)
    slow.state(slow.Asked(number=1))
    until(lambda: "answered-1" in seen())
    assert one("slow_send").status == DeliveryStatus.RUNNING


def _happen_and_die(sample_id: int) -> None:
    """The process is gone right after its commit."""

    def die(name: str) -> None:
        if name == "handout.begun":
            raise SystemExit

    with stepped.connected_to(die), pytest.raises(SystemExit):
        happen(sample_id)


def test_a_worker_that_is_to_record_only_leaves_everything(start: Start, transport: dict[str, Any]) -> None:
    """But for the inline receivers of a page that died after its commit: those are what pages show."""
    slow.state(slow.Asked(number=1))
    _happen_and_die(7)
    assert "inline-7" not in seen()
    process = start(EVENTS_ENABLED="record", **transport)
    until(lambda: "inline-7" in seen())
    assert end(process) == 0
    assert one("slow_answer").sends == one("sample_queued").sends == 0
    assert "answered-1" not in seen()
    start()
    until(lambda: "answered-1" in seen())


def test_two_processes_work_and_end_together(start: Start) -> None:
    process = start("--processes", "2")
    until(lambda: len(alive()) == 2)
    for number in range(20):
        slow.state(slow.Asked(number=number))
    until(lambda: {f"answered-{number}" for number in range(20)} <= seen())
    assert end(process) == 0
    assert alive() == []


def test_a_process_that_is_killed_is_replaced(start: Start) -> None:
    process = start("--processes", "2")
    until(lambda: len(alive()) == 2)
    os.kill(int(alive()[0].rpartition("-")[2]), signal.SIGKILL)
    until(lambda: len(alive()) == 3)
    assert end(process) == 0
    assert len(alive()) == 1, "the dead could not say goodbye"


@pytest.mark.redis
def test_t_rq_03_a_production_worker_refuses_an_open_redis(start: Start, redis_url: str, tmp_path: Path) -> None:
    keys = {name: name.lower() * 8 for name in ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")}
    process = start(
        TUNTAS_PROFILE="production", QUEUE="rq", REDIS_URL=redis_url, BASE_URL="https://tuntas.example", **keys
    )
    assert warm.ended(process, 60) == 1
    assert "requirepass" in (tmp_path / "worker-0.log").read_text()
