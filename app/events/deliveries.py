"""Running one reaction: `db` effects exactly once, `external` ones at least once, with a stable key."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from blinker import Signal
from flask import current_app
from sqlalchemy import Row, Update, bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db, transaction
from app.events.facts import RecordedEvent
from app.events.failures import state_failure
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.events.outbox import Ring, handling
from app.events.rates import wait_for_turn
from app.events.registry import RECEIVERS, Receiver
from app.events.steps import step

log = logging.getLogger(__name__)

LEASE_GRACE = 5
"""Seconds between a receiver's timeout and the moment when the relay takes the delivery back."""


failing: Signal = Signal("Sent with the hold and the error when an attempt has failed, before that is recorded.")


class Superseded(RuntimeError):
    """Somebody else finished or took the delivery while it ran: what this run did is rolled back."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a receiver knows of its own run. `key` is the same on every attempt."""

    event_id: UUID
    receiver: str
    attempt: int
    record: RecordedEvent

    @property
    def key(self) -> str:
        return f"{self.event_id.hex}-{self.receiver}"


class Hold(NamedTuple):
    """A run's claim on its delivery: the state of the row that every later UPDATE demands, which fences out others."""

    event_id: UUID
    receiver: Receiver
    status: DeliveryStatus
    attempts: int
    attempt: int

    def change(self, session: Session, **values: Any) -> bool:
        """Gives the row these values if it is still as it was claimed; whether it was."""
        claim = {
            "held_event": self.event_id,
            "held_receiver": self.receiver.name,
            "held_status": self.status,
            "held_attempts": self.attempts,
        }
        return bool(session.connection().execute(_CHANGE_HELD, claim | values).rowcount)


# Built once, since building a statement costs more than running it. The values of the UPDATE are its other parameters.
_CHANGE_HELD = update(StoredDelivery.__table__).where(  # type: ignore[arg-type]
    StoredDelivery.event_id == bindparam("held_event"),
    StoredDelivery.receiver == bindparam("held_receiver"),
    StoredDelivery.status == bindparam("held_status"),
    StoredDelivery.attempts == bindparam("held_attempts"),
)


def changed(session: Any, statement: Update) -> bool:
    """Runs the UPDATE; whether it met a row."""
    return bool(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)


def deliver(ring: Ring) -> None:
    """Runs the delivery in an app context of its own; a stale ring does nothing.

    Whatever the receiver raises is contained: the delivery waits for its next try, or is given up after the last.
    """
    receiver = RECEIVERS.get(ring.receiver)
    if receiver is None:
        log.error("no receiver is called %s: its delivery of %s waits", ring.receiver, ring.event_id)
        return
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        step("delivery.begun")
        hold = _take(ring, receiver)
        if hold is None:
            return
        try:
            _run(hold)
        except Superseded:
            log.info("%s of %s was finished elsewhere", receiver.name, ring.event_id)
        except Exception as error:
            log.exception(
                "%s failed on %s, attempt %d of %d", receiver.name, ring.event_id, hold.attempt, receiver.tries
            )
            step("delivery.failing")
            failing.send(hold, error=error)
            record_failure(hold, error)
            step("delivery.failed")


def deliver_or_leave(ring: Ring) -> None:
    """`deliver` for those who have more to do: whatever fails, even the book-keeping, is left to the relay."""
    try:
        deliver(ring)
    except Exception:
        log.exception("%s could not be run on %s", ring.receiver, ring.event_id)


def _take(ring: Ring, receiver: Receiver) -> Hold | None:
    """A hold on the delivery; None when it is not to run now.

    The start is made durable, by a commit of its own, where a dying process must be counted: for an outside effect
    and for whatever was sent before. A fresh `db` delivery needs none; dying undoes it.
    """
    waiting = Hold(ring.event_id, receiver, DeliveryStatus.PENDING, ring.attempts, ring.attempts + 1)
    if ring.fresh and receiver.effect == "db" and receiver.rate is None:
        return waiting
    leased = waiting._replace(status=DeliveryStatus.RUNNING, attempts=waiting.attempt)
    with transaction() as session:
        until = clock.now() + timedelta(seconds=receiver.timeout + LEASE_GRACE)
        if not waiting.change(session, status=leased.status, attempts=leased.attempts, due_at=until):
            return None
        turn = wait_for_turn(receiver)
        if turn is not None:
            leased.change(session, status=waiting.status, attempts=waiting.attempts, available_at=turn, due_at=turn)
            return None
    step("delivery.leased")
    return leased


