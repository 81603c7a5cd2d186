"""What the dashboard counts and watches, and who the people behind the ids are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import case, func, select, union

from app.accounts.models import Role, User, UserSession
from app.accounts.queries import user_by_login
from app.core import mail
from app.core.clock import now
from app.core.db import db
from app.core.i18n import local_day, zone
from app.core.settings import Institution, institution
from app.core.storage.local import free_space
from app.courses.models import Course
from app.events.models import AuditEntry, AuditHead, StoredEvent
from app.events.queries import QueueDepth, Recent, depths, failed_count, recent, workers
from app.events.registry import RECEIVERS

DAYS = 14
"""Of the chart. Since it ends today, it holds this week and the whole of the last."""
ENROLLED, COMPLETED, CERTIFIED = "enrollment.created", "lesson.completed", "certificate.issued"
MAX_ID = 2**31 - 1


class Week(NamedTuple):
    """A count since Monday, and that of the whole week before."""

    this: int
    last: int


class Day(NamedTuple):
    date: date
    lessons: int


@dataclass(frozen=True)
class Activity:
    """What learners did lately, by the reader's calendar."""

    active_learners: int
    enrolled: Week
    completed: Week
    certified: Week
    days: list[Day]


class ChainEnd(NamedTuple):
    """The audit log has `seq` rows by its head; `holds` while its last row is the one that the head names."""

    seq: int
    holds: bool


@dataclass(frozen=True)
class Health:
    """How the parts are that nobody sees. `errors` are the unexpected ones of pages, in the last 24 hours."""

    mode: str
    uses_redis: bool
    workers: list[str]
    queues: list[QueueDepth]
    failed: int
    chain: ChainEnd
    has_mail_server: bool
    errors: int
    recent: Recent
    free_bytes: int

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.queues)

    @property
    def oldest(self) -> datetime | None:
        return min((each.oldest for each in self.queues if each.oldest), default=None)


def activity() -> Activity:
    """Two statements, however much has happened."""
    today = local_day(now())
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    counts = _counts_by_day(days)
    monday = today - timedelta(days=today.weekday())

    def week(name: str) -> Week:
        return Week(
            sum(counts.get((name, day), 0) for day in days if day >= monday),
            sum(counts.get((name, day), 0) for day in days if monday - timedelta(days=7) <= day < monday),
        )

    return Activity(
        active_learners=_active_learners(now() - timedelta(days=7)),
        enrolled=week(ENROLLED),
        completed=week(COMPLETED),
        certified=week(CERTIFIED),
        days=[Day(day, counts.get((COMPLETED, day), 0)) for day in days],
    )


def _counts_by_day(days: list[date]) -> dict[tuple[str, date], int]:
    starts = [datetime.combine(day, time.min, zone()) for day in days]
    bucket = case(
        *((StoredEvent.occurred_at < end, place) for place, end in enumerate(starts[1:])), else_=len(days) - 1
    ).label("place")
    rows = db.session.execute(
        select(StoredEvent.name, bucket, func.count())
        .where(StoredEvent.name.in_((ENROLLED, COMPLETED, CERTIFIED)), StoredEvent.occurred_at >= starts[0])
        .group_by(StoredEvent.name, "place")
    )
    return {(name, days[place]): count for name, place, count in rows}


def _active_learners(since: datetime) -> int:
    """Learners who were seen, or signed in, or completed a lesson: who signs out leaves no session behind."""
    seen = select(UserSession.user_id).where(UserSession.last_seen_at >= since)
    acted = select(StoredEvent.actor_id).where(
        StoredEvent.name.in_(("session.started", COMPLETED)), StoredEvent.occurred_at >= since
    )
    learners = select(func.count()).where(User.role == Role.LEARNER, User.id.in_(union(seen, acted)))
    return db.session.scalars(learners).one()


def health() -> Health:
    kernel = current_app.extensions["events"]
    return Health(
        mode=kernel.mode,
        uses_redis=kernel.transport.rings,
        workers=workers(),
        queues=depths(),
        failed=failed_count(),
        chain=chain_end(),
        has_mail_server=mail.is_configured(),
        errors=_page_errors(now() - timedelta(hours=24)),
        recent=recent(),
        free_bytes=free_space(),
    )


def chain_end() -> ChainEnd:
    """Whether the audit log ends where its head says; the whole chain is `events.audit.verify`'s business."""
    row = db.session.execute(
        select(AuditHead.seq, AuditHead.hash, AuditEntry.hash.label("found"))
        .outerjoin(AuditEntry, AuditEntry.seq == AuditHead.seq)
        .where(AuditHead.id == 1)
    ).one()
    beyond = db.session.scalar(select(AuditEntry.seq).where(AuditEntry.seq > row.seq).limit(1))
    return ChainEnd(row.seq, beyond is None and (row.seq == 0 or row.found == row.hash))


def _page_errors(since: datetime) -> int:
    failures = select(func.count()).where(
        StoredEvent.name == "action.failed",
        StoredEvent.occurred_at >= since,
        StoredEvent.aggregate_id.not_in(RECEIVERS),
    )
    return db.session.scalars(failures).one()


def fresh_institution() -> Institution:
    """The institution as it is now: another process may have changed it within the seconds that a page keeps it."""
    current_app.extensions.pop("institution", None)
    return institution()


def people(ids: Iterable[int | None]) -> dict[int, User]:
    """The persons with those ids, in one statement; none when there is no id."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(wanted)))}


def course_titles(ids: Iterable[str]) -> dict[str, str]:
    """The titles of the courses with those numbers, as facts name them, in one statement; none when there is none."""
    wanted = {int(each) for each in ids if each.isdecimal() and int(each) <= MAX_ID}
    if not wanted:
        return {}
    rows = db.session.execute(select(Course.id, Course.title).where(Course.id.in_(wanted)))
    return {str(number): title for number, title in rows}


def find_person(typed: str) -> User | None:
    """The person with that email, user name or number, whichever fits first."""
    found = user_by_login(typed)
    if found is None and typed.isdecimal() and int(typed) <= MAX_ID:
        found = db.session.get(User, int(typed))
    return found
