"""Verbs on enrolments and reviews."""

from app.enrollments.actions.enrolling import (
    AlreadyEnrolled,
    EnrollmentClosed,
    NotEnrolled,
    complete,
    drop,
    enroll,
    reenroll,
    set_progress,
    start,
)
from app.enrollments.actions.reviews import (
    NotALearner,
    WithoutReason,
    forget_words,
    recount_reviews,
    remove_review,
    write_review,
)

__all__ = [
    "AlreadyEnrolled",
    "EnrollmentClosed",
    "NotALearner",
    "NotEnrolled",
    "WithoutReason",
    "complete",
    "drop",
    "enroll",
    "forget_words",
    "recount_reviews",
    "reenroll",
    "remove_review",
    "set_progress",
    "start",
    "write_review",
]
