"""Publishing a course, taking it back, putting it away."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, lock
from app.core.errors import Refused
from app.courses.access import may_archive
from app.courses.actions.editing import CourseLocked
from app.courses.events import (
    CourseArchived,
    CoursePublished,
    CourseUnpublished,
    PublicationDeclined,
    PublicationRequested,
    PublicationWithdrawn,
)
from app.courses.models import Course, CourseStatus
from app.courses.queries import Missing, missing_for_publishing
from app.courses.states import COURSE
from app.events import emit, transition


class NotADraft(Refused):
    """Only a draft can be asked for, and only once at a time."""


class NotReady(Refused):
    """The course lacks something that it cannot be published without."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(_("Kursus belum dapat diterbitkan. ") + " ".join(each.sentence for each in missing))
        self.missing = missing


@action
def publish(course: Course, *, actor: User) -> None:
    """The course can be entered. States CoursePublished. Raises NotReady, and TransitionRefused when it is already."""
    lock(course)
    missing = missing_for_publishing(course)
    if missing:
        raise NotReady(missing)
    previous = course.status
    answered = {"submitted_at": None, "submitted_by": None}
    moment = now()
    transition(
        course, CourseStatus.PUBLISHED, COURSE, actor=actor, published_at=moment, published_by=actor.id, **answered
    )
    emit(
        CoursePublished(
            course_id=course.id, course_title=course.title, previous_status=previous, publisher_id=actor.id
        ),
        actor=actor,
    )


@action
def unpublish(course: Course, *, actor: User) -> None:
    """The course is a draft, back from the learners or from the archive: nobody new comes in. States CourseUnpublished.

    Raises TransitionRefused, and CourseLocked when its author wants to take back one that was ever published.
    """
    _begin(course, actor)
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
    """The course is put away: nobody new comes in, and nobody asks for it any more. States CourseArchived.

    Raises TransitionRefused, and CourseLocked when its author wants to put away one that was ever published.
    """
    _begin(course, actor)
    previous = course.status
    transition(course, CourseStatus.ARCHIVED, COURSE, actor=actor, submitted_at=None, submitted_by=None)
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
def request_publication(course: Course, *, actor: User) -> None:
    """The admins are asked to publish the draft. States PublicationRequested.

    Raises NotReady, and NotADraft unless it is a draft for which nobody has asked yet.
    """
    lock(course)
    if course.status != CourseStatus.DRAFT or course.submitted_at is not None:
        raise NotADraft(_("Kursus ini sudah diajukan atau bukan draf. Muat ulang halaman ini."))
    missing = missing_for_publishing(course)
    if missing:
        raise NotReady(missing)
    course.submitted_at, course.submitted_by = now(), actor.id
    emit(PublicationRequested(course_id=course.id, course_title=course.title), actor=actor)


@action
def withdraw_request(course: Course, *, actor: User) -> None:
    """Nobody asks for the course to be published any more. States PublicationWithdrawn, once."""
    lock(course)
    if course.submitted_at is not None:
        course.submitted_at = course.submitted_by = None
        emit(PublicationWithdrawn(course_id=course.id, course_title=course.title), actor=actor)


@action
def decline_request(course: Course, reason: str, *, actor: User) -> None:
    """The course goes back to its author with a reason. States PublicationDeclined.

    Raises NotADraft when nobody asks for it any more.
    """
    lock(course)
    author = course.submitted_by or course.owner_id
    if course.submitted_at is None:
        raise NotADraft(_("Pengajuan ini sudah ditarik atau dijawab. Muat ulang halaman ini."))
    course.submitted_at = course.submitted_by = None
    emit(
        PublicationDeclined(course_id=course.id, course_title=course.title, author_id=author, reason=reason),
        actor=actor,
    )


def _begin(course: Course, actor: User) -> None:
    lock(course)
    if not may_archive(course, actor):
        raise CourseLocked(_("Kursus ini pernah terbit. Hanya admin yang dapat mengarsipkan atau memulihkannya."))
