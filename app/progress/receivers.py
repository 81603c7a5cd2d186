"""What follows when something was done in a course, and when a course asks for something else than before."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.assessments.events import (
    AssessmentGraded,
    AssessmentPublished,
    AssessmentUnpublished,
    AssessmentUpdated,
    AttemptCancelled,
)
from app.core.db import db
from app.core.i18n import format_number
from app.courses.events import CourseUpdated, LessonAdded, LessonDeleted, LessonRestored, LessonUpdated
from app.courses.models import Course
from app.enrollments.events import UserReenrolled
from app.enrollments.models import Enrollment
from app.events import Delivery, receiver
from app.events.models import Task
from app.events.tasks import TaskKind, add_kind
from app.progress.actions import recalculate, recalculate_next, request_recalculation
from app.progress.actions.recalculating import KIND
from app.progress.events import LessonCompleted

CourseChanged = (
    LessonAdded
    | LessonDeleted
    | LessonRestored
    | LessonUpdated
    | CourseUpdated
    | AssessmentPublished
    | AssessmentUnpublished
    | AssessmentUpdated
)


Done = LessonCompleted | AssessmentGraded | AttemptCancelled | UserReenrolled


@receiver(LessonCompleted, AssessmentGraded, AttemptCancelled, UserReenrolled)
def recalculate_progress(
    event: LessonCompleted | AssessmentGraded | AttemptCancelled | UserReenrolled, delivery: Delivery
) -> None:
    enrollment = db.session.get_one(Enrollment, event.enrollment_id)
    recalculate(enrollment, lesson_id=event.lesson_id if isinstance(event, LessonCompleted) else None)


@receiver(
    LessonAdded,
    LessonDeleted,
    LessonRestored,
    LessonUpdated,
    CourseUpdated,
    AssessmentPublished,
    AssessmentUnpublished,
    AssessmentUpdated,
    queue="default",
)
def recalculate_course(event: CourseChanged, delivery: Delivery) -> None:
    if _counts(event):
        author = delivery.record.actor_id
        request_recalculation(event.course_id, actor=db.session.get(User, author) if author else None)


def _counts(event: CourseChanged) -> bool:
    """Whether percentages hang on what was changed."""
    if isinstance(event, CourseUpdated):
        return "progress_mode" in event.changes
    if isinstance(event, LessonUpdated):
        return not {"is_required", "minutes"}.isdisjoint(event.fields)
    if isinstance(event, AssessmentUpdated):
        return "is_required" in event.fields  # of a draft too: it may have been published when this was stated
    return event.is_required


def summary(task: Task) -> list[str]:
    sentences = {"moved": _("Progres %(n)s peserta berubah."), "completed": _("%(n)s peserta menyelesaikan kursus.")}
    counts = ((sentence, task.report.get(name, 0)) for name, sentence in sentences.items())
    told = [sentence % {"n": format_number(count)} for sentence, count in counts if count]
    return told or [_("Progres semua peserta sudah sesuai.")]


def onward(task: Task) -> tuple[str, str]:
    course = db.session.get_one(Course, task.params["course_id"])
    return _("Ke kursus"), url_for("courses.editor", slug=course.slug)


add_kind(TaskKind(KIND, _l("Hitung ulang progres peserta"), recalculate_next, summary, onward))
