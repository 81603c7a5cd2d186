"""What tests of facts need: what was stated, what is due now, what reached the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import select, update

from app.core import clock
from app.core.db import db, transaction
from app.events import deliveries
from app.events.facts import EVENTS, event_type
from app.events.models import AuditEntry, DeliveryStatus, StoredDelivery, StoredEvent
from app.events.relay import tick
from app.events.worker import run

T = TypeVar("T")


@contextmanager
def captured(*classes: type) -> Iterator[list[Any]]:
    """The facts (of those classes, or all) that leave inside the block, as typed facts."""
    seen: list[Any] = []

    def hear(_app: Any, *, event: Any, record: Any) -> None:
        seen.append(event)

    signals = [event_type(each).signal for each in classes] or [kind.signal for kind in EVENTS.values()]
    for signal in signals:
        signal.connect(hear)
    try:
        yield seen
    finally:
        for signal in signals:
            signal.disconnect(hear)


def drain_all(*, raising: bool = True) -> int:
    """Runs what is due now, until nothing is; answers how many were claimed. Raises what a receiver raised."""
    claimed = 0
    errors: list[BaseException] = []
    deliveries.failing.connect(collect := lambda _hold, error: errors.append(error))
    try:
        _hurry_inline()
        while rings := tick(500):
            claimed += len(rings)
            run(rings)
            _hurry_inline()
    finally:
        deliveries.failing.disconnect(collect)
        db.session.rollback()
    if errors and raising:
        raise errors[0]
    return claimed


def _hurry_inline() -> None:
    """Fresh deliveries that wait for a ring are due at once."""
    with transaction() as session:
        session.execute(
            update(StoredDelivery)
            .where(
                StoredDelivery.status == DeliveryStatus.PENDING,
                StoredDelivery.attempts == 0,
                StoredDelivery.available_at <= clock.now(),
            )
            .values(due_at=clock.now())
        )


def stated(cls: type[T], **fields: Any) -> list[T]:
    """The stored facts of the class whose payload has these values, oldest first."""
    kind = event_type(cls)
    rows = db.session.scalars(select(StoredEvent).where(StoredEvent.name == kind.name).order_by(StoredEvent.seq))
    facts = [kind.decode(row.payload) for row in rows]
    return [fact for fact in facts if all(getattr(fact, key) == value for key, value in fields.items())]


def assert_stated(cls: type, times: int = 1, **fields: Any) -> None:
    found = stated(cls, **fields)
    assert len(found) == times, f"{cls.__name__} {fields} was stated {len(found)} times, not {times}"


def assert_logged(cls: type, times: int = 1) -> None:
    """The audit log holds the fact that often."""
    name = event_type(cls).name
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.event_name == name)).all()
    assert len(found) == times, f"{name} stands {len(found)} times in the audit log, not {times}"
