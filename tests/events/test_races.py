"""Many threads at once: one effect, no lost act, no locked database."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.events import audit, emit
from app.events.deliveries import deliver
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import Ring
from app.events.relay import tick
from app.events.worker import run
from tests.events.queueing import deliveries
from tests.events.sample import Followed, Happened, Mailed, happen, noted
from tests.facts import assert_logged, assert_stated, drain_all

THREADS = 20


def at_once(app: Flask, task: Callable[[int], object]) -> list[BaseException]:
    """Runs the task in twenty threads that start together; answers what they raised."""
    gate = threading.Barrier(THREADS)
    raised: list[BaseException] = []

    def run_one(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                task(number)
            except Exception as error:  # noqa: BLE001 - the test looks at all of them
                raised.append(error)

    threads = [threading.Thread(target=run_one, args=(number,)) for number in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    return raised


@pytest.mark.parametrize("fresh", [True, False])
def test_a_delivery_that_twenty_threads_run_has_one_effect(app: Flask, fresh: bool) -> None:
    happen(1)
    (row,) = deliveries("sample_queued")
    ring = Ring(row.event_id, row.receiver, 0, fresh)
    assert at_once(app, lambda _number: deliver(ring)) == []
    (row,) = deliveries("sample_queued")
    assert (row.status, row.attempts, row.last_error) == (DeliveryStatus.DONE, 1, None)
    assert "queued-1" in noted()


def test_an_outside_effect_that_twenty_threads_run_happens_once(app: Flask, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with transaction():
        emit(Mailed(sample_id=1, folder=str(tmp_path)))
    (row,) = deliveries("sample_mail")
    assert at_once(app, lambda _number: deliver(Ring(row.event_id, row.receiver, 0, True))) == []
    assert (tmp_path / "sent").read_text() == f"{row.event_id.hex}-sample_mail\n"


def test_twenty_threads_that_act_at_once_all_succeed(app: Flask) -> None:
    assert at_once(app, lambda number: [happen(number * 10 + each) for each in range(5)]) == []
    assert {f"inline-{number * 10 + each}" for number in range(THREADS) for each in range(5)} <= noted()
    assert_stated(Happened, times=THREADS * 5)
    assert_stated(Followed, times=THREADS * 5)


def test_twenty_threads_that_empty_the_queue_do_everything_once(app: Flask) -> None:
    for number in range(60):
        happen(number)
    assert at_once(app, lambda _number: run(tick(7))) == []
    drain_all()
    assert {f"queued-{number}" for number in range(60)} <= noted()
    assert {f"batch-{number}" for number in range(60)} <= noted()
    failed = select(func.count()).select_from(StoredDelivery).where(StoredDelivery.last_error.is_not(None))
    assert db.session.scalar(failed) == 0
    assert_logged(Happened, times=60)
    assert audit.verify().broken_at is None
