"""Verbs on enrolments. The counters of the course move in the same transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, update

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.core.once import insert_once
from app.courses.actions import count_enrollments
from app.courses.models import Course
from app.enrollments.access import takes_learners
from app.enrollments.events import CourseStarted, EnrollmentCompleted, UserDropped, UserEnrolled, UserReenrolled
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.enrollments.queries import enrollment_of
from app.enrollments.states import ENROLLMENT
from app.events import TransitionRefused, emit, transition


class EnrollmentClosed(Refused):
    """The course takes nobody now."""


class AlreadyEnrolled(Refused):
    """The person is in the course, or has completed it."""


class NotEnrolled(Refused):
    """There is no active enrolment to act on."""


@action
def enroll(course: Course, *, actor: User, invited_by: User | None = None) -> Enrollment:
    """The actor is in the course; who had dropped it takes the same enrolment up again, with its progress.

    States UserEnrolled or UserReenrolled, once, also when it is called twice at the same time. Raises EnrollmentClosed
    and AlreadyEnrolled.
    """
    lock(course)
    _refuse_closed(course)
    inviter = invited_by.id if invited_by else None
    enrollment = insert_once(Enrollment, user_id=actor.id, course_id=course.id, invited_by=inviter)
    if enrollment is None:
        return _take_up_again(course, actor)
    count_enrollments(course.id, active=1)
    emit(UserEnrolled(**_names(enrollment, course), invited_by=inviter), actor=actor)
    return enrollment


@action
def reenroll(enrollment: Enrollment, *, progress_preserved: bool = True, actor: User) -> None:
    """The dropped enrolment is active again. Without `progress_preserved` it begins at nothing.

    States UserReenrolled. Raises EnrollmentClosed, and TransitionRefused unless it is dropped.
    """
    lock(enrollment)
    course = enrollment.course
    _refuse_closed(course)
    previous = float(enrollment.progress_percentage)
    anew: dict[str, Any] = (
        {}
        if progress_preserved
        else {
            "progress_percentage": Decimal(0),
            "last_lesson_id": None,
        }
    )
    back = {"dropped_at": None, "drop_reason": None, **anew}
    transition(enrollment, EnrollmentStatus.ACTIVE, ENROLLMENT, actor=actor, **back)
    count_enrollments(course.id, active=1)
    names = _names(enrollment, course)
    emit(
        UserReenrolled(**names, progress_preserved=progress_preserved, previous_progress=previous),
        actor=actor,
    )


@action
def drop(enrollment: Enrollment, reason: str | None = None, *, actor: User) -> None:
    """The active enrolment is dropped; its progress stays. States UserDropped. Raises NotEnrolled."""
    lock(enrollment)
    if enrollment.is_completed:
        raise NotEnrolled(_("Kursus yang sudah selesai tetap tercatat dan tidak dapat dihentikan."))
    if not enrollment.is_active:
        raise NotEnrolled(_("Anda sudah berhenti dari kursus ini."))
    course = enrollment.course
    transition(
        enrollment, EnrollmentStatus.DROPPED, ENROLLMENT, actor=actor, dropped_at=now(), drop_reason=reason or None
    )
    count_enrollments(course.id, active=-1)
    progress = float(enrollment.progress_percentage)
    emit(UserDropped(**_names(enrollment, course), reason=reason or None, progress_at_drop=progress), actor=actor)


@action
def complete(enrollment: Enrollment, *, total_time_spent: int, actor: User | None = None) -> bool:
    """The active enrolment is completed; `total_time_spent` is in seconds. States EnrollmentCompleted, once for ever.

    Answers False, and changes nothing, when it is not active: somebody was first, or it was dropped.
    """
    moment = now()
    try:
        transition(enrollment, EnrollmentStatus.COMPLETED, ENROLLMENT, actor=actor, completed_at=moment)
    except TransitionRefused:
        return False
    course = enrollment.course
    count_enrollments(course.id, active=-1, completed=1)
    emit(
        EnrollmentCompleted(
            **_names(enrollment, course),
            enrolled_at=enrollment.enrolled_at,
            completed_at=moment,
            total_time_spent=total_time_spent,
        ),
        actor=actor,
    )
    return True


@action
def start(enrollment: Enrollment, *, actor: User | None = None) -> bool:
    """Notes when the first progress was recorded. States CourseStarted, once; False when it had or is closed."""
    started = _change_active(enrollment, Enrollment.started_at.is_(None), started_at=now())
    if started:
        emit(
            CourseStarted(enrollment_id=enrollment.id, user_id=enrollment.user_id, course_id=enrollment.course_id),
            actor=actor,
        )
    return started


@action
def set_progress(enrollment: Enrollment, percentage: Decimal) -> bool:
    """An active enrolment has this progress; False when it had it already, or is not active."""
    return _change_active(enrollment, Enrollment.progress_percentage != percentage, progress_percentage=percentage)


def _change_active(enrollment: Enrollment, *when: ColumnElement[bool], **values: Any) -> bool:
    """A conditional UPDATE of an active enrolment; whether it changed the row."""
    changed = db.session.execute(
        update(Enrollment)
        .where(Enrollment.id == enrollment.id, Enrollment.status == EnrollmentStatus.ACTIVE, *when)
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        db.session.refresh(enrollment)
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _take_up_again(course: Course, actor: User) -> Enrollment:
    enrollment = enrollment_of(actor.id, course.id)
    assert enrollment is not None  # noqa: S101 - the unique constraint has just said so
    if enrollment.is_completed:
        raise AlreadyEnrolled(_("Anda sudah menyelesaikan kursus ini."))
    if enrollment.is_active:
        raise AlreadyEnrolled(_("Anda sudah terdaftar di kursus ini."))
    reenroll(enrollment, progress_preserved=True, actor=actor)
    return enrollment


def _refuse_closed(course: Course) -> None:
    if not takes_learners(course):
        raise EnrollmentClosed(_("Kursus ini sedang tidak menerima peserta baru."))


def _names(enrollment: Enrollment, course: Course) -> dict[str, Any]:
    return {
        "enrollment_id": enrollment.id,
        "user_id": enrollment.user_id,
        "course_id": course.id,
        "course_title": course.title,
    }
