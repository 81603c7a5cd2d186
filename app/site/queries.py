"""What a home page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.accounts.models import User
from app.assessments.queries.deadlines import Deadline, deadlines_of
from app.core.db import db
from app.courses.models import Course
from app.enrollments.models import Enrollment
from app.enrollments.queries import enrollments_of_user
from app.progress.models import LessonProgress
from app.progress.queries import StudyLesson, evidence_of, study_outline


@dataclass(frozen=True)
class Resume:
    """Where to go on: the lesson, its number among all, and the minutes of what is missing. No lesson: all are done."""

    course: Course
    percentage: Decimal
    lesson: StudyLesson | None
    number: int
    total: int
    minutes: int


@dataclass(frozen=True)
class Desk:
    """A learner's own courses, and what is due in them; dropped ones are not among them."""

    resume: Resume | None
    deadlines: Sequence[Deadline]
    running: Sequence[Enrollment]
    finished: Sequence[Enrollment]


def desk_of(user: User) -> Desk:
    """Five statements, however many courses, lessons and assessments there are; one for a person without any."""
    enrollments = enrollments_of_user(user.id)
    running = [each for each in enrollments if each.is_active]
    finished = [each for each in enrollments if each.is_completed]
    resume = _resume(_latest(running)) if running else None
    deadlines = deadlines_of(user.id) if running or finished else []
    return Desk(resume, deadlines, running, finished)


def _latest(running: Sequence[Enrollment]) -> Enrollment:
    """The course that was studied last, else the one that was entered last."""
    last = db.session.scalar(
        select(LessonProgress.enrollment_id)
        .where(
            LessonProgress.enrollment_id.in_([each.id for each in running]), LessonProgress.last_viewed_at.is_not(None)
        )
        .order_by(LessonProgress.last_viewed_at.desc())
        .limit(1)
    )
    return next((each for each in running if each.id == last), running[0])


def _resume(enrollment: Enrollment) -> Resume:
    course = enrollment.course
    outline = study_outline(course.id, enrollment.id)
    lesson = outline.resume(enrollment.last_lesson_id)
    lessons = list(outline)
    return Resume(
        course=course,
        percentage=enrollment.progress_percentage,
        lesson=lesson,
        number=lessons.index(lesson) + 1 if lesson else len(lessons),
        total=len(lessons),
        minutes=evidence_of(enrollment, course, outline).missing_minutes,
    )
