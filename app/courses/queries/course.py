"""Reads of one course and what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.courses.models import Course, Lesson, Section


def duration_minutes(course: Course) -> int:
    """What the author says the course takes, else the sum of its living lessons."""
    if course.manual_duration_minutes is not None:
        return course.manual_duration_minutes
    return lesson_minutes(course)


def lesson_minutes(course: Course) -> int:
    """The sum of the minutes of its living lessons."""
    total = select(func.coalesce(func.sum(Lesson.minutes), 0)).join(Lesson.section)
    return db.session.scalar(total.where(Section.course_id == course.id, Lesson.deleted_at.is_(None))) or 0


def course_by_slug(slug: str) -> Course | None:
    """The course with its owner and category."""
    return db.session.scalar(
        select(Course)
        .where(Course.slug == slug)
        .options(joinedload(Course.owner, innerjoin=True), joinedload(Course.category))
    )


def section_of(course_id: int, section_id: int) -> Section | None:
    """The section of that course, deleted or not; None for another course's."""
    return db.session.scalar(select(Section).where(Section.id == section_id, Section.course_id == course_id))


def gone_with(section: Section) -> Sequence[Lesson]:
    """The lessons that were deleted together with the deleted section, in their order."""
    together = select(Lesson).where(Lesson.section_id == section.id, Lesson.deleted_at == section.deleted_at)
    return db.session.scalars(together.order_by(Lesson.position)).all()


def any_lesson_of(course_id: int, lesson_id: int) -> Lesson | None:
    """As `lesson_of`, deleted ones too."""
    return db.session.scalar(
        select(Lesson)
        .join(Lesson.section)
        .where(Lesson.id == lesson_id, Section.course_id == course_id)
        .options(joinedload(Lesson.section, innerjoin=True), joinedload(Lesson.media))
    )


def lesson_of(course_id: int, lesson_id: int) -> Lesson | None:
    """The living lesson of that course, with its section and file; None for another course's."""
    return db.session.scalar(
        select(Lesson)
        .join(Lesson.section)
        .where(Lesson.id == lesson_id, Lesson.deleted_at.is_(None), Section.course_id == course_id)
        .options(joinedload(Lesson.section, innerjoin=True), joinedload(Lesson.media))
    )