def _run(hold: Hold) -> None:
    started = time.perf_counter()
    if hold.receiver.effect == "external":
        found = _find(hold)
        db.session.rollback()
        if found is None:
            return
        _call(hold, found)
        with transaction() as session:
            _mark_done(session, hold, started)
    else:
        with transaction() as session:
            found = _find(hold, lock=True)
            if found is None:
                return
            _call(hold, found)
            _mark_done(session, hold, started)
    step("delivery.done")


EVENT_COLUMNS = (
    StoredEvent.id,
    StoredEvent.name,
    StoredEvent.version,
    StoredEvent.aggregate_type,
    StoredEvent.aggregate_id,
    StoredEvent.actor_id,
    StoredEvent.actor_type,
    StoredEvent.occurred_at,
    StoredEvent.correlation_id,
    StoredEvent.causation_id,
    StoredEvent.payload,
)
"""In the order of `RecordedEvent`'s fields."""

_SELECT = (
    select(StoredDelivery.status, StoredDelivery.attempts, *EVENT_COLUMNS)
    .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
    .where(StoredDelivery.event_id == bindparam("event_id"), StoredDelivery.receiver == bindparam("receiver"))
)
"""The state of a delivery, beside the fact that it is about."""
_SELECT_LOCKED = _SELECT.with_for_update(of=StoredDelivery)


def _find(hold: Hold, *, lock: bool = False) -> RecordedEvent | None:
    key = {"event_id": hold.event_id, "receiver": hold.receiver.name}
    row = db.session.connection().execute(_SELECT_LOCKED if lock else _SELECT, key).one_or_none()
    if row is None or (row.status, row.attempts) != (hold.status, hold.attempts):
        return None
    return recorded(row[2:])


def recorded(row: Row[Any] | tuple[Any, ...]) -> RecordedEvent:
    """The fact of a row of `EVENT_COLUMNS`."""
    return RecordedEvent(*row)


@contextmanager
def handles(record: RecordedEvent) -> Iterator[None]:
    """Inside the block, what is stated is caused by this fact."""
    token = handling.set(record)
    try:
        yield
    finally:
        handling.reset(token)


def _call(hold: Hold, record: RecordedEvent) -> None:
    receiver = hold.receiver
    with handles(record):
        if receiver.batch:
            receiver.call([record])
        else:
            receiver.call(record.fact, Delivery(record.event_id, receiver.name, hold.attempt, record))
    step("delivery.effected")


def _mark_done(session: Any, hold: Hold, started: float) -> None:
    done = hold.change(
        session,
        status=DeliveryStatus.DONE,
        attempts=hold.attempt,
        due_at=None,
        finished_at=clock.now(),
        duration_ms=(time.perf_counter() - started) * 1000,
    )
    if not done:
        raise Superseded
    step("delivery.marked")


def record_failure(hold: Hold, error: BaseException | str) -> None:
    """Notes the failed attempt: the delivery waits for its next try, or is given up after the last."""
    receiver = hold.receiver
    reason = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    last = hold.attempt >= receiver.tries
    with transaction() as session:
        noted = hold.change(
            session,
            status=DeliveryStatus.FAILED if last else DeliveryStatus.PENDING,
            attempts=hold.attempt,
            due_at=None if last else clock.now() + timedelta(seconds=receiver.pause(hold.attempt)),
            finished_at=clock.now() if last else None,
            last_error=reason[:2000],
        )
        if noted and last:
            _give_up(hold, reason)


def _give_up(hold: Hold, reason: str) -> None:
    """The `failed=` hook and the fact, in the transaction that gives up. A hook that fails is undone and logged."""
    key = {"event_id": hold.event_id, "receiver": hold.receiver.name}
    record = recorded(db.session.connection().execute(_SELECT, key).one()[2:])
    with handles(record):
        if hold.receiver.failed is not None:
            try:
                with db.session.begin_nested():
                    delivery = Delivery(record.event_id, hold.receiver.name, hold.attempt, record)
                    hold.receiver.failed(record.fact, delivery)
            except Exception:
                log.exception("the failed= hook of %s failed", hold.receiver.name)
        if record.event_name != "action.failed":
            state_failure(hold.receiver.name, reason.partition(":")[0])
