"""What happens between a learner and a course."""

from __future__ import annotations

from datetime import datetime

from app.events import event


@event("enrollment.created", aggregate=("enrollment", "enrollment_id"))
class UserEnrolled:
    """Somebody is in a course for the first time."""

    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    invited_by: int | None


@event("enrollment.reactivated", aggregate=("enrollment", "enrollment_id"))
class UserReenrolled:
    """Somebody who had dropped a course takes it up again. Without `progress_preserved` it begins anew."""

    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    progress_preserved: bool
    previous_progress: float
    """Percent, when the course was dropped."""


@event("enrollment.course_started", aggregate=("enrollment", "enrollment_id"))
class CourseStarted:
    """The first progress in a course was recorded. Stated once per enrolment."""

    enrollment_id: int
    user_id: int
    course_id: int


@event("enrollment.dropped", aggregate=("enrollment", "enrollment_id"))
class UserDropped:
    """A learner has stopped taking a course, or was taken out of it."""

    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    reason: str | None
    progress_at_drop: float


@event("enrollment.completed", aggregate=("enrollment", "enrollment_id"))
class EnrollmentCompleted:
    """A learner has met every requirement of a course. Stated once per enrolment."""

    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    enrolled_at: datetime
    completed_at: datetime
    total_time_spent: int
    """Seconds in the lessons of the course."""


@event("review.added", aggregate=("review", "review_id"))
class ReviewAdded:
    """A learner says for the first time what a course is worth. `rating` is 1 to 5."""

    review_id: int
    user_id: int
    course_id: int
    course_title: str
    rating: int


@event("review.updated", aggregate=("review", "review_id"))
class ReviewUpdated:
    """A learner has changed what was said of a course. `rating` is the new one."""

    review_id: int
    user_id: int
    course_id: int
    course_title: str
    rating: int


@event("review.removed", aggregate=("review", "review_id"))
class ReviewRemoved:
    """A review is no more: taken back by its author, or removed by an admin for a reason."""

    review_id: int
    user_id: int
    course_id: int
    course_title: str
    reason: str | None
