"""What follows when something was done in a course."""

from __future__ import annotations

from app.core.db import db
from app.enrollments.events import UserReenrolled
from app.enrollments.models import Enrollment
from app.events import Delivery, receiver
from app.progress.actions import recalculate
from app.progress.events import LessonCompleted


@receiver(LessonCompleted, UserReenrolled)
def recalculate_progress(event: LessonCompleted | UserReenrolled, delivery: Delivery) -> None:
    enrollment = db.session.get_one(Enrollment, event.enrollment_id)
    recalculate(enrollment, lesson_id=event.lesson_id if isinstance(event, LessonCompleted) else None)
