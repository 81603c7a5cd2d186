"""A reaction happens once, fails with a next try, is given up after the last, and never blocks another."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Refused
from app.events import emit
from app.events.actions import DeliveryRetried, discard, retry
from app.events.deliveries import deliver
from app.events.failures import ActionFailed
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.events.outbox import Ring
from app.events.relay import tick
from app.events.worker import run
from tests.events.sample import Followed, Happened, Mailed, Throttled, Timed, happen, noted
from tests.facts import assert_logged, assert_stated, drain_all, stated


def delivery(receiver: str) -> StoredDelivery:
    db.session.rollback()
    return db.session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == receiver)).one()


def work_at(moment: datetime) -> None:
    """One look of the worker, at that moment."""
    with clock.at(moment):
        run(tick(100))


def test_an_inline_receiver_has_run_when_the_action_returns(app: Flask) -> None:
    happen(1)
    assert "inline-1" in noted()
    assert delivery("sample_inline").status == DeliveryStatus.DONE


def test_an_inline_receiver_that_raises_does_not_break_the_action(app: Flask) -> None:
    happen(1, note="raise inline")
    assert noted() == {"did-1"}
    row = delivery("sample_inline")
    assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 1)
    assert row.last_error == "LookupError: as asked"
    assert stated(Followed) == []


def test_queued_receivers_wait_for_the_worker(app: Flask) -> None:
    happen(1)
    assert "queued-1" not in noted()
    drain_all()
    assert {"queued-1", "batch-1", "after-1"} <= noted()
    assert_logged(Happened)


def test_delivering_twice_has_one_effect(app: Flask) -> None:
    happen(1)
    row = delivery("sample_queued")
    ring = Ring(row.event_id, "sample_queued", 0, True)
    deliver(ring)
    deliver(ring)
    deliver(ring._replace(fresh=False))
    assert delivery("sample_queued").attempts == 1
    assert "queued-1" in noted()


def test_a_failing_receiver_is_tried_again_after_its_pauses_and_then_given_up_once(app: Flask) -> None:
    happen(1, note="raise")
    start = clock.now()
    run(tick(100))
    assert delivery("sample_queued").attempts == 1
    work_at(start + timedelta(seconds=5))
    assert delivery("sample_queued").attempts == 1, "too early for the second try"
    work_at(start + timedelta(seconds=12))
    assert delivery("sample_queued").attempts == 2
    work_at(start + timedelta(seconds=40))
    row = delivery("sample_queued")
    assert (row.status, row.attempts, row.due_at) == (DeliveryStatus.FAILED, 3, None)
    assert "given-up-1" in noted()
    assert_stated(ActionFailed, action="sample_queued", error="LookupError")


def test_a_failing_receiver_does_not_block_others(app: Flask) -> None:
    happen(1, note="raise")
    happen(2)
    drain_all(raising=False)
    assert {"queued-2", "batch-1", "batch-2", "after-1"} <= noted()


def test_one_that_cannot_even_begin_does_not_block_others(app: Flask) -> None:
    with transaction():
        emit(Throttled(sample_id=1))
    with clock.at(clock.now() + timedelta(seconds=1)):
        happen(2)
        rings = tick(100)
        names = [ring.receiver for ring in rings]
        assert names.index("sample_throttled") < names.index("sample_queued")
        run(rings)
    assert "queued-2" in noted()
    assert delivery("sample_throttled").status == DeliveryStatus.PENDING


def test_a_receiver_that_fails_once_succeeds_on_its_second_try(app: Flask) -> None:
    happen(1, note="raise once")
    start = clock.now()
    run(tick(100))
    assert "queued-1" not in noted()
    work_at(start + timedelta(seconds=12))
    assert "queued-1" in noted()
    assert delivery("sample_queued").status == DeliveryStatus.DONE


def test_a_stale_ring_burns_no_attempt(app: Flask) -> None:
    happen(1, note="raise")
    run(tick(100))
    row = delivery("sample_queued")
    deliver(Ring(row.event_id, "sample_queued", 0, False))
    assert delivery("sample_queued").attempts == 1


def test_a_retried_failure_has_all_its_tries_again(app: Flask) -> None:
    happen(1, note="raise")
    start = clock.now()
    for seconds in (1, 12, 40):
        work_at(start + timedelta(seconds=seconds))
    failed = delivery("sample_queued")
    later = start + timedelta(days=3)
    with clock.at(later):
        retry(failed.event_id, "sample_queued")
    again = delivery("sample_queued")
    assert (again.available_at, again.due_at, again.duration_ms) == (later, later, None)
    assert (delivery("sample_queued").status, delivery("sample_queued").attempts) == (DeliveryStatus.PENDING, 0)
    assert_stated(DeliveryRetried)
    with pytest.raises(Refused):
        retry(failed.event_id, "sample_queued")


def test_a_discarded_failure_needs_a_reason_and_stays_discarded(app: Flask) -> None:
    happen(1, note="raise")
    start = clock.now()
    for seconds in (1, 12, 40):
        work_at(start + timedelta(seconds=seconds))
    failed = delivery("sample_queued")
    with pytest.raises(Refused):
        discard(failed.event_id, "sample_queued", "  ")
    discard(failed.event_id, "sample_queued", "tidak perlu lagi")
    assert delivery("sample_queued").status == DeliveryStatus.DISCARDED


def test_an_outside_effect_has_a_stable_key_and_a_lease(app: Flask, tmp_path: Path) -> None:
    with transaction():
        emit(Mailed(sample_id=1, folder=str(tmp_path)))
    drain_all()
    row = delivery("sample_mail")
    assert (tmp_path / "sent").read_text() == f"{row.event_id.hex}-sample_mail\n"
    assert (row.status, row.attempts) == (DeliveryStatus.DONE, 1)


def test_a_worker_that_died_on_the_last_try_leaves_a_failed_delivery(app: Flask) -> None:
    happen(1)
    with transaction() as session:
        row = session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == "sample_queued")).one()
        row.status, row.attempts, row.due_at = DeliveryStatus.RUNNING, 3, clock.now()
    assert "sample_queued" not in {ring.receiver for ring in tick(100)}
    row = delivery("sample_queued")
    assert row.status == DeliveryStatus.FAILED
    assert (row.last_error or "").startswith("WorkerDied")
    assert "given-up-1" in noted()


def test_a_timer_waits_for_its_moment(app: Flask) -> None:
    moment = clock.now() + timedelta(hours=2)
    with transaction():
        emit(Timed(sample_id=1, moment=moment))
    drain_all()
    assert "timer-1" not in noted()
    with clock.at(moment + timedelta(seconds=1)):
        drain_all()
    assert "timer-1" in noted()


def test_a_rate_limited_delivery_waits_without_burning_an_attempt(app: Flask, tmp_path: Path) -> None:
    with clock.at(clock.now()):
        with transaction():
            for number in range(8):
                emit(Mailed(sample_id=number, folder=str(tmp_path)))
        run(tick(100))
        rated = {key for key in noted() if key.startswith("rated-")}
        assert len(rated) == 5, "the burst"
        waiting = db.session.scalars(
            select(StoredDelivery).where(StoredDelivery.receiver == "sample_rated", StoredDelivery.due_at.is_not(None))
        ).all()
        assert [row.attempts for row in waiting] == [0, 0, 0]
        assert len({row.due_at for row in waiting}) == 3, "each waits for its own turn"
    with clock.at(clock.now() + timedelta(seconds=10)):
        run(tick(100))
    assert len({key for key in noted() if key.startswith("rated-")}) == 8


def test_a_failing_batch_is_tried_row_by_row(app: Flask) -> None:
    for number in range(5):
        happen(number, note="raise in batch" if number == 2 else "")
    drain_all(raising=False)
    assert {f"batch-{number}" for number in (0, 1, 3, 4)} <= noted()
    assert "batch-2" not in noted()


def test_a_full_queue_is_drained_in_batches(app: Flask) -> None:
    for number in range(25):
        happen(number)
    drain_all()
    assert {f"batch-{number}" for number in range(25)} <= noted()


def test_ticks_when_nothing_is_due_write_nothing(app: Flask) -> None:
    happen(1)
    drain_all()
    before = db.session.scalars(select(StoredEvent.seq)).all()
    assert tick(100) == []
    assert db.session.scalars(select(StoredEvent.seq)).all() == before
