"""What happens to courses and their lessons."""

from __future__ import annotations

from typing import Any

from app.events import event


@event("course.created", aggregate=("course", "course_id"))
class CourseCreated:
    """There is a new course, a draft."""

    course_id: int
    title: str


@event("course.updated", aggregate=("course", "course_id"))
class CourseUpdated:
    """What is said of a course, or its outline, was changed. `changes` holds the new values by field."""

    course_id: int
    changes: dict[str, Any]


@event("course.published", aggregate=("course", "course_id"))
class CoursePublished:
    """A course can be entered from now on."""

    course_id: int
    course_title: str
    previous_status: str
    publisher_id: int


@event("course.unpublished", aggregate=("course", "course_id"))
class CourseUnpublished:
    """A course is a draft again: nobody new comes in, those who are in go on."""

    course_id: int
    course_title: str
    previous_status: str
    active_enrollments_count: int


@event("course.archived", aggregate=("course", "course_id"))
class CourseArchived:
    """A course was put away: nobody new comes in, those who are in go on."""

    course_id: int
    course_title: str
    previous_status: str
    total_enrollments: int
    completed_enrollments: int


@event("lesson.added", aggregate=("course", "course_id"))
class LessonAdded:
    """A course has one more lesson."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("lesson.updated", aggregate=("course", "course_id"))
class LessonUpdated:
    """A lesson was changed. `fields` names what; `is_required` and `minutes` are the new ones."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int
    fields: list[str]


@event("lesson.deleted", aggregate=("course", "course_id"))
class LessonDeleted:
    """A lesson was taken out of its course. What learners did in it is kept."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("lesson.restored", aggregate=("course", "course_id"))
class LessonRestored:
    """A deleted lesson is back at its place."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("course.publication_requested", aggregate=("course", "course_id"))
class PublicationRequested:
    """An author asks the admins to publish a course. Stated once until it is answered or withdrawn."""

    course_id: int
    course_title: str


@event("course.publication_withdrawn", aggregate=("course", "course_id"))
class PublicationWithdrawn:
    """The author does not ask any more."""

    course_id: int
    course_title: str


@event("course.publication_declined", aggregate=("course", "course_id"))
class PublicationDeclined:
    """An admin has given a course back to its author, with a reason."""

    course_id: int
    course_title: str
    author_id: int
    reason: str
