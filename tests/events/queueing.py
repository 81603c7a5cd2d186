"""What tests of RQ need: what waits in Redis, and a worker that empties it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

from redis import Redis
from rq import SimpleWorker
from sqlalchemy import select

from app.core.db import db
from app.events.models import StoredDelivery
from app.events.registry import QUEUES
from app.events.worker import rq_worker


def until(done: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def waiting(redis: Redis) -> dict[str, int]:
    return {name: count for name in QUEUES if (count := int(redis.llen(f"rq:queue:{name}")))}


def burst(redis: Redis, worker: SimpleWorker | None = None) -> None:
    """A worker that runs what is in Redis and ends."""
    work(worker or rq_worker(redis, threading.Event()), burst=True)


def work(worker: SimpleWorker, *, burst: bool) -> None:
    """Works in this thread; RQ's signal handlers are gone afterwards."""
    db.session.rollback()
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.work(burst=burst, logging_level="CRITICAL")
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        db.session.rollback()


def deliveries(receiver: str) -> list[StoredDelivery]:
    db.session.rollback()
    return list(db.session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == receiver)))
