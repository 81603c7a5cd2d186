"""Verbs of a learner in a course."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Row, and_, delete, select, update

from app.accounts.models import User
from app.core.clock import now
from app.core.db import HasId, action, db, id_of
from app.core.errors import Refused
from app.courses.models import Course, Lesson, Media, Section
from app.enrollments import actions as enrollments
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events import emit
from app.progress.events import LessonCompleted
from app.progress.models import LessonProgress
from app.progress.recording import Extent, Report, apply_report, is_done_by_itself, new_row


@action
def record_progress(enrollment: Enrollment, lesson: HasId, report: Report, *, actor: User) -> LessonProgress:
    """Takes over what the browser reports, as far as it can be true; the lesson may be done by it.

    `lesson` may also be what stands for it in an outline. The first record ever states `CourseStarted`.

    Raises Refused when the enrolment is not active, or for a lesson of another course.
    """
    visit = _visit(enrollment, lesson, report, actor)
    enough = current_app.config
    if is_done_by_itself(visit.row, visit.extent, read=enough["READ_ENOUGH"], watched=enough["WATCHED_ENOUGH"]):
        _tick(enrollment, visit, actor)
    return visit.row


@action
def complete_lesson(enrollment: Enrollment, lesson: HasId, *, actor: User) -> bool:
    """The lesson is done for this learner, for good; the first time states `LessonCompleted`. True the first time.

    Raises Refused when the enrolment is not active, or for a lesson of another course.
    """
    return _tick(enrollment, _visit(enrollment, lesson, Report(), actor), actor)


@action
def start_over(enrollment: Enrollment, *, actor: User) -> None:
    """Takes a dropped enrolment up again with nothing done: what was recorded is deleted; states `UserReenrolled`.

    Raises Refused when it is not dropped, or the course does not take anybody in.
    """
    enrollments.reenroll(enrollment, progress_preserved=False, actor=actor)
    db.session.execute(delete(LessonProgress).where(LessonProgress.enrollment_id == enrollment.id))


class _Visit(NamedTuple):
    """The learner's row for a lesson, brought up to now, and what the facts about it need."""

    row: LessonProgress
    extent: Extent
    lesson_title: str
    course_title: str


def _visit(enrollment: Enrollment, lesson: HasId, report: Report, actor: User) -> _Visit:
    """Notes the lesson as the last one, which locks the enrolment, and applies the report to its row."""
    _note_last(enrollment, lesson)
    place = _place(enrollment, lesson)
    if place is None:
        raise Refused(_("Materi ini bukan bagian dari kursus yang Anda ikuti."))
    row, pages, seconds, lesson_title, course_title = place
    if row is None:
        row = new_row(enrollment.id, lesson.id)
        db.session.add(row)
    extent = Extent(pages=pages, seconds=seconds)
    apply_report(row, report, extent, now())
    if enrollment.started_at is None:
        enrollments.start(enrollment, actor=actor)
    return _Visit(row, extent, lesson_title, course_title)


def _note_last(enrollment: Enrollment, lesson: HasId) -> None:
    # One statement for three things: the lock, the check and the change.
    noted = db.session.scalar(
        update(Enrollment)
        .where(Enrollment.id == id_of(enrollment), Enrollment.status == EnrollmentStatus.ACTIVE)
        .values(last_lesson_id=lesson.id)
        .returning(Enrollment),
        execution_options={"populate_existing": True, "synchronize_session": False},
    )
    if noted is None:
        raise Refused(_("Progres hanya dicatat selama kepesertaan Anda aktif."))


def _place(
    enrollment: Enrollment, lesson: HasId
) -> Row[LessonProgress | None, int | None, int | None, str, str] | None:
    """The learner's row, the file's pages and seconds, the titles; None for a lesson deleted or another course's."""
    mine = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == enrollment.id)
    return db.session.execute(
        select(LessonProgress, Media.pages, Media.seconds, Lesson.title, Course.title)
        .select_from(Lesson)
        .join(Section, Section.id == Lesson.section_id)
        .join(Course, Course.id == Section.course_id)
        .outerjoin(Media, Media.id == Lesson.media_id)
        .outerjoin(LessonProgress, mine)
        .where(Lesson.id == lesson.id, Lesson.deleted_at.is_(None), Course.id == enrollment.course_id),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _tick(enrollment: Enrollment, visit: _Visit, actor: User) -> bool:
    if visit.row.completed_at is not None:
        return False
    visit.row.completed_at = now()
    emit(
        LessonCompleted(
            enrollment_id=enrollment.id,
            user_id=enrollment.user_id,
            course_id=enrollment.course_id,
            course_title=visit.course_title,
            lesson_id=visit.row.lesson_id,
            lesson_title=visit.lesson_title,
            course_progress=float(enrollment.progress_percentage),
        ),
        actor=actor,
    )
    return True
