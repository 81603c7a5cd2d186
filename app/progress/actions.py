"""What a learner does in a course, and what follows for the number."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from sqlalchemy import and_, delete, inspect, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.courses.models import Course, Lesson, Section
from app.enrollments import actions as enrollments
from app.enrollments.models import Enrollment
from app.events import emit
from app.progress.calculators import HUNDRED, Evidence
from app.progress.events import LessonCompleted, ProgressUpdated
from app.progress.models import LessonProgress
from app.progress.queries import evidence_of, time_spent
from app.progress.recording import Extent, Report, apply_report

WATCHED_ENOUGH = 90
"""Percent of a video or recording at which its lesson is done by itself."""


class HasId(Protocol):
    """A lesson, or what stands for it in an outline."""

    @property
    def id(self) -> int: ...


@action
def view_lesson(enrollment: Enrollment, lesson: HasId, *, actor: User) -> LessonProgress:
    """Records that the learner has the lesson open; the first record ever states `CourseStarted`.

    Raises Refused when the enrolment is not active, or for a lesson of another course.
    """
    return _visit(enrollment, lesson, Report(), actor).row


@action
def record_progress(enrollment: Enrollment, lesson: HasId, report: Report, *, actor: User) -> LessonProgress:
    """Takes over what the browser reports, as far as it can be true; the lesson may be done by it.

    Raises Refused when the enrolment is not active, or for a lesson of another course.
    """
    visit = _visit(enrollment, lesson, report, actor)
    if _is_done_by_itself(visit.row, visit.extent):
        _tick(enrollment, visit, actor)
    return visit.row


@action
def complete_lesson(enrollment: Enrollment, lesson: HasId, *, actor: User) -> bool:
    """The lesson is done for this learner, for good; the first time states `LessonCompleted`. True the first time.

    Raises Refused when the enrolment is not active, or for a lesson of another course.
    """
    return _tick(enrollment, _visit(enrollment, lesson, Report(), actor), actor)


@action
def recalculate(enrollment: Enrollment, *, lesson_id: int | None = None) -> Evidence:
    """Brings the percentage up to what was done, and completes the enrolment when nothing is missing.

    States `ProgressUpdated` when the number changed. An enrolment that is not active keeps its number.
    """
    lock(enrollment)
    evidence = evidence_of(enrollment, db.session.get_one(Course, enrollment.course_id))
    if not enrollment.is_active:
        return evidence
    if enrollment.progress_percentage != evidence.percentage:
        enrollments.set_progress(enrollment, evidence.percentage)
        emit(_updated(enrollment, evidence, lesson_id))
    if evidence.is_complete:
        enrollments.complete(enrollment, total_time_spent=time_spent(enrollment.id))
    return evidence


@action
def start_over(enrollment: Enrollment, *, actor: User) -> None:
    """Takes a dropped enrolment up again with nothing done: what was recorded is deleted; states `UserReenrolled`.

    Raises Refused when it is not dropped, or the course does not take anybody in.
    """
    enrollments.reenroll(enrollment, progress_preserved=False, actor=actor)
    db.session.execute(delete(LessonProgress).where(LessonProgress.enrollment_id == enrollment.id))


class _Visit(NamedTuple):
    lesson_id: int
    lesson_title: str
    course_title: str
    extent: Extent
    row: LessonProgress


def _visit(enrollment: Enrollment, lesson: HasId, report: Report, actor: User) -> _Visit:
    """Locks the enrolment, and brings its row for the lesson up to the report."""
    found = _locked_place(enrollment, lesson)
    if found is None:
        raise Refused(_("Materi ini bukan bagian dari kursus yang Anda ikuti."))
    if not enrollment.is_active:
        raise Refused(_("Progres hanya dicatat selama kepesertaan Anda aktif."))
    row = found.row or LessonProgress(
        enrollment_id=enrollment.id,
        lesson_id=found.lesson_id,
        current_page=1,
        highest_page_reached=1,
        total_pages=1,
        time_spent_seconds=0,
        media_position_seconds=0,
        media_percentage=0,
    )
    db.session.add(row)
    apply_report(row, report, found.extent, now())
    enrollments.start(enrollment, actor=actor)
    enrollment.last_lesson_id = found.lesson_id
    return found._replace(row=row)
