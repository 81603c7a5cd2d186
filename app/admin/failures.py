"""Given-up work, grouped by what should have been done and why it failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from app.admin.causes import Cause, cause_of, error_class
from app.core.db import db
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.events.queries import failed

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
    example: str
    newest: datetime | None
    count: int = 0
    jobs: list[Job] = field(default_factory=list)

    @property
    def cause(self) -> Cause:
        return cause_of(self.example)


def failed_groups() -> list[Group]:
    """The groups, the one with the newest failure first. Two statements, however many jobs there are."""
    groups: dict[tuple[str, str], Group] = {}
    newest = func.max(StoredDelivery.finished_at)
    rows = db.session.execute(
        select(StoredDelivery.receiver, StoredDelivery.last_error, newest, func.count())
        .where(StoredDelivery.status == DeliveryStatus.FAILED)
        .group_by(StoredDelivery.receiver, StoredDelivery.last_error)
        .order_by(newest.desc())
    )
    for receiver, error, moment, count in rows:
        key = receiver, error_class(error)
        group = groups.setdefault(key, Group(*key, example=error or "", newest=moment))
        group.count += count
    for delivery, event in failed():
        found = groups.get((delivery.receiver, error_class(delivery.last_error)))
        if found is not None and len(found.jobs) < SHOWN:
            found.jobs.append(Job(delivery, event))
    return list(groups.values())


def job(event_id: UUID, receiver: str) -> Job | None:
    """A delivery, failed or not, with its fact."""
    row = db.session.execute(
        select(StoredDelivery, StoredEvent)
        .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
        .where(StoredDelivery.event_id == event_id, StoredDelivery.receiver == receiver)
    ).one_or_none()
    return Job(*row) if row else None
