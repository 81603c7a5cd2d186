"""The catalogue: what is listed for whom, searched, filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.accounts.models import User
from app.core.db import db
from app.core.forms import clean_line
from app.courses.models import Course, Difficulty, Lesson, Section, Tag, course_tags
from app.courses.queries.listed import listed
from app.courses.queries.topics import below
from app.courses.search import MAX_WORDS, matches, wanted_words

PAGE_SIZE = 12
NEWEST = (Course.published_at.desc(), Course.id.desc())

SORTS: dict[str, tuple[Any, ...]] = {
    "relevance": NEWEST,
    "newest": NEWEST,
    "title": (func.lower(Course.title), Course.id),
    "popular": ((Course.active_enrollments_count + Course.completed_enrollments_count).desc(), Course.id.desc()),
    "rating": (((Course.rating_sum + 10.5) / (Course.rating_count + 3)).desc(), *NEWEST),
}
"""`relevance` goes by the words of a search, where there are any. For `rating` each course has three more reviews of
3.5: a single 5 does not stand above forty of 4.8."""


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
    rating: float | None
    reviews: int


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
    tag: str | None = None,
    sort: str = "newest",
    page: int = 1,
) -> CataloguePage:
    """The published courses that the viewer may know of, by three statements.

    `entered` are the courses that the viewer is in: restricted ones are listed to them. Every word of `search` must
    stand in the title, a tag or a description (`courses.search`); where only signs were typed they must stand there as
    they are. `category` and `tag` are slugs, a category with those below it; `sort` is one of SORTS.
    """
    courses, order = _found(search, sort)
    courses = courses.where(listed(viewer, entered), *_within(difficulty, category, tag))
    total = db.session.scalar(select(func.count()).select_from(courses.subquery())) or 0
    pages = max(1, ceil(total / PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        courses.with_only_columns(Course, User.name)
        .join(Course.owner)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return CataloguePage(_cards([(course, teacher) for course, teacher in rows]), total, page, pages)


def _found(search: str, sort: str) -> tuple[Select[tuple[int]], tuple[Any, ...]]:
    """The courses that a search finds, and the order in which it wants them."""
    courses, wanted = select(Course.id), wanted_words(search)
    if not wanted:
        return courses.where(*_containing(search)), SORTS[sort]
    found = matches(wanted)
    order = (found.c.rank, *SORTS[sort]) if sort == "relevance" else SORTS[sort]
    return courses.join(found, found.c.course_id == Course.id), order


def _within(difficulty: Difficulty | None, category: str | None, tag: str | None) -> list[ColumnElement[bool]]:
    conditions = []
    if difficulty:
        conditions.append(Course.difficulty == difficulty)
    if category:
        conditions.append(Course.category_id.in_(below(category)))
    if tag:
        conditions.append(Course.id.in_(select(course_tags.c.course_id).join(Tag).where(Tag.slug == tag)))
    return conditions


def _containing(search: str) -> list[ColumnElement[bool]]:
    columns = (Course.title, Course.short_description, Course.description)
    words = (clean_line(search) or "").split()[:MAX_WORDS]
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
                rating=course.rating,
                reviews=course.rating_count,
            )
        )
    return tuple(cards)
