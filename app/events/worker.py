"""The worker process: runs queued deliveries and keeps the relay going."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from types import FrameType

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from rq.worker import WorkerStatus
from sqlalchemy import delete

from app.core import clock
from app.core.db import db, transaction
from app.events.batches import drain
from app.events.deliveries import deliver_or_leave
from app.events.exposure import check_exposure
from app.events.jobs import DeliveryJob
from app.events.models import WorkerBeat
from app.events.outbox import Ring
from app.events.prune import tidy
from app.events.registry import QUEUES, RECEIVERS
from app.events.relay import tick
from app.events.steps import step
from app.events.transport import Rq, rq_queue

log = logging.getLogger(__name__)

CLAIM = 100
BEAT_SECONDS = 10
TIDY_SECONDS = 3600
LEAVE_SECONDS = 7
"""How long a receiver may go on after SIGTERM: whoever sent it waits 10 s before SIGKILL."""


def work(app: Flask) -> None:
    """Works until SIGTERM or SIGINT: as an RQ worker, or by looking into the database twice a second.

    Raises SystemExit in production when Redis stands open (see `exposure`).
    """
    kernel = app.extensions["events"]
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    for task in (_keep_house, _leave_in_time):
        threading.Thread(target=task, args=(app, stop), name=task.__name__, daemon=True).start()
    try:
        if kernel.mode == "off":
            log.warning("EVENTS_ENABLED=off: deliveries wait, this worker is idle")
            stop.wait()
        elif kernel.mode == "record":
            log.warning("EVENTS_ENABLED=record: this worker runs what a dying page has left inline, and nothing else")
            _poll_some(app, stop, only={each.name for each in RECEIVERS.values() if each.queue is None})
        else:
            with _outside_aside(app, stop) as outside:
                if isinstance(kernel.transport, Rq):
                    _work_rq(app, kernel.transport, stop, outside)
                else:
                    _poll_some(app, stop, without=outside)
    finally:
        stop.set()
        _forget_beat(app)


def _leave_in_time(app: Flask, stop: threading.Event) -> None:
    """A receiver that goes on too long after SIGTERM is cut off, as by `kill -9`: another worker takes it up."""
    stop.wait()
    time.sleep(LEAVE_SECONDS)
    log.warning("%s ends in the middle of a delivery; the relay will see to it", app.name)
    logging.shutdown()
    os._exit(0)


def work_in_processes(count: int) -> int:
    """Runs that many workers as children until SIGTERM; answers the worst exit code.

    One that is killed is replaced. One that ends by itself had a reason, which would be there again: then all end.
    """
    command = [sys.executable, "-m", "flask", "worker"]
    children = [subprocess.Popen(command) for _ in range(count)]  # noqa: S603
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    while not stop.wait(0.5):
        for index, child in enumerate(children):
            if child.poll() is None:
                continue
            log.warning("the worker %d has ended with %d", child.pid, child.returncode)
            if child.returncode >= 0:
                stop.set()
            else:
                children[index] = subprocess.Popen(command)  # noqa: S603
    for child in children:
        child.terminate()
    return max(child.wait() for child in children)


class _Worker(SimpleWorker):
    """An RQ worker that stops by an event which outlives it, and does not talk to Redis from a signal handler."""

    stop: threading.Event

    def _install_signal_handlers(self) -> None:
        """RQ does this after it has registered: a stop that came before then would be waited for in vain."""
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        self._stop_requested = self.stop.is_set()

    def request_stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stop.set()
        self._stop_requested = True
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested


def _work_rq(app: Flask, transport: Rq, stop: threading.Event, outside: set[str]) -> None:
    """RQ gives up when Redis is away at its start, or goes in the middle of a job: then it begins anew."""
    connection = Redis.from_url(transport.url, socket_connect_timeout=2)
    threading.Thread(target=_relay, args=(app, transport, stop, outside), name="relay", daemon=True).start()
    while not stop.is_set():
        with suppress(StopRequested):
            try:
                check_exposure(connection, production=app.config["PROFILE"] == "production")
                with app.app_context():
                    rq_worker(connection, stop).work(logging_level="WARNING")
            except RedisError as error:
                log.warning("the worker cannot reach Redis: %s", error)
            stop.wait(1)


def rq_worker(connection: Redis, stop: threading.Event) -> _Worker:
    """A worker on all our queues that runs our jobs only."""
    worker = _Worker(
        [rq_queue(name, connection) for name in QUEUES],
        connection=connection,
        job_class=DeliveryJob,
        serializer=JSONSerializer,
        name=f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}",
    )
    worker.stop = stop
    worker.log_result_lifespan = False
    return worker


def _relay(app: Flask, transport: Rq, stop: threading.Event, outside: set[str]) -> None:
    """RQ mode: hands what is past due to Redis, but for `outside`. While Redis is away nothing is claimed."""
    while not stop.wait(app.config["EVENTS_POLL"]):
        try:
            transport.redis.ping()
            with app.app_context():
                while rings := tick(1000, without=outside):
                    transport.send(rings)
                    step("relay.sent")
        except RedisError as error:
            log.warning("the relay cannot reach Redis: %s", error)
            stop.wait(1)
        except Exception:
            log.exception("the relay stumbled")
            stop.wait(1)


@contextmanager
def _outside_aside(app: Flask, stop: threading.Event) -> Iterator[set[str]]:
    """Outside effects have a thread for each queue: a silent mail server holds up nothing else.

    Answers the names of their receivers; at the end of the block they are waited for.
    """
    outside: dict[str | None, set[str]] = defaultdict(set)
    for each in RECEIVERS.values():
        if each.effect == "external":
            outside[each.queue].add(each.name)
    asides = [
        threading.Thread(target=_poll_some, args=(app, stop), kwargs={"only": names}, name=f"outside-{queue}")
        for queue, names in outside.items()
    ]
    for aside in asides:
        aside.start()
    try:
        yield set().union(*outside.values())
    finally:
        stop.set()
        for aside in asides:
            aside.join()


def _poll_some(
    app: Flask, stop: threading.Event, *, only: set[str] | None = None, without: set[str] | None = None
) -> None:
    while not stop.is_set():
        try:
            with app.app_context():
                rings = tick(CLAIM, only=only, without=without)
                run(rings, stop)
        except Exception:
            log.exception("the worker stumbled")
            rings = []
        if not rings:
            stop.wait(app.config["EVENTS_POLL"])


def run(rings: Iterable[Ring], stop: threading.Event | None = None) -> None:
    """Runs the deliveries here, one after the other; fresh ones of a batched receiver together, behind the others.

    One that cannot be run keeps none of the others from running.
    """
    batched = set()
    for ring in rings:
        if stop is not None and stop.is_set():
            return
        receiver = RECEIVERS[ring.receiver]
        if receiver.batch and ring.fresh:
            batched.add(ring.receiver)
        else:
            with _time_limit(receiver.timeout):
                deliver_or_leave(ring)
    for name in sorted(batched):
        drain(name)


def _time_limit(seconds: float) -> UnixSignalDeathPenalty | nullcontext[None]:
    """Signals reach the main thread only; outside effects bring their own time limits."""
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    return UnixSignalDeathPenalty(int(seconds), JobTimeoutException)  # type: ignore[no-untyped-call]


def _keep_house(app: Flask, stop: threading.Event) -> None:
    """Says that this worker lives, and tidies up, once an hour."""
    next_tidy = clock.now()
    while True:
        try:
            with app.app_context():
                _beat()
                if clock.now() >= next_tidy:
                    tidy()
                    next_tidy = clock.now() + timedelta(seconds=TIDY_SECONDS)
        except Exception:
            log.exception("housekeeping stumbled")
        if stop.wait(BEAT_SECONDS):
            return


def _name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _beat() -> None:
    with transaction() as session:
        session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < clock.now() - timedelta(minutes=5)))
        session.merge(WorkerBeat(name=_name(), seen_at=clock.now()))


def _forget_beat(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(delete(WorkerBeat).where(WorkerBeat.name == _name()))
