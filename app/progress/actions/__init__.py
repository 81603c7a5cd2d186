"""What a learner does in a course, and what follows for the number."""

from app.progress.actions.learning import complete_lesson, record_progress, start_over
from app.progress.actions.recalculating import recalculate, recalculate_next, request_recalculation

__all__ = [
    "complete_lesson",
    "recalculate",
    "recalculate_next",
    "record_progress",
    "request_recalculation",
    "start_over",
]
