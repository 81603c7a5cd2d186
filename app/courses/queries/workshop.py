"""The courses that a person works on, by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Course, CourseStatus, Lesson, Section

WORKSHOP_PAGE = 20
MAX_WORDS = 8

_DRAFT = Course.status == CourseStatus.DRAFT
WORKSHOP_TABS: dict[str, ColumnElement[bool]] = {
    "draft": _DRAFT & Course.submitted_at.is_(None),
    "submitted": _DRAFT & Course.submitted_at.is_not(None),
    "published": Course.status == CourseStatus.PUBLISHED,
    "archived": Course.status == CourseStatus.ARCHIVED,
}


@dataclass(frozen=True)
class WorkshopCourse:
    """A course as its authors find it. `lessons` counts what is living; `edited_at` is of the course or a lesson."""

    slug: str
    title: str
    status: str
    visibility: str
    submitted_at: datetime | None
    author: str
    learners: int
    lessons: int
    edited_at: datetime


@dataclass(frozen=True)
class WorkshopPage:
    """`counts` by tab, of all that the search finds; `page` counts from 1 and is never past `pages`."""

    tab: str
    courses: tuple[WorkshopCourse, ...]
    counts: dict[str, int]
    page: int
    pages: int


@dataclass(frozen=True)
class Requests:
    """How many courses wait for an admin to publish them, and since when the first of them."""

    count: int
    oldest: datetime | None


def publication_requests() -> Requests:
    """By one statement."""
    waiting = select(func.count(), func.min(Course.submitted_at)).where(WORKSHOP_TABS["submitted"])
    return Requests(*db.session.execute(waiting).one())


def workshop(author: User, *, tab: str | None = None, search: str = "", page: int = 1) -> WorkshopPage:
    """The courses that this person may work on, own ones, or for an admin everybody's, by two statements.

    `tab` is one of WORKSHOP_TABS, else the first in which there is something. Every word of `search` must stand in the
    title or in the author's name. Those that wait for an answer come in the order in which they were asked for, others
    by their last change.
    """
    conditions = [*_own(author), *_named(search)]
    counts = _counts(conditions)
    tab = tab or next((name for name, count in counts.items() if count), next(iter(counts)))
    pages = max(1, ceil(counts[tab] / WORKSHOP_PAGE))
    page = min(max(1, page), pages)
    return WorkshopPage(tab, _courses([*conditions, WORKSHOP_TABS[tab]], tab, page), counts, page, pages)


def _own(author: User) -> list[ColumnElement[bool]]:
    return [] if author.is_admin else [Course.owner_id == author.id]


def _named(search: str) -> list[ColumnElement[bool]]:
    words = search.split()[:MAX_WORDS]
    return [
        Course.title.icontains(word, autoescape=True) | User.name.icontains(word, autoescape=True) for word in words
    ]


def _counts(conditions: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    columns = (func.count(case((condition, 1))).label(tab) for tab, condition in WORKSHOP_TABS.items())
    row = db.session.execute(select(*columns).join(Course.owner).where(*conditions)).one()
    return dict(row._mapping)


def _courses(conditions: Sequence[ColumnElement[bool]], tab: str, page: int) -> tuple[WorkshopCourse, ...]:
    inside = (
        select(
            Section.course_id,
            func.count(Lesson.id).label("lessons"),
            func.max(Lesson.updated_at).label("edited_at"),
        )
        .join(Section.lessons)
        .group_by(Section.course_id)
        .subquery()
    )
    edited: Any = case((inside.c.edited_at > Course.updated_at, inside.c.edited_at), else_=Course.updated_at)
    order = (Course.submitted_at, Course.id) if tab == "submitted" else (edited.desc(), Course.id.desc())
    rows = db.session.execute(
        select(
            Course.slug,
            Course.title,
            Course.status,
            Course.visibility,
            Course.submitted_at,
            User.name,
            Course.active_enrollments_count + Course.completed_enrollments_count,
            func.coalesce(inside.c.lessons, 0),
            edited,
        )
        .join(Course.owner)
        .outerjoin(inside, inside.c.course_id == Course.id)
        .where(*conditions)
        .order_by(*order)
        .limit(WORKSHOP_PAGE)
        .offset((page - 1) * WORKSHOP_PAGE)
    )
    return tuple(WorkshopCourse(*row) for row in rows)
