"""Reads: what happened, what waits, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.core import clock
from app.core.db import db
from app.events.models import DeliveryStatus, ReceiverTotal, StoredDelivery, StoredEvent, WorkerBeat
from app.events.outbox import INLINE

PAGE = 50
ENOUGH = 20
LARGEST_SEQ = 2**63 - 1
"""A larger number cannot even be asked for."""


@dataclass(frozen=True)
class EventFilter:
    """Every field that is set must match; `before` is the seq to page on from.

    `person` is somebody whom the fact is about, or who has done it.
    """

    name: str | None = None
    aggregate_type: str | None = None
    aggregate_id: str | None = None
    actor_id: int | None = None
    person: int | None = None
    before: int | None = None


def stream(wanted: EventFilter) -> list[StoredEvent]:
    """The newest facts first, a page of them and one more if there is a further page."""
    query = select(StoredEvent)
    for field in ("name", "aggregate_type", "aggregate_id", "actor_id"):
        value = getattr(wanted, field)
        if value is not None:
            query = query.where(getattr(StoredEvent, field) == value)
    if wanted.person is not None:
        query = query.where(or_(StoredEvent.subject_id == wanted.person, StoredEvent.actor_id == wanted.person))
    if wanted.before is not None:
        query = query.where(StoredEvent.seq < min(wanted.before, LARGEST_SEQ))
    return list(db.session.scalars(query.order_by(StoredEvent.seq.desc()).limit(PAGE + 1)))


def event_by_id(event_id: UUID) -> StoredEvent | None:
    return db.session.scalar(select(StoredEvent).where(StoredEvent.id == event_id))


def causes_of(events: Sequence[StoredEvent]) -> dict[UUID, StoredEvent]:
    """The facts that led to these, by their id, in one statement."""
    wanted = {each.causation_id for each in events if each.causation_id}
    found = db.session.scalars(select(StoredEvent).where(StoredEvent.id.in_(wanted))) if wanted else ()
    return {each.id: each for each in found}


def deliveries_of(event_id: UUID) -> Sequence[StoredDelivery]:
    """The reactions to one fact, in the order in which they became due."""
    return db.session.scalars(
        select(StoredDelivery)
        .where(StoredDelivery.event_id == event_id)
        .order_by(StoredDelivery.available_at, StoredDelivery.receiver)
    ).all()


def chain_of(event: StoredEvent) -> Sequence[StoredEvent]:
    """Everything that the same first fact led to, this one included, oldest first."""
    return db.session.scalars(
        select(StoredEvent)
        .where(StoredEvent.correlation_id == event.correlation_id)
        .order_by(StoredEvent.seq)
        .limit(200)
    ).all()


@dataclass(frozen=True)
class QueueDepth:
    queue: str
    waiting: int
    oldest: datetime | None


def depths() -> list[QueueDepth]:
    """What is due in each queue; timers and pauses between tries do not count."""
    present = clock.now()
    rows = db.session.execute(
        select(StoredDelivery.queue, func.count(), func.min(StoredDelivery.available_at))
        .where(
            StoredDelivery.due_at.is_not(None),
            StoredDelivery.available_at <= present,
            or_(StoredDelivery.attempts == 0, StoredDelivery.due_at <= present),
        )
        .group_by(StoredDelivery.queue)
        .order_by(StoredDelivery.queue)
    )
    return [QueueDepth(*row) for row in rows]


LISTED = 200
"""Given-up deliveries in a list."""


def failed(receiver: str | None = None) -> Sequence[Any]:
    """The newest given-up deliveries with their facts, the newest first."""
    query = (
        select(StoredDelivery, StoredEvent)
        .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
        .where(*_given_up(receiver))
    )
    return db.session.execute(query.order_by(StoredDelivery.finished_at.desc()).limit(LISTED)).all()


def failed_count(receiver: str | None = None) -> int:
    return db.session.scalar(select(func.count()).select_from(StoredDelivery).where(*_given_up(receiver))) or 0


def _given_up(receiver: str | None) -> list[ColumnElement[bool]]:
    found = [StoredDelivery.status == DeliveryStatus.FAILED]
    return found if receiver is None else [*found, StoredDelivery.receiver == receiver]


def workers(within: timedelta = timedelta(seconds=30)) -> list[str]:
    """The names of the workers that were alive a moment ago."""
    return list(db.session.scalars(select(WorkerBeat.name).where(WorkerBeat.seen_at >= clock.now() - within)))


@dataclass(frozen=True)
class ReceiverCount:
    receiver: str
    delivered: int
    failed_attempts: int
    given_up: int
    duration_ms: float


def receiver_counts() -> list[ReceiverCount]:
    """How each receiver has fared since the beginning: the rows that are kept, plus `receiver_totals`."""
    done = StoredDelivery.status == DeliveryStatus.DONE
    given_up = StoredDelivery.status.in_([DeliveryStatus.FAILED, DeliveryStatus.DISCARDED])
    rows = db.session.execute(
        select(
            StoredDelivery.receiver,
            func.sum(case((done, 1), else_=0)),
            func.sum(case((done, StoredDelivery.attempts - 1), else_=StoredDelivery.attempts)),
            func.sum(case((given_up, 1), else_=0)),
            func.coalesce(func.sum(StoredDelivery.duration_ms), 0.0),
        ).group_by(StoredDelivery.receiver)
    )
    kept = {row[0]: row for row in rows}
    totals = {total.receiver: total for total in db.session.scalars(select(ReceiverTotal))}
    counts = []
    for name in sorted(kept.keys() | totals.keys()):
        _, delivered, failed_attempts, lost, duration = kept.get(name, (name, 0, 0, 0, 0.0))
        total = totals.get(name)
        counts.append(
            ReceiverCount(
                receiver=name,
                delivered=int(delivered) + (total.delivered if total else 0),
                failed_attempts=int(failed_attempts) + (total.failed_attempts if total else 0),
                given_up=int(lost) + (total.given_up if total else 0),
                duration_ms=float(duration) + (total.duration_ms if total else 0),
            )
        )
    return counts


@dataclass(frozen=True)
class Recent:
    """How deliveries have fared that were finished a moment ago.

    `retried` needed more than one attempt. `inline_ms`: 95 of 100 reactions that a page waits for took no longer.
    Shares and percentiles of a handful say nothing: below `ENOUGH` there is no alarm.
    """

    finished: int
    given_up: int
    retried: int
    inline: int
    inline_ms: float

    @property
    def fails_often(self) -> bool:
        return self.given_up > 10

    @property
    def retries_often(self) -> bool:
        return self.finished >= ENOUGH and self.retried / self.finished > 0.05

    @property
    def is_slow(self) -> bool:
        return self.inline >= ENOUGH and self.inline_ms > 100


def recent(within: timedelta = timedelta(minutes=5)) -> Recent:
    """Two statements, over what was finished within these minutes."""
    known = StoredDelivery.status != DeliveryStatus.DISCARDED
    lately = and_(StoredDelivery.finished_at >= clock.now() - within, known)
    done_inline = (lately, StoredDelivery.queue == INLINE, StoredDelivery.status == DeliveryStatus.DONE)
    finished, given_up, retried, inline = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((StoredDelivery.status == DeliveryStatus.FAILED, 1), else_=0)), 0),
            func.coalesce(func.sum(case((StoredDelivery.attempts > 1, 1), else_=0)), 0),
            func.coalesce(func.sum(case((and_(*done_inline), 1), else_=0)), 0),
        ).where(lately)
    ).one()
    slowest = select(StoredDelivery.duration_ms).where(*done_inline).order_by(StoredDelivery.duration_ms.desc())
    p95 = db.session.scalar(slowest.offset(int(inline) // 20).limit(1)) if inline else 0.0
    return Recent(finished, int(given_up), int(retried), int(inline), p95 or 0.0)
