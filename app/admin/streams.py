"""Facts and audit rows, page by page, and how facts caused one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from app.accounts.models import User
from app.admin.queries import people
from app.core.db import db
from app.core.i18n import format_datetime
from app.events.facts import EVENTS
from app.events.models import AuditEntry, StoredEvent
from app.events.queries import PAGE, EventFilter, stream

EXPORT_STEP = 1000
LATEST = 6
ECHOES = ("delivery.retried", "notification.created", "progress.updated", "session.started", "state.transitioned")
"""Facts that stand beside another one, which says more, or that are stated all day."""


@dataclass(frozen=True)
class Page:
    """Rows, newest first, with the people in them; `older` is the seq to go on from, None on the last page."""

    rows: Sequence[Any] = ()
    people: dict[int, User] | None = None
    older: int | None = None


@dataclass(frozen=True)
class AuditFilter(EventFilter):
    severity: str | None = None


class Node(NamedTuple):
    """A fact and what it caused."""

    event: StoredEvent
    children: list[Node]


def event_page(wanted: EventFilter) -> Page:
    """A page of facts. Two statements."""
    return _page(stream(wanted))


def latest_page() -> Page:
    """The last few facts that say something by themselves. Two statements."""
    latest = select(StoredEvent).where(StoredEvent.name.not_in(ECHOES)).order_by(StoredEvent.seq.desc()).limit(LATEST)
    rows = db.session.scalars(latest).all()
    return Page(rows, _people_in(rows))


def audit_page(wanted: AuditFilter) -> Page:
    """A page of the audit log. Two statements."""
    return _page(db.session.scalars(_audit(wanted).limit(PAGE + 1)).all())


def audit_rows(wanted: AuditFilter) -> Iterator[tuple[AuditEntry, User | None]]:
    """The whole of what is wanted, newest first, beside the people, read in steps that keep memory small."""
    while True:
        rows = db.session.scalars(_audit(wanted).limit(EXPORT_STEP)).all()
        if not rows:
            return
        known = people(row.actor_id for row in rows)
        for row in rows:
            yield row, known.get(row.actor_id or 0)
        wanted = replace(wanted, before=rows[-1].seq)
        db.session.rollback()  # lets go of the snapshot, which would hold up SQLite's housekeeping


def things() -> list[str]:
    """Every type of thing that facts are about."""
    return sorted({kind.aggregate_type for kind in EVENTS.values() if kind.aggregate_type})


def content_of(event: StoredEvent) -> dict[str, Any]:
    """The fact's payload, its moments as the reader writes them."""
    moments = EVENTS[event.name].moments if event.name in EVENTS else frozenset()
    return {
        key: format_datetime(datetime.fromisoformat(value)) if key in moments and value else value
        for key, value in event.payload.items()
    }


def tree(events: Sequence[StoredEvent]) -> list[Node]:
    """The facts as causes with their effects; whose cause is not among them stands at the root."""
    known = {each.id for each in events}
    effects: dict[Any, list[StoredEvent]] = defaultdict(list)
    for each in events:
        effects[each.causation_id if each.causation_id in known else None].append(each)

    def grow(cause: Any) -> list[Node]:
        return [Node(each, grow(each.id)) for each in effects[cause]]

    return grow(None)


def _people_in(rows: Sequence[StoredEvent | AuditEntry]) -> dict[int, User]:
    """Who acted, and whom the rows are about. One statement."""
    contents = (row.payload if isinstance(row, StoredEvent) else row.details for row in rows)
    return people([*(row.actor_id for row in rows), *(each.get("user_id") for each in contents)])


def _page(rows: Sequence[Any]) -> Page:
    shown = rows[:PAGE]
    return Page(shown, _people_in(shown), shown[-1].seq if len(rows) > PAGE else None)


def _audit(wanted: AuditFilter) -> Select[Any]:
    conditions = {
        AuditEntry.event_name: wanted.name,
        AuditEntry.aggregate_type: wanted.aggregate_type,
        AuditEntry.aggregate_id: wanted.aggregate_id,
        AuditEntry.actor_id: wanted.actor_id,
        AuditEntry.severity: wanted.severity,
    }
    query = select(AuditEntry).where(*(column == value for column, value in conditions.items() if value is not None))
    if wanted.before is not None:
        query = query.where(AuditEntry.seq < wanted.before)
    return query.order_by(AuditEntry.seq.desc())
