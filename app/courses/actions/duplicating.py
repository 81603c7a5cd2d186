"""A second course of the same content."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.core.db import action, db
from app.courses.actions.courses import CourseFields, create_course
from app.courses.events import LessonAdded
from app.courses.models import Course, Lesson, LessonImage, Section
from app.events import emit

COPIED = ("title", "kind", "body", "data", "media_id", "minutes", "is_free_preview", "is_required")
"""Columns of a lesson that its copy has too."""


@action
def duplicate_course(course: Course, *, actor: User) -> Course:
    """A draft of the actor's with everything that is said and taught in the course, but for what is in its Arsip.

    Files are shared, not copied; people, reviews and requests stay where they are. States CourseCreated, and
    LessonAdded for every lesson.
    """
    fields = CourseFields(
        short_description=course.short_description,
        description=course.description,
        objectives=list(course.objectives),
        prerequisites=list(course.prerequisites),
        category_id=course.category_id,
        visibility=course.visibility,
        difficulty=course.difficulty,
        progress_mode=course.progress_mode,
        manual_duration_minutes=course.manual_duration_minutes,
    )
    title = _("Salinan %(title)s", title=course.title)[:255].rstrip()
    tags = list(course.tags)
    copy = create_course(title, actor=actor, **fields)
    copy.tags = tags
    copied = _copy_outline(course, copy, actor)
    _copy_images(copied)
    for lesson in copied.values():
        emit(
            LessonAdded(
                course_id=copy.id,
                lesson_id=lesson.id,
                title=lesson.title,
                is_required=lesson.is_required,
                minutes=lesson.minutes,
            ),
            actor=actor,
        )
    return copy


def _copy_outline(course: Course, copy: Course, actor: User) -> dict[int, Lesson]:
    """The new lessons by the ids of those that they are copies of."""
    living = select(Section).where(Section.course_id == course.id, Section.deleted_at.is_(None))
    sections = db.session.scalars(
        living.order_by(Section.position, Section.id)
        .options(selectinload(Section.lessons))
        .execution_options(populate_existing=True)
    ).all()
    homes = [
        Section(course_id=copy.id, title=section.title, position=place) for place, section in enumerate(sections, 1)
    ]
    db.session.add_all(homes)
    db.session.flush()
    copied = {
        lesson.id: Lesson(
            section_id=home.id,
            position=place,
            updated_by=actor.id,
            **{name: getattr(lesson, name) for name in COPIED},
        )
        for section, home in zip(sections, homes, strict=True)
        for place, lesson in enumerate(section.lessons, 1)
    }
    db.session.add_all(copied.values())
    db.session.flush()
    return copied


def _copy_images(copied: dict[int, Lesson]) -> None:
    shown = db.session.scalars(select(LessonImage).where(LessonImage.lesson_id.in_(copied))).all()
    db.session.add_all(LessonImage(lesson_id=copied[each.lesson_id].id, media_id=each.media_id) for each in shown)
    db.session.flush()
