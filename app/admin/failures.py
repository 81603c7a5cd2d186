"""Given-up work, grouped by what should have been done and why it failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.admin.causes import Cause, cause_of, error_class
from app.core.db import db
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent

SHOWN = 10
"""Jobs of one group on the page."""


class Job(NamedTuple):
    delivery: StoredDelivery
    event: StoredEvent

    @property
    def is_failed(self) -> bool:
        return self.delivery.status == DeliveryStatus.FAILED

    @property
    def person_id(self) -> int | None:
        """Whom it concerns: the person in the fact, else the one who caused it."""
        concerned: int | None = self.event.payload.get("user_id", self.event.actor_id)
        return concerned


@dataclass
class Group:
    """All failed deliveries of one receiver with one class of error; `jobs` are the newest of them."""

    receiver: str
    error: str
    count: int
    jobs: list[Job] = field(default_factory=list)

    @property
    def example(self) -> str:
        return self.jobs[0].delivery.last_error or ""

    @property
    def cause(self) -> Cause:
        return cause_of(self.example)


def failed_groups() -> list[Group]:
    """The groups, the one with the newest failure first. One statement, however many jobs there are."""
    alike = {"partition_by": (StoredDelivery.receiver, _class_of(StoredDelivery.last_error))}
    newest_first = (StoredDelivery.finished_at.desc(), StoredDelivery.event_id.desc())
    place = func.row_number().over(**alike, order_by=newest_first)
    ranked = (
        select(
            StoredDelivery.event_id,
            StoredDelivery.receiver,
            place.label("place"),
            func.count().over(**alike).label("count"),
        )
        .where(StoredDelivery.status == DeliveryStatus.FAILED)
        .subquery()
    )
    rows = db.session.execute(
        select(StoredDelivery, StoredEvent, ranked.c.count)
        .join(
            ranked,
            and_(StoredDelivery.event_id == ranked.c.event_id, StoredDelivery.receiver == ranked.c.receiver),
        )
        .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
        .where(ranked.c.place <= SHOWN)
        .order_by(*newest_first)
    )
    groups: dict[tuple[str, str], Group] = {}
    for delivery, event, count in rows:
        key = delivery.receiver, error_class(delivery.last_error)
        groups.setdefault(key, Group(*key, count)).jobs.append(Job(delivery, event))
    return list(groups.values())


def _class_of(error: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """`error_class` in SQL."""
    text = func.coalesce(error, "") + ":"
    place = func.strpos if db.session.get_bind().dialect.name == "postgresql" else func.instr
    return func.substr(text, 1, place(text, ":") - 1)


def job(event_id: UUID, receiver: str) -> Job | None:
    """A delivery, failed or not, with its fact."""
    row = db.session.execute(
        select(StoredDelivery, StoredEvent)
        .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
        .where(StoredDelivery.event_id == event_id, StoredDelivery.receiver == receiver)
    ).one_or_none()
    return Job(*row) if row else None
