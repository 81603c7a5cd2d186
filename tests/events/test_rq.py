"""Deliveries through RQ and a real Redis: rung for, and run once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app.core import clock
from app.core.db import db, transaction
from app.events import emit
from app.events.jobs import bell
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import Ring
from app.events.relay import tick
from app.events.steps import stepped
from app.events.worker import rq_worker, run
from tests import servers
from tests.events.queueing import burst, deliveries, until, waiting, work
from tests.events.sample import Happened, Mailed, happen, noted
from tests.facts import assert_logged

pytestmark = pytest.mark.redis


def test_a_committed_fact_rings_and_a_worker_delivers_it(rq_app: Flask, redis: Redis, tmp_path: Path) -> None:
    """But for outside effects, which nobody rings for: the worker's threads find them due at once."""
    happen(1)
    with transaction():
        emit(Mailed(sample_id=1, folder=str(tmp_path)))
    until(lambda: waiting(redis) == {"notifications": 2, "default": 1, "audit": 2})
    assert noted() == {"did-1", "inline-1"}, "a web process runs no queued receiver"
    burst(redis)
    assert {"queued-1", "after-1", "batch-1", "rated-1"} <= noted()
    assert not (tmp_path / "sent").exists()
    run(tick(10, only={"sample_mail"}))
    assert (tmp_path / "sent").read_text().count("\n") == 1
    assert_logged(Happened)
    assert {row.status for row in db.session.scalars(select(StoredDelivery))} == {DeliveryStatus.DONE}


def test_a_stop_that_came_while_rq_was_starting_is_heeded(rq_app: Flask, redis: Redis) -> None:
    stop = threading.Event()
    stop.set()
    reminded = threading.Event()
    reminder = threading.Timer(20, lambda: (reminded.set(), os.kill(os.getpid(), signal.SIGTERM)))
    reminder.start()
    work(rq_worker(redis, stop), burst=False)
    reminder.cancel()
    assert not reminded.is_set()


def test_only_the_courier_thread_talks_to_redis(rq_app: Flask, redis: Redis) -> None:
    threads = set()
    stepped.connect(note := lambda name: threads.add((name, threading.current_thread().name)))
    happen(1)
    until(lambda: any(name == "courier.rung" for name, _thread in threads))
    stepped.disconnect(note)
    assert {thread for name, thread in threads if name.startswith("courier.")} == {"courier"}
    assert {thread for name, thread in threads if not name.startswith("courier.")} == {"MainThread"}


def test_a_batch_is_rung_for_once_until_it_is_drained(rq_app: Flask, redis: Redis) -> None:
    for number in range(25):
        happen(number)
    until(lambda: waiting(redis).get("default") == 25)
    until(lambda: waiting(redis).get("audit") == 2)
    assert redis.exists(bell("sample_batch"), bell("record_audit")) == 2
    burst(redis)
    assert {f"batch-{number}" for number in range(25)} <= noted()
    assert redis.exists(bell("sample_batch"), bell("record_audit")) == 0
    happen(25)
    until(lambda: waiting(redis).get("audit") == 2)


def test_a_drain_that_is_rung_for_while_another_ends_is_not_forgotten(rq_app: Flask, redis: Redis) -> None:
    def state_another(name: str) -> None:
        if name == "drain.done" and not redis.exists(bell("record_audit")) and len(deliveries("sample_queued")) == 1:
            with rq_app.app_context():
                happen(2)
            until(lambda: redis.exists(bell("record_audit")))

    happen(1)
    until(lambda: waiting(redis).get("audit") == 2)
    stepped.connect(state_another)
    burst(redis)
    stepped.disconnect(state_another)
    assert {"batch-1", "batch-2"} <= noted()
    assert_logged(Happened, times=2)


def test_a_job_that_stands_there_twice_has_one_effect(rq_app: Flask, redis: Redis) -> None:
    happen(1)
    until(lambda: len(waiting(redis)) == 3)
    (row,) = deliveries("sample_queued")
    transport = rq_app.extensions["events"].transport
    for fresh in (True, False):
        transport.send([Ring(row.event_id, row.receiver, 0, fresh)] * 2)
    burst(redis)
    (row,) = deliveries("sample_queued")
    assert (row.status, row.attempts) == (DeliveryStatus.DONE, 1)
    assert "queued-1" in noted()


def test_without_redis_the_action_returns_and_the_relay_delivers_when_it_is_back(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    port = servers.free_port()
    app = make_app(QUEUE="rq", REDIS_URL=f"redis://127.0.0.1:{port}/0")
    with app.app_context():
        happen(1)
        assert noted() == {"did-1", "inline-1"}
        server, url = servers.start_redis(tmp_path, port)
        try:
            with Redis.from_url(url) as redis, clock.at(clock.now() + timedelta(seconds=20)):
                app.extensions["events"].transport.send(tick(1000))
                burst(redis)
        finally:
            server.kill()
            server.wait()
        assert {"queued-1", "after-1", "batch-1"} <= noted()
        assert_logged(Happened)


def test_a_frozen_redis_holds_up_no_action(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """The frozen server answers nobody: were it asked on this thread, the action would not come back."""
    server, url = servers.start_redis(tmp_path, servers.free_port())
    app = make_app(QUEUE="rq", REDIS_URL=url)
    taken = threading.Event()
    stepped.connect(note := lambda name: taken.set() if name == "courier.taken" else None)
    server.send_signal(signal.SIGSTOP)
    try:
        with app.app_context():
            happen(1)
            assert taken.wait(30)
            happen(2)
            assert {"inline-1", "inline-2"} <= noted()
    finally:
        stepped.disconnect(note)
        server.kill()
        server.wait()
