"""Verbs on courses, their outline and their files."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.accounts.models import User
from app.core import storage
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.core.once import insert_once
from app.courses.events import (
    CourseArchived,
    CourseCreated,
    CoursePublished,
    CourseUnpublished,
    CourseUpdated,
    LessonAdded,
    LessonDeleted,
    LessonRestored,
)
from app.courses.file_types import NotADocument, document_type, plain_name
from app.courses.models import (
    Category,
    Course,
    CourseStatus,
    Difficulty,
    Lesson,
    Media,
    ProgressMode,
    Section,
    Visibility,
)
from app.courses.queries import Missing, missing_for_publishing
from app.courses.states import COURSE
from app.events import emit, transition

MAX_DOCUMENT = 20 * 1000 * 1000


class CourseFields(TypedDict, total=False):
    """What an author may say of a course beside its title."""

    short_description: str
    description: str
    objectives: list[str]
    prerequisites: list[str]
    category_id: int | None
    visibility: Visibility
    difficulty: Difficulty
    progress_mode: ProgressMode | None
    manual_duration_minutes: int | None


class NotReady(Refused):
    """The course lacks something that it cannot be published without."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(_("Kursus belum dapat diterbitkan. ") + " ".join(each.sentence for each in missing))
        self.missing = missing


@action
def add_category(*, slug: str, name: str, description: str = "", position: int = 0) -> Category:
    """The category with that slug, made now if there is none."""
    found = insert_once(Category, slug=slug, name=name, description=description, position=position)
    return found or db.session.scalars(select(Category).where(Category.slug == slug)).one()


@action
def create_course(title: str, *, actor: User, owner: User | None = None, **fields: Unpack[CourseFields]) -> Course:
    """A new draft with an address made of its title. Without an owner it is the actor's. States CourseCreated."""
    owner_id = (owner or actor).id
    attempts = (insert_once(Course, title=title, slug=slug, owner_id=owner_id, **fields) for slug in _addresses(title))
    course = next(made for made in attempts if made is not None)
    emit(CourseCreated(course_id=course.id, title=title), actor=actor)
    return course


@action
def update_course(course: Course, *, actor: User, **changes: Any) -> None:
    """The named fields have the new values. States CourseUpdated with those that differ, nothing when none does."""
    lock(course)
    changed = {name: value for name, value in changes.items() if getattr(course, name) != value}
    for name, value in changed.items():
        setattr(course, name, value)
    if changed:
        emit(CourseUpdated(course_id=course.id, changes=changed), actor=actor)


@action
def add_section(course: Course, title: str, *, actor: User) -> Section:
    """A new section behind the others. States CourseUpdated."""
    lock(course)
    section = Section(course_id=course.id, title=title, position=_next(Section.position, Section.course_id, course.id))
    db.session.add(section)
    db.session.flush()
    emit(CourseUpdated(course_id=course.id, changes={"section_added": title}), actor=actor)
    return section


@action
def add_lesson(
    section: Section,
    *,
    title: str,
    kind: str,
    actor: User,
    body: str = "",
    data: dict[str, Any] | None = None,
    media: Media | None = None,
    minutes: int = 0,
    is_free_preview: bool = False,
    is_required: bool = True,
) -> Lesson:
    """A new lesson behind the others of its section. `kind` is one of `lessons.KINDS`. States LessonAdded."""
    lock(section)
    lesson = Lesson(
        section_id=section.id,
        title=title,
        kind=kind,
        body=body,
        data=data or {},
        media_id=media.id if media else None,
        minutes=minutes,
        is_free_preview=is_free_preview,
        is_required=is_required,
        position=_next(Lesson.position, Lesson.section_id, section.id),
    )
    db.session.add(lesson)
    db.session.flush()
    emit(LessonAdded(course_id=section.course_id, **_told(lesson)), actor=actor)
    return lesson


@action
def delete_lesson(lesson: Lesson, *, actor: User) -> None:
    """The lesson is out of the course; what learners did in it stays. States LessonDeleted, once."""
    lock(lesson)
    if lesson.deleted_at is None:
        lesson.deleted_at = now()
        emit(LessonDeleted(course_id=lesson.section.course_id, **_told(lesson)), actor=actor)


