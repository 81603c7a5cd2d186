"""The outline of a course: sections and lessons without their content."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from app.core.db import db
from app.courses.models import Course, Lesson, Section


@dataclass(frozen=True)
class OutlineLesson:
    """A living lesson. `number` counts from 1 inside its section."""

    id: int
    title: str
    kind: str
    minutes: int
    is_free_preview: bool
    is_required: bool
    number: int


@dataclass(frozen=True)
class OutlineSection:
    """A section, also one that has no lesson yet. `number` counts from 1."""

    id: int
    title: str
    number: int
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    sections: tuple[OutlineSection, ...]

    @property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        """All lessons in the order in which they are taken."""
        return tuple(lesson for section in self.sections for lesson in section.lessons)


def outline(course: Course) -> Outline:
    """The sections of the course with their living lessons, in order, by one statement."""
    rows = db.session.execute(
        select(
            Section.id.label("section_id"),
            Section.title.label("section_title"),
            Lesson.id,
            Lesson.title,
            Lesson.kind,
            Lesson.minutes,
            Lesson.is_free_preview,
            Lesson.is_required,
        )
        .outerjoin(Section.lessons)
        .where(Section.course_id == course.id, Section.deleted_at.is_(None))
        .order_by(Section.position, Section.id, Lesson.position, Lesson.id)
    )
    sections = []
    grouped = groupby(rows, key=lambda row: (row.section_id, row.section_title))
    for number, ((section_id, title), lessons) in enumerate(grouped, start=1):
        living = (row[2:] for row in lessons if row.id is not None)
        outlined = tuple(OutlineLesson(*row, number=place) for place, row in enumerate(living, start=1))
        sections.append(OutlineSection(section_id, title, number, outlined))
    return Outline(tuple(sections))


def first_lesson(course: Course) -> OutlineLesson | None:
    """Where the course begins; None while it has no lesson."""
    return next(iter(outline(course).lessons), None)
