"""What was taken out of a course, and can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select

from app.core.db import db
from app.courses.models import Course, Lesson, Section


@dataclass(frozen=True)
class ArchivedLesson:
    """A lesson that was deleted by itself. `section_title` is where it goes back to."""

    id: int
    title: str
    kind: str
    deleted_at: datetime
    section_title: str


@dataclass(frozen=True)
class ArchivedSection:
    """A deleted section with the titles of the lessons that went with it."""

    id: int
    title: str
    deleted_at: datetime
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Archive:
    sections: tuple[ArchivedSection, ...]
    lessons: tuple[ArchivedLesson, ...]


def archive_of(course: Course) -> Archive:
    """The deleted sections and lessons of the course, the latest first, by one statement."""
    deleted = and_(Lesson.section_id == Section.id, Lesson.deleted_at.is_not(None))
    rows = db.session.execute(
        select(
            Section.id.label("section_id"),
            Section.title.label("section_title"),
            Section.deleted_at.label("section_deleted_at"),
            Lesson.id,
            Lesson.title,
            Lesson.kind,
            Lesson.deleted_at,
        )
        .outerjoin(Lesson, deleted)
        .where(Section.course_id == course.id, or_(Section.deleted_at.is_not(None), Lesson.id.is_not(None)))
        .order_by(Section.position, Section.id, Lesson.position, Lesson.id)
    )
    sections, lessons = [], []
    for _section_id, grouped in groupby(rows, key=lambda row: row.section_id):
        gone = list(grouped)
        first = gone[0]
        if first.section_deleted_at is not None:
            with_it = tuple(each.title for each in gone if each.deleted_at == first.section_deleted_at)
            sections.append(ArchivedSection(first.section_id, first.section_title, first.section_deleted_at, with_it))
        lessons += [_alone(row) for row in gone if row.id and row.deleted_at != row.section_deleted_at]
    return Archive(
        tuple(sorted(sections, key=lambda each: each.deleted_at, reverse=True)),
        tuple(sorted(lessons, key=lambda each: each.deleted_at, reverse=True)),
    )


def _alone(row: Any) -> ArchivedLesson:
    return ArchivedLesson(row.id, row.title, row.kind, row.deleted_at, row.section_title)
