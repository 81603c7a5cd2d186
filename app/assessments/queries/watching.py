"""Who is at an assessment right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.assessments.models import Answer, Attempt, AttemptStatus, Extension
from app.core.clock import now
from app.core.db import db
from app.enrollments.models import Enrollment, EnrollmentStatus


@dataclass(frozen=True)
class Sitting:
    """One attempt that runs."""

    public_id: str
    name: str
    number: int
    answered: int
    questions: int
    last_saved_at: datetime | None
    started_at: datetime
    deadline_at: datetime | None

    @property
    def seconds_left(self) -> int | None:
        """None where time does not run."""
        return None if self.deadline_at is None else max(0, int((self.deadline_at - now()).total_seconds()))


def sittings(assessment_id: int) -> list[Sitting]:
    """The attempts that run, by name. One statement."""
    is_answered = or_(Answer.response.is_not(None), Answer.media_id.is_not(None))
    shown = (Attempt.public_id, User.name, Attempt.number)
    moments = (Attempt.started_at, Attempt.deadline_at)
    rows = db.session.execute(
        select(*shown, func.count(case((is_answered, 1))), func.count(Answer.id), func.max(Answer.saved_at), *moments)
        .join(User, User.id == Attempt.user_id)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.assessment_id == assessment_id, Attempt.status == AttemptStatus.IN_PROGRESS)
        .group_by(Attempt.id, *shown, *moments)
        .order_by(User.name, Attempt.id)
    )
    return [Sitting(*row) for row in rows]


def extensions_of(assessment_id: int) -> Sequence[Extension]:
    """What single persons may have beyond the rules, with the persons. One statement."""
    found = select(Extension).where(Extension.assessment_id == assessment_id)
    return db.session.scalars(
        found.options(joinedload(Extension.user, innerjoin=True)).order_by(Extension.given_at.desc())
    ).all()


def learners_of(course_id: int) -> Sequence[User]:
    """Who is in the course, by name. One statement."""
    inside = (Enrollment.course_id == course_id) & (Enrollment.status != EnrollmentStatus.DROPPED)
    return db.session.scalars(
        select(User).join(Enrollment, Enrollment.user_id == User.id).where(inside).order_by(User.name, User.id)
    ).all()
