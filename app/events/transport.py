"""Who carries deliveries to a worker: nobody (the worker looks by itself), or RQ.

The rows in SQL are the truth; Redis is a doorbell that may ring twice or not at all.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

from app.events.jobs import DeliveryJob, bell
from app.events.outbox import Ring
from app.events.registry import RECEIVERS
from app.events.steps import step

log = logging.getLogger(__name__)

BELL_SECONDS = 60
"""After this long a lost `drain` job is rung for again."""


class Transport(Protocol):
    """`rings`: whether queued deliveries are announced right after the commit."""

    rings: bool

    def ring(self, rings: list[Ring]) -> None:
        """Announces fresh deliveries; never waits, never raises."""


class Embedded:
    """No service: the worker finds what is due in the database."""

    rings = False

    def ring(self, rings: list[Ring]) -> None:
        """Nothing to do."""


class Rq:
    """RQ jobs with ids only. A courier thread of each process talks to Redis; requests never wait for it."""

    rings = True

    def __init__(self, url: str) -> None:
        self.url = url
        # redis-py's own defaults stall for seconds when Redis is down.
        self.redis = Redis.from_url(url, socket_connect_timeout=0.25, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))
        self._line: queue.SimpleQueue[list[Ring]] = queue.SimpleQueue()
        self._courier_pid = 0
        self._starting = threading.Lock()

    def ring(self, rings: list[Ring]) -> None:
        """Leaves the announcement to the courier; if it cannot be made, the relay sends what is past due."""
        if self._courier_pid != os.getpid():
            self._start_courier()
        self._line.put(rings)

    def _start_courier(self) -> None:
        with self._starting:
            if self._courier_pid != os.getpid():
                self._line = queue.SimpleQueue()
                threading.Thread(target=self._carry, name="courier", daemon=True).start()
                self._courier_pid = os.getpid()

    def _carry(self) -> None:
        while True:
            rings = self._line.get()
            while len(rings) < 1000 and not self._line.empty():
                rings = rings + self._line.get()
            step("courier.taken")
            try:
                self.send(rings, again=False)
            except RedisError as error:
                log.warning("Redis did not take %d announcements (%s): the relay will", len(rings), error)
            except Exception:
                log.exception("the courier stumbled over %d announcements: the relay will send them", len(rings))
            step("courier.rung")

    def send(self, rings: Iterable[Ring], *, again: bool = True) -> None:
        """Enqueues the jobs in one pipeline. Raises RedisError. Batched receivers get one `drain` job for all."""
        jobs = defaultdict(list)
        batched = set()
        for ring in rings:
            receiver = RECEIVERS[ring.receiver]
            if receiver.batch and ring.fresh:
                batched.add(ring.receiver)
            else:
                jobs[receiver.queue or "default"].append(_deliver_job(ring))
        for name in sorted(batched):
            if self.redis.set(bell(name), 1, nx=True, ex=BELL_SECONDS) or again:
                jobs[RECEIVERS[name].queue or "default"].append(_drain_job(name))
        if not jobs:
            return
        with self.redis.pipeline() as pipeline:
            for name, data in jobs.items():
                rq_queue(name, self.redis).enqueue_many(data, pipeline=pipeline)
            pipeline.execute()


def rq_queue(name: str, connection: Redis) -> Queue:
    """Our queue of that name: JSON, our own job class."""
    return Queue(name, connection=connection, serializer=JSONSerializer, job_class=DeliveryJob)


def _deliver_job(ring: Ring) -> EnqueueData:
    return Queue.prepare_data(
        "deliver",
        args=(ring.event_id.hex, ring.receiver, ring.attempts, ring.fresh),
        job_id=f"{ring.event_id.hex}-{ring.receiver}",
        timeout=int(RECEIVERS[ring.receiver].timeout),
        result_ttl=0,
        failure_ttl=3600,
        description=ring.receiver,
    )


def _drain_job(name: str) -> EnqueueData:
    """An id of its own each time: RQ forgets a finished job by its id, and would forget the next one with it."""
    return Queue.prepare_data(
        "drain",
        args=(name,),
        job_id=f"drain-{name}-{os.urandom(8).hex()}",
        timeout=600,
        result_ttl=0,
        failure_ttl=3600,
        description=f"drain {name}",
    )
