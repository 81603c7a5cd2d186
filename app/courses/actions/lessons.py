"""Verbs on lessons."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.courses.actions.editing import OutOfPlace, begin_change, forget_draft, note_edit
from app.courses.actions.images import link_images
from app.courses.events import LessonAdded, LessonDeleted, LessonRestored, LessonUpdated
from app.courses.lessons import kind_of
from app.courses.models import Course, CourseStatus, Lesson, Media, Section
from app.events import emit


class WithoutContent(Refused):
    """Learners would open a lesson with nothing in it."""


class LastLesson(Refused):
    """A published course needs a lesson."""


class LessonFields(TypedDict, total=False):
    """What an author may say of a lesson. What `body`, `data` and `media` mean is up to its kind."""

    title: str
    body: str
    data: dict[str, Any]
    media: Media | None
    minutes: int
    is_free_preview: bool
    is_required: bool


@action
def add_lesson(
    section: Section, *, kind: str, actor: User, version: int | None = None, **fields: Unpack[LessonFields]
) -> Lesson:
    """A new lesson behind the others of its section. `kind` is one of `lessons.KINDS`. States LessonAdded.

    `version` is what its form was opened on, whose draft then is saved; None when there was no form. Raises
    CourseLocked, OutOfPlace for a deleted section, WithoutContent in a published course, and ForeignImage.
    """
    begin_change(section.course, actor=actor)
    lock(section)
    if section.deleted_at is not None:
        raise OutOfPlace(_("Bab ini ada di Arsip. Pulihkan dulu, lalu tambahkan materi."))
    last = db.session.scalar(select(func.max(Lesson.position)).where(Lesson.section_id == section.id)) or 0
    values: dict[str, Any] = {"body": "", "minutes": 0, "is_free_preview": False, "is_required": True, **fields}
    media = values.pop("media", None)
    values["media_id"] = media.id if media else None
    lesson = Lesson(section_id=section.id, kind=kind, position=last + 1, updated_by=actor.id, **values)
    lesson.data = fields.get("data") or {}
    db.session.add(lesson)
    db.session.flush()
    _refuse_empty(lesson, section.course)
    link_images(lesson, actor=actor)
    if version is not None:
        forget_draft(section, actor)
    emit(LessonAdded(course_id=section.course_id, **_told(lesson)), actor=actor)
    return lesson


@action
def update_lesson(lesson: Lesson, *, actor: User, version: int | None = None, **fields: Unpack[LessonFields]) -> None:
    """The named fields have the new values. States LessonUpdated with the names of those that differ, if any does.

    `version` is what the form was opened on. Raises CourseLocked, OutOfPlace for a deleted lesson, EditConflict,
    WithoutContent in a published course, and ForeignImage.
    """
    course = lesson.section.course
    begin_change(course, actor=actor)
    lock(lesson)
    if lesson.deleted_at is not None:
        raise OutOfPlace(_("Materi ini ada di Arsip. Pulihkan dulu, lalu ubah."))
    changes: dict[str, Any] = {**fields}
    if "media" in changes:
        media = changes.pop("media")
        changes["media_id"] = media.id if media else None
    changed = [name for name, value in changes.items() if getattr(lesson, name) != value]
    note_edit(lesson, changed=bool(changed), version=version, actor=actor)
    for name in changed:
        setattr(lesson, name, changes[name])
    db.session.flush()
    _refuse_empty(lesson, course)
    if "body" in changed:
        link_images(lesson, actor=actor)
    if changed:
        emit(LessonUpdated(course_id=course.id, **_told(lesson), fields=sorted(changed)), actor=actor)


@action
def delete_lesson(lesson: Lesson, *, actor: User, at: datetime | None = None) -> None:
    """The lesson is out of the course; what learners did in it stays. States LessonDeleted, once.

    Raises CourseLocked, and LastLesson for the only lesson of a published course.
    """
    course = lesson.section.course
    begin_change(course, actor=actor)
    lock(lesson)
    if lesson.deleted_at is not None:
        return
    lesson.deleted_at = at or now()
    db.session.flush()
    if course.status == CourseStatus.PUBLISHED and not _living(course):
        raise LastLesson(_("Kursus yang terbit memerlukan paling sedikit satu materi. Kembalikan ke draf dulu."))
    emit(LessonDeleted(course_id=course.id, **_told(lesson)), actor=actor)


@action
def restore_lesson(lesson: Lesson, *, actor: User) -> None:
    """The deleted lesson is back, and so is its section. States LessonRestored, once.

    Raises CourseLocked, and WithoutContent in a published course.
    """
    section = lesson.section
    begin_change(section.course, actor=actor)
    lock(lesson)
    if lesson.deleted_at is not None:
        lesson.deleted_at = None
        section.deleted_at = None
        _refuse_empty(lesson, section.course)
        emit(LessonRestored(course_id=section.course_id, **_told(lesson)), actor=actor)


def _refuse_empty(lesson: Lesson, course: Course) -> None:
    if course.status == CourseStatus.PUBLISHED and not kind_of(lesson).has_content(lesson):
        raise WithoutContent(_("Kursus ini sedang terbit: lengkapi isi materi ini sebelum menyimpannya."))


def _living(course: Course) -> int:
    living = select(func.count(Lesson.id)).join(Lesson.section)
    return db.session.scalars(living.where(Section.course_id == course.id, Lesson.deleted_at.is_(None))).one()


def _told(lesson: Lesson) -> dict[str, Any]:
    return {
        "lesson_id": lesson.id,
        "title": lesson.title,
        "is_required": lesson.is_required,
        "minutes": lesson.minutes,
    }
