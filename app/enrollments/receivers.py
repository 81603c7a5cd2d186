"""What enrolments do when something happened: the stars of a course are counted."""

from __future__ import annotations

from app.accounts.actions.anonymizing import add_eraser
from app.enrollments.actions import forget_words, recount_reviews
from app.enrollments.events import ReviewAdded, ReviewRemoved, ReviewUpdated
from app.events import Delivery, receiver

add_eraser(forget_words)


@receiver(ReviewAdded, ReviewUpdated, ReviewRemoved)
def count_reviews(event: ReviewAdded | ReviewUpdated | ReviewRemoved, delivery: Delivery) -> None:
    recount_reviews(event.course_id)
