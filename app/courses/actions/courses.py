"""Verbs on what is said of a course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from app.accounts.models import User
from app.core.db import action
from app.core.once import insert_once
from app.core.slugs import addresses
from app.courses.actions.editing import begin_change, note_edit
from app.courses.actions.tags import set_tags
from app.courses.events import CourseCreated, CourseUpdated
from app.courses.models import Course, Difficulty, ProgressMode, Visibility
from app.events import emit


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
    imported_from: str | None


@action
def create_course(title: str, *, actor: User, owner: User | None = None, **fields: Unpack[CourseFields]) -> Course:
    """A new draft with an address made of its title. Without an owner it is the actor's. States CourseCreated."""
    owner_id = (owner or actor).id
    slugs = addresses(title, otherwise="kursus")
    attempts = (insert_once(Course, title=title, slug=slug, owner_id=owner_id, **fields) for slug in slugs)
    course = next(made for made in attempts if made is not None)
    emit(CourseCreated(course_id=course.id, title=title), actor=actor)
    return course


@action
def update_course(course: Course, *, actor: User, version: int | None = None, **changes: Any) -> None:
    """The named fields have the new values. States CourseUpdated with those that differ, nothing when none does.

    `version` is what the form was opened on. Raises CourseLocked and EditConflict.
    """
    begin_change(course, actor=actor)
    changed = {name: value for name, value in changes.items() if getattr(course, name) != value}
    note_edit(course, changed=bool(changed), version=version, actor=actor)
    for name, value in changed.items():
        setattr(course, name, value)
    if changed:
        emit(CourseUpdated(course_id=course.id, changes=changed), actor=actor)


@action
def revise_course(
    course: Course, *, tags: Iterable[str], actor: User, version: int | None = None, **changes: Any
) -> None:
    """All that is said of the course, its tags too, is as it was written. As `update_course` and `set_tags`."""
    update_course(course, actor=actor, version=version, **changes)
    set_tags(course, tags, actor=actor)
