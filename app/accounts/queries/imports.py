"""Reads of uploaded tables of people: what was uploaded, what its rows say, who of them still has a first password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from app.accounts.models import ImportRow, PeopleImport, Role, User, UserStatus, Verdict
from app.core.db import db
from app.events.models import Task

PAGE = 50
RECENT = 10
SLIPS_PAGE = 200
"""Slips in one go: 25 sheets."""
LAST_PAGE = 100_000

# What the import made of a row; before it, what the check said.
_STATE = func.coalesce(ImportRow.outcome, ImportRow.verdict)
_URGENT_FIRST = case({Verdict.ERROR: 0, Verdict.CHANGED: 1, Verdict.NEW: 2}, value=_STATE, else_=3)


class Upload(NamedTuple):
    """An uploaded table, who brought it, its import if that was begun, and the number of its rows."""

    table: PeopleImport
    uploader: User | None
    task: Task | None
    rows: int


class Slips(NamedTuple):
    """Those who still sign in with the first password, and those of the table who do not, with the reason."""

    people: Sequence[User]
    total: int
    without: Sequence[User]


def recent_uploads() -> list[Upload]:
    """The newest uploads first. One statement."""
    return [Upload(*row) for row in db.session.execute(_uploads().limit(RECENT))]


def upload(import_id: UUID) -> Upload | None:
    """The upload with that id. One statement."""
    row = db.session.execute(_uploads().where(PeopleImport.id == import_id)).one_or_none()
    return Upload(*row) if row else None


def row_counts(import_id: UUID) -> dict[Verdict, int]:
    """How many rows have each verdict, or outcome once they were imported. One statement."""
    counted = select(_STATE, func.count()).where(ImportRow.import_id == import_id).group_by(_STATE)
    found: dict[str, int] = dict(db.session.execute(counted).all())
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


def row_page(import_id: UUID, verdict: Verdict | None, page: int) -> Sequence[ImportRow]:
    """Fifty rows, those with faults first, counted from page 1. One statement."""
    conditions = [ImportRow.import_id == import_id, *([_STATE.in_([verdict])] if verdict else [])]
    start = (max(1, min(page, LAST_PAGE)) - 1) * PAGE
    wanted = select(ImportRow).where(*conditions).order_by(_URGENT_FIRST, ImportRow.line)
    return db.session.scalars(wanted.offset(start).limit(PAGE)).all()


def faulty_rows(import_id: UUID) -> Sequence[ImportRow]:
    """Every row that cannot be imported, in the order of the table. One statement."""
    wrong = select(ImportRow).where(ImportRow.import_id == import_id, _STATE == Verdict.ERROR)
    return db.session.scalars(wrong.order_by(ImportRow.line)).all()


def slip_count(import_id: UUID) -> int:
    """How many people of an imported table still sign in with the first password. One statement."""
    return db.session.scalar(select(func.count()).select_from(User).where(_of(import_id), _has_slip())) or 0


def slips_of(import_id: UUID, page: int) -> Slips:
    """A page of the people of an imported table, in its order; admins are left out altogether."""
    start = (max(1, min(page, LAST_PAGE)) - 1) * SLIPS_PAGE
    line = select(ImportRow.line).where(ImportRow.import_id == import_id, ImportRow.user_id == User.id).limit(1)
    ours = select(User).where(_of(import_id), User.role != Role.LMS_ADMIN).order_by(line.scalar_subquery())
    people = db.session.scalars(ours.where(_has_slip()).offset(start).limit(SLIPS_PAGE)).all()
    return Slips(people, slip_count(import_id), db.session.scalars(ours.where(~_has_slip())).all())


def may_have_slip(user: User) -> bool:
    """Nothing is ever printed for admins, nor for who has no name any more."""
    return not user.is_admin and user.anonymized_at is None


def has_slip(user: User) -> bool:
    """Whether there is a first password to be printed for the person, who may sign in with it."""
    return bool(user.initial_key) and user.status == UserStatus.ACTIVE and may_have_slip(user)


def _has_slip() -> ColumnElement[bool]:
    return and_(
        User.initial_key.is_not(None),
        User.status == UserStatus.ACTIVE,
        User.role != Role.LMS_ADMIN,
        User.anonymized_at.is_(None),
    )


def _of(import_id: UUID) -> ColumnElement[bool]:
    imported = ImportRow.outcome.is_not(None), ImportRow.user_id.is_not(None), ImportRow.outcome != Verdict.ERROR
    return User.id.in_(select(ImportRow.user_id).where(ImportRow.import_id == import_id, *imported))


def _uploads() -> Any:
    rows = select(func.count()).where(ImportRow.import_id == PeopleImport.id).scalar_subquery()
    return (
        select(PeopleImport, User, Task, rows)
        .outerjoin(User, User.id == PeopleImport.uploaded_by)
        .outerjoin(Task, Task.id == PeopleImport.task_id)
        .order_by(PeopleImport.created_at.desc(), PeopleImport.id)
    )