@action
def restore_lesson(lesson: Lesson, *, actor: User) -> None:
    """The deleted lesson is back. States LessonRestored, once."""
    lock(lesson)
    if lesson.deleted_at is not None:
        lesson.deleted_at = None
        emit(LessonRestored(course_id=lesson.section.course_id, **_told(lesson)), actor=actor)


@action
def publish(course: Course, *, actor: User) -> None:
    """The course can be entered. States CoursePublished. Raises NotReady, and TransitionRefused when it is already."""
    lock(course)
    missing = missing_for_publishing(course)
    if missing:
        raise NotReady(missing)
    previous = course.status
    transition(course, CourseStatus.PUBLISHED, COURSE, actor=actor, published_at=now(), published_by=actor.id)
    emit(
        CoursePublished(
            course_id=course.id, course_title=course.title, previous_status=previous, publisher_id=actor.id
        ),
        actor=actor,
    )


@action
def unpublish(course: Course, *, actor: User) -> None:
    """The course is a draft: nobody new comes in. States CourseUnpublished. Raises TransitionRefused."""
    lock(course)
    previous = course.status
    transition(course, CourseStatus.DRAFT, COURSE, actor=actor)
    emit(
        CourseUnpublished(
            course_id=course.id,
            course_title=course.title,
            previous_status=previous,
            active_enrollments_count=course.active_enrollments_count,
        ),
        actor=actor,
    )


@action
def archive(course: Course, *, actor: User) -> None:
    """The course is put away: nobody new comes in. States CourseArchived. Raises TransitionRefused."""
    lock(course)
    previous = course.status
    transition(course, CourseStatus.ARCHIVED, COURSE, actor=actor)
    emit(
        CourseArchived(
            course_id=course.id,
            course_title=course.title,
            previous_status=previous,
            total_enrollments=course.active_enrollments_count + course.completed_enrollments_count,
            completed_enrollments=course.completed_enrollments_count,
        ),
        actor=actor,
    )


@action
def count_enrollments(course_id: int, *, active: int = 0, completed: int = 0) -> None:
    """Moves the course's two counters by so much. Whoever changes an enrolment calls it in the same transaction."""
    db.session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(
            active_enrollments_count=Course.active_enrollments_count + active,
            completed_enrollments_count=Course.completed_enrollments_count + completed,
        ),
        execution_options={"synchronize_session": False},
    )


def store_document(content: bytes, name: str, *, owner: User) -> Media:
    """Keeps a document under a random name; its type is read from its bytes. Raises NotADocument."""
    if len(content) > MAX_DOCUMENT:
        raise NotADocument(_("Berkas ini terlalu besar. Paling besar 20 MB."), "file")
    name = plain_name(name)
    mime = document_type(content, name)
    stored = storage.new_name("media", name[name.rindex(".") :].lower())
    storage.save(stored, content)
    return _add_media(owner, stored_name=stored, original_name=name, mime=mime, size=len(content))


@action
def _add_media(owner: User, *, stored_name: str, original_name: str, mime: str, size: int) -> Media:
    media = Media(
        public_id=secrets.token_urlsafe(16),
        owner_id=owner.id,
        stored_name=stored_name,
        original_name=original_name,
        mime=mime,
        size=size,
    )
    db.session.add(media)
    db.session.flush()
    return media


def _told(lesson: Lesson) -> dict[str, Any]:
    return {
        "lesson_id": lesson.id,
        "title": lesson.title,
        "is_required": lesson.is_required,
        "minutes": lesson.minutes,
    }


def _next(position: Any, parent: Any, parent_id: int) -> int:
    return (db.session.scalar(select(func.max(position)).where(parent == parent_id)) or 0) + 1


def _addresses(title: str) -> Iterator[str]:
    """`dasar-k3`, `dasar-k3-2`, `dasar-k3-3`, …"""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:200].strip("-") or "kursus"
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))
