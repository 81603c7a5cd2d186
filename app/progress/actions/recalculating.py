"""The number that follows from what was done: of one learner at once, of a whole course by a task."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.core.db import HasId, action, db, lock
from app.courses.models import Course
from app.enrollments import actions as enrollments
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events import emit
from app.events.models import Task
from app.events.tasks import STEP_ROWS, request_task
from app.progress.calculators import Evidence
from app.progress.events import ProgressUpdated
from app.progress.queries import evidence_of, evidence_of_many, time_spent

KIND = "progress.course"


@action
def recalculate(enrollment: Enrollment, *, lesson_id: int | None = None) -> Evidence:
    """Brings the percentage up to what was done, and completes the enrolment when nothing is missing.

    States `ProgressUpdated` when the number changed. An enrolment that is not active keeps its number.
    """
    lock(enrollment)
    evidence = evidence_of(enrollment, db.session.get_one(Course, enrollment.course_id))
    if enrollment.is_active:
        _settle(enrollment, evidence, lesson_id)
    return evidence


@action
def request_recalculation(course_id: int, *, actor: HasId | None) -> Task | None:
    """Everybody active in the course gets, by a task, the number that follows from the course as it is now.

    A task of the course that is not finished begins again instead of another one. None when nobody is active.
    """
    people = db.session.scalars(select(func.count()).where(*_active_in(course_id))).one()
    if not people:
        return None
    # Locked: a step that is under way may have read the course before it was changed.
    task = db.session.scalar(
        select(Task)
        .where(Task.kind == KIND, Task.finished_at.is_(None), Task.params["course_id"].as_integer() == course_id)
        .order_by(Task.created_at)
        .limit(1)
        .with_for_update()
    )
    if task is None:
        return request_task(KIND, total=people, actor=actor, params={"course_id": course_id})
    task.done, task.total, task.report = 0, people, {}
    return task


def recalculate_next(task: Task) -> None:
    """A step of that task: the next active enrolments, by their ids. `report` counts who moved and who completed."""
    course_id, report = task.params["course_id"], task.report
    waiting = db.session.scalars(
        select(Enrollment)
        .where(*_active_in(course_id), Enrollment.id > report.get("last", 0))
        .order_by(Enrollment.id)
        .limit(STEP_ROWS + 1)
        .with_for_update(of=Enrollment)
        .execution_options(populate_existing=True)
    ).all()
    rows = waiting[:STEP_ROWS]
    # Read under the locks: whoever completes a lesson now waits, and counts with the course as it is then.
    evidences = evidence_of_many([each.id for each in rows], db.session.get_one(Course, course_id))
    moved = sum(_settle(each, evidences[each.id]) for each in rows)
    completed = sum(each.is_completed for each in rows)
    task.report = {
        "last": rows[-1].id if rows else report.get("last", 0),
        "moved": report.get("moved", 0) + moved,
        "completed": report.get("completed", 0) + completed,
    }
    task.done += len(rows)
    if len(waiting) > STEP_ROWS:
        task.total = max(task.total, task.done + 1)  # some came back meanwhile: nobody is left out
    else:
        task.done = task.total = max(task.total, task.done)  # some dropped out meanwhile: nobody is waited for


def _active_in(course_id: int) -> tuple[ColumnElement[bool], ...]:
    return Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE


def _settle(enrollment: Enrollment, evidence: Evidence, lesson_id: int | None = None) -> bool:
    """The active enrolment has the number of the evidence, and is completed by it; whether the number moved."""
    moved = enrollment.progress_percentage != evidence.percentage
    if moved:
        enrollments.set_progress(enrollment, evidence.percentage)
        emit(_updated(enrollment, evidence, lesson_id))
    if evidence.is_complete:
        enrollments.complete(enrollment, total_time_spent=time_spent(enrollment.id))
    return moved


def _updated(enrollment: Enrollment, evidence: Evidence, lesson_id: int | None) -> ProgressUpdated:
    return ProgressUpdated(
        enrollment_id=enrollment.id,
        user_id=enrollment.user_id,
        course_id=enrollment.course_id,
        lesson_id=lesson_id,
        course_progress=float(evidence.percentage),
        lesson_progress=None if lesson_id is None else 100.0,
        is_completed=evidence.is_complete,
    )
