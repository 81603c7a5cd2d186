"""Verbs on the outline of a course: its sections, and the order of what is in them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, lock
from app.courses.actions.editing import OutOfPlace, begin_change
from app.courses.actions.lessons import delete_lesson, restore_lesson
from app.courses.events import CourseUpdated
from app.courses.models import Course, Lesson, Section
from app.courses.queries import gone_with, outline
from app.events import emit


@action
def add_section(course: Course, title: str, *, actor: User) -> Section:
    """A new section behind the others. States CourseUpdated. Raises CourseLocked."""
    begin_change(course, actor=actor)
    last = db.session.scalar(select(func.max(Section.position)).where(Section.course_id == course.id)) or 0
    section = Section(course_id=course.id, title=title, position=last + 1)
    db.session.add(section)
    db.session.flush()
    _tell(course, actor, section_added=title)
    return section


@action
def rename_section(section: Section, title: str, *, actor: User) -> None:
    """The section has this title. States CourseUpdated when it had another. Raises CourseLocked."""
    begin_change(section.course, actor=actor)
    lock(section)
    if section.title != title:
        section.title = title
        _tell(section.course, actor, section_renamed=title)


@action
def delete_section(section: Section, *, actor: User) -> None:
    """The section is out of the course with all its lessons, until it is restored.

    States LessonDeleted for each lesson and CourseUpdated, once. Raises CourseLocked, and LastLesson where a published
    course would be left without any.
    """
    begin_change(section.course, actor=actor)
    lock(section)
    if section.deleted_at is not None:
        return
    moment = now()
    for lesson in list(section.lessons):
        delete_lesson(lesson, at=moment, actor=actor)
    section.deleted_at = moment
    _tell(section.course, actor, section_deleted=section.title)


@action
def restore_section(section: Section, *, actor: User) -> None:
    """The deleted section is back with the lessons that went with it. States CourseUpdated and LessonRestored, once."""
    begin_change(section.course, actor=actor)
    lock(section)
    if section.deleted_at is None:
        return
    together = gone_with(section)
    section.deleted_at = None
    for lesson in together:
        restore_lesson(lesson, actor=actor)
    _tell(section.course, actor, section_restored=section.title)


@action
def place_section(section: Section, place: int, *, actor: User) -> None:
    """The section is the `place`-th of its course, counted from 1; a number beyond the end means the end.

    States CourseUpdated when that changed anything. Raises CourseLocked, OutOfPlace.
    """
    begin_change(section.course, actor=actor)
    if section.deleted_at is not None:
        raise OutOfPlace(_("Bab ini ada di Arsip. Pulihkan dulu, lalu pindahkan."))
    living = select(Section).where(Section.course_id == section.course_id, Section.deleted_at.is_(None))
    if _put(section, list(db.session.scalars(living.order_by(Section.position, Section.id))), place):
        _tell(section.course, actor, section_moved=section.title)


@action
def place_lesson(lesson: Lesson, place: int, *, section: Section | None = None, actor: User) -> None:
    """The lesson is the `place`-th of its section, or of another section of the same course, counted from 1.

    States CourseUpdated when that changed anything. Raises CourseLocked, and OutOfPlace for a section of another
    course and for what is deleted.
    """
    home = lesson.section
    begin_change(home.course, actor=actor)
    section = section or home
    if section.course_id != home.course_id or section.deleted_at is not None or lesson.deleted_at is not None:
        raise OutOfPlace(_("Materi ini tidak dapat dipindahkan ke sana. Muat ulang halaman ini."))
    moved = lesson.section_id != section.id
    lesson.section_id = section.id
    living = select(Lesson).where(Lesson.section_id == section.id, Lesson.deleted_at.is_(None))
    others = list(db.session.scalars(living.order_by(Lesson.position, Lesson.id)))
    if _put(lesson, others, place) or moved:
        db.session.expire(home, ["lessons"])
        db.session.expire(section, ["lessons"])
        _tell(home.course, actor, lesson_moved=lesson.title)


@action
def move_section(section: Section, step: int, *, actor: User) -> None:
    """The section changes places with the one before it (-1) or behind it (1), if there is one. As `place_section`."""
    ids = [each.id for each in outline(section.course).sections]
    place = ids.index(section.id) + 1 if section.id in ids else 1
    place_section(section, max(1, place + step), actor=actor)


@action
def move_lesson(lesson: Lesson, step: int, *, actor: User) -> None:
    """The lesson is one place further up (-1) or down (1); past the border of its section it enters the one beside it.

    Nothing happens at either end of the course. As `place_lesson`.
    """
    home = lesson.section
    sections = outline(home.course).sections
    found = [(at, each) for at, each in enumerate(sections) if lesson.id in [child.id for child in each.lessons]]
    if not found:
        raise OutOfPlace(_("Materi ini ada di Arsip. Pulihkan dulu, lalu pindahkan."))
    at, here = found[0]
    place = [each.id for each in here.lessons].index(lesson.id) + 1 + step
    if 1 <= place <= len(here.lessons):
        place_lesson(lesson, place, actor=actor)
    elif 0 <= at + step < len(sections):
        beside = sections[at + step]
        place = 1 if step > 0 else len(beside.lessons) + 1
        place_lesson(lesson, place, section=db.session.get_one(Section, beside.id), actor=actor)


def _put(row: Any, rows: list[Any], place: int) -> bool:
    """Numbers the rows from 1 with `row` at its new place; whether any of them got another order."""
    before = [each.id for each in rows]
    rest = [each for each in rows if each.id != row.id]
    rest.insert(max(0, min(place - 1, len(rest))), row)
    for number, each in enumerate(rest, start=1):
        each.position = number
    return before != [each.id for each in rest]


def _tell(course: Course, actor: User, **changes: str) -> None:
    emit(CourseUpdated(course_id=course.id, changes=dict(changes)), actor=actor)
