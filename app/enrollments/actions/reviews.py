"""Verbs on reviews. The numbers on the course row follow by a receiver."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, id_of, lock
from app.core.errors import Refused
from app.core.once import insert_once
from app.courses.actions import count_reviews
from app.courses.models import Course
from app.enrollments.access import may_review
from app.enrollments.events import ReviewAdded, ReviewRemoved, ReviewUpdated
from app.enrollments.models import Review
from app.enrollments.queries import enrollment_of, review_of
from app.events import emit


class NotALearner(Refused):
    """Who is not in the course, and has not completed it, has nothing to say of it."""


class WithoutReason(Refused):
    """Somebody else's review is removed for a reason, or not at all."""


@action
def write_review(course: Course, rating: int, text: str, *, actor: User) -> Review:
    """The actor says this of the course, instead of what was said before. `rating` is 1 to 5.

    States ReviewAdded, or ReviewUpdated when it was another; nothing when it was the same. Raises NotALearner.
    """
    lock(course)
    if not may_review(enrollment_of(actor.id, course.id)):
        raise NotALearner(_("Hanya peserta kursus ini yang dapat menulis ulasan."))
    said = {"rating": rating, "text": text}
    review = insert_once(Review, user_id=actor.id, course_id=course.id, **said)
    if review is not None:
        emit(ReviewAdded(**_names(review, course), rating=rating), actor=actor)
        return review
    review = review_of(course, actor)
    assert review is not None  # noqa: S101 - the unique constraint has just said so, and the course is locked
    if (review.rating, review.text) != (rating, text):
        review.rating, review.text, review.updated_at = rating, text, now()
        emit(ReviewUpdated(**_names(review, course), rating=rating), actor=actor)
    return review


@action
def remove_review(review: Review, reason: str | None = None, *, actor: User) -> None:
    """The review is no more. States ReviewRemoved, once.

    Raises WithoutReason, with the field `reason`, when it is somebody else's and no reason is given.
    """
    there = db.session.scalar(select(Review).where(Review.id == id_of(review)))
    if there is None:
        return
    course = db.session.get_one(Course, there.course_id)
    if there.user_id != actor.id and not reason:
        raise WithoutReason(_("Tulis alasannya. Penulis ulasan akan membacanya."), "reason")
    lock(course)
    names = _names(there, course)
    if db.session.scalar(delete(Review).where(Review.id == there.id).returning(Review.id)):
        emit(ReviewRemoved(**names, reason=reason or None), actor=actor)


@action
def recount_reviews(course_id: int) -> None:
    """The numbers on the course row are those of its reviews. They are counted, never moved by one: twice is harmless.

    The course is locked first: of two who count at once the second sees what the first has seen.
    """
    lock(db.session.get_one(Course, course_id))
    count, total = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Review.rating), 0)).where(Review.course_id == course_id)
    ).one()
    count_reviews(course_id, count=count, total=total)


@action
def forget_words(user: User, _name_on_papers: str | None) -> None:
    """What the person wrote in reviews is gone; the stars still count."""
    db.session.execute(update(Review).where(Review.user_id == user.id).values(text=""))


def _names(review: Review, course: Course) -> dict[str, Any]:
    return {
        "review_id": review.id,
        "user_id": review.user_id,
        "course_id": course.id,
        "course_title": course.title,
    }
