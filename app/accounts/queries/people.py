"""Reads of people for those who look after them: the list, one person's access. Learners are never shown either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from app.accounts.models import Role, TwoFactor, User, UserSession, UserStatus
from app.accounts.queries import SESSION_LIFE
from app.core.clock import now
from app.core.db import db

PAGE = 50
LAST_PAGE = 100_000
MAX_ID = 2**31 - 1
_WORDS = 8
"""Of a search; more are not looked at."""


class Tab(StrEnum):
    ALL = "semua"
    LEARNERS = "peserta"
    STAFF = "staf"
    SUSPENDED = "nonaktif"
    NEW = "belum-masuk"
    """Who may sign in and never did, or has not yet replaced the first password."""


SORTS: dict[str, Any] = {
    "nama": func.lower(User.name),
    "bergabung": User.created_at,
    "terlihat": User.last_seen_at,
}
"""What the list can be sorted by."""


@dataclass(frozen=True)
class PeopleFilter:
    """Every word of `text` must occur in the name, the email or the user name."""

    text: str = ""
    tab: Tab = Tab.ALL
    sort: str = "nama"
    descending: bool = False


class Access(NamedTuple):
    """How a person signs in. `sessions` are the browsers in which the person still is."""

    two_factor_since: datetime | None
    sessions: int
    last_session_at: datetime | None


def people_counts(text: str) -> dict[Tab, int]:
    """How many people each tab would show for that search. One statement."""
    tabs = list(Tab)
    row = db.session.execute(select(*(func.count().filter(_in(tab)) for tab in tabs)).where(*_matches(text))).one()
    return dict(zip(tabs, row, strict=True))


def people_page(wanted: PeopleFilter, page: int = 1) -> Sequence[User]:
    """Fifty people of the list, counted from page 1. One statement."""
    start = (max(1, min(page, LAST_PAGE)) - 1) * PAGE
    return db.session.scalars(
        select(User).where(*_conditions(wanted)).order_by(*_order(wanted)).offset(start).limit(PAGE)
    ).all()


def people_rows(wanted: PeopleFilter) -> Sequence[Row[Any]]:
    """The whole list as plain columns, for an export. One statement."""
    columns = (User.name, User.email, User.username, User.role, User.status, User.created_at, User.last_seen_at)
    return db.session.execute(select(*columns).where(*_conditions(wanted)).order_by(*_order(wanted))).all()


def person(user_id: int) -> User | None:
    """The person with that number."""
    return db.session.get(User, user_id) if user_id <= MAX_ID else None


def people_with(ids: Iterable[int]) -> Sequence[User]:
    """The persons with those numbers that there are, in the order of the numbers. One statement."""
    wanted = [each for each in ids if each <= MAX_ID]
    return db.session.scalars(select(User).where(User.id.in_(wanted)).order_by(User.id)).all()


def active_admins() -> Sequence[int]:
    """The ids of the admins who may sign in."""
    return db.session.scalars(
        select(User.id).where(User.role == Role.LMS_ADMIN, User.status == UserStatus.ACTIVE).order_by(User.id)
    ).all()


def access_of(user_id: int) -> Access:
    """The person's second step and living sessions. One statement."""
    living = and_(
        UserSession.user_id == user_id,
        UserSession.awaits_code.is_(False),
        UserSession.last_seen_at > now() - SESSION_LIFE,
    )
    confirmed = select(TwoFactor.confirmed_at).where(TwoFactor.user_id == user_id).scalar_subquery()
    return Access(
        *db.session.execute(select(confirmed, func.count(), func.max(UserSession.last_seen_at)).where(living)).one()
    )


def _conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    return [*_matches(wanted.text), _in(wanted.tab)]


def _matches(text: str) -> list[ColumnElement[bool]]:
    columns = (User.name, User.email, User.username)
    return [or_(*(_has(column, word) for column in columns)) for word in text.split()[:_WORDS]]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII letters only: a word with others is looked for in every spelling.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(each, autoescape=True) for each in sorted(spellings)))


def _in(tab: Tab) -> ColumnElement[bool]:
    named = User.anonymized_at.is_(None)
    never = or_(User.last_seen_at.is_(None), User.initial_key.is_not(None))
    return {
        Tab.ALL: User.id.is_not(None),
        Tab.LEARNERS: and_(named, User.role == Role.LEARNER),
        Tab.STAFF: and_(named, User.role != Role.LEARNER),
        Tab.SUSPENDED: and_(named, User.status == UserStatus.SUSPENDED),
        Tab.NEW: and_(User.status == UserStatus.ACTIVE, never),
    }[tab]


def _order(wanted: PeopleFilter) -> tuple[Any, Any]:
    column = SORTS[wanted.sort]
    return (column.desc() if wanted.descending else column.asc()).nulls_last(), User.id
