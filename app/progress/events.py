"""The facts of learning."""

from __future__ import annotations

from app.events import event


@event("lesson.completed", aggregate=("enrollment", "enrollment_id"))
class LessonCompleted:
    """A learner has completed a lesson, by the button or by its own rule. Stated once per lesson and learner."""

    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    lesson_id: int
    lesson_title: str
    course_progress: float
    """Percent, before the recalculation that follows."""


@event("progress.updated", aggregate=("enrollment", "enrollment_id"), audited=False)
class ProgressUpdated:
    """A recalculation has changed the percentage of an enrolment."""

    enrollment_id: int
    user_id: int
    course_id: int
    lesson_id: int | None
    """The lesson whose completion caused it, if one did."""
    course_progress: float
    lesson_progress: float | None
    """Percent of that lesson."""
    is_completed: bool
