"""Numbers on the course row that packages above keep: they call down in their own transaction."""

from __future__ import annotations

from sqlalchemy import update

from app.core.db import action, db
from app.courses.models import Course


@action
def count_enrollments(course_id: int, *, active: int = 0, completed: int = 0) -> None:
    """Moves the course's two counters by so much. Whoever changes an enrolment calls it in the same transaction."""
    db.session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(
            active_enrollments_count=Course.active_enrollments_count + active,
            completed_enrollments_count=Course.completed_enrollments_count + completed,
        ),
        execution_options={"synchronize_session": False},
    )


@action
def count_reviews(course_id: int, *, count: int, total: int) -> None:
    """The course has so many reviews, with so many stars together."""
    db.session.execute(
        update(Course).where(Course.id == course_id).values(rating_count=count, rating_sum=total),
        execution_options={"synchronize_session": False},
    )
