"""The catalogue: what is listed for whom, searched, filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Category, Course, CourseStatus, Difficulty, Lesson, Section, Visibility

PAGE_SIZE = 12
MAX_WORDS = 8

SORTS: dict[str, tuple[Any, ...]] = {
    "newest": (Course.published_at.desc(), Course.id.desc()),
    "title": (func.lower(Course.title), Course.id),
    "popular": ((Course.active_enrollments_count + Course.completed_enrollments_count).desc(), Course.id.desc()),
}


@dataclass(frozen=True)
class CourseCard:
    """A course as it stands in a list. `lessons` and `minutes` count what is living."""

    id: int
    slug: str
    title: str
    short_description: str
    difficulty: str
    visibility: str
    teacher: str
    lessons: int
    minutes: int


@dataclass(frozen=True)
class CataloguePage:
    """`page` counts from 1 and is never past `pages`."""

    cards: tuple[CourseCard, ...]
    total: int
    page: int
    pages: int


def catalogue(
    viewer: User | None,
    *,
    entered: Collection[int] = (),
    search: str = "",
    difficulty: Difficulty | None = None,
    category: str | None = None,
    sort: str = "newest",
    page: int = 1,
) -> CataloguePage:
    """The published courses that the viewer may know of, by three statements.

    `entered` are the courses that the viewer is in: restricted ones are listed to them. Every word of `search` must
    stand in the title or a description; `%` and `_` are plain characters. `category` is a slug; `sort` one of SORTS.
    """
    conditions = [_listed(viewer, entered), *_containing(search)]
    if difficulty:
        conditions.append(Course.difficulty == difficulty)
    if category:
        conditions.append(Course.category_id.in_(select(Category.id).where(Category.slug == category)))
    total = db.session.scalar(select(func.count()).select_from(Course).where(*conditions)) or 0
    pages = max(1, ceil(total / PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        select(Course, User.name)
        .join(Course.owner)
        .where(*conditions)
        .order_by(*SORTS[sort])
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return CataloguePage(_cards([(course, teacher) for course, teacher in rows]), total, page, pages)


def listed_categories() -> Sequence[Category]:
    """The categories in which there is a published course, in their order."""
    used = select(Course.category_id).where(Course.status == CourseStatus.PUBLISHED)
    return db.session.scalars(
        select(Category).where(Category.id.in_(used)).order_by(Category.position, Category.name)
    ).all()


def _listed(viewer: User | None, entered: Collection[int]) -> ColumnElement[bool]:
    published = Course.status == CourseStatus.PUBLISHED
    if viewer is not None and viewer.is_staff:
        return published
    inside = and_(Course.visibility == Visibility.RESTRICTED, Course.id.in_(entered))
    return and_(published, or_(Course.visibility == Visibility.PUBLIC, inside))


def _containing(search: str) -> list[ColumnElement[bool]]:
    columns = (Course.title, Course.short_description, Course.description)
    words = search.split()[:MAX_WORDS]
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words]


def _cards(rows: Sequence[tuple[Course, str]]) -> tuple[CourseCard, ...]:
    lessons = db.session.execute(
        select(Section.course_id, func.count(Lesson.id), func.coalesce(func.sum(Lesson.minutes), 0))
        .join(Section.lessons)
        .where(Section.course_id.in_([course.id for course, _teacher in rows]))
        .group_by(Section.course_id)
    )
    counted = {course_id: (count, minutes) for course_id, count, minutes in lessons}
    cards = []
    for course, teacher in rows:
        count, minutes = counted.get(course.id, (0, 0))
        cards.append(
            CourseCard(
                id=course.id,
                slug=course.slug,
                title=course.title,
                short_description=course.short_description,
                difficulty=course.difficulty,
                visibility=course.visibility,
                teacher=teacher,
                lessons=count,
                minutes=minutes if course.manual_duration_minutes is None else course.manual_duration_minutes,
            )
        )
    return tuple(cards)
