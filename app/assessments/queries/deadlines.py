"""What ends next for a learner, over all courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.assessments.models import Assessment, AssessmentStatus, Attempt, AttemptStatus, Extension, Show
from app.assessments.rules import attempts_allowed, closing_time
from app.core.clock import now
from app.core.db import db
from app.enrollments.models import Enrollment
from app.enrollments.queries import INSIDE

MOST = 5
"""Deadlines that are told at once."""


@dataclass(frozen=True)
class Deadline:
    """An attempt that runs (`attempt` is its public id), or an assessment at which one may still be begun."""

    assessment_id: int
    title: str
    course_title: str
    ends_at: datetime
    opens_at: datetime | None
    """Only as long as it has not opened."""
    attempt: str | None


def deadlines_of(user_id: int) -> list[Deadline]:
    """At most `MOST`, in the courses that the person is inside of: running attempts first, then what closes soonest.

    What is passed is left out only where the learner has been told so: the list tells no hidden result. One statement.
    """
    moment = now()
    rows = db.session.execute(_unfinished(user_id, moment))
    found = [_deadline(row, moment) for row in rows if _is_due(row)]
    return sorted(found, key=lambda each: (each.attempt is None, each.ends_at, each.assessment_id))[:MOST]


def _unfinished(user_id: int, moment: datetime) -> Select[Any]:
    """Assessments whose end is to come for the person, each with the attempt that runs, and how many were begun."""
    begun = _begun(user_id)
    runs = and_(Attempt.status == AttemptStatus.IN_PROGRESS, Attempt.deadline_at > moment)
    closes_at = func.coalesce(Extension.closes_at, Assessment.closes_at)
    open_to_all = and_(Assessment.status == AssessmentStatus.PUBLISHED, closes_at > moment)
    inside = and_(Enrollment.user_id == user_id, Enrollment.status.in_(INSIDE))
    return (
        select(Assessment, Attempt, Extension, func.coalesce(begun.c.used, 0).label("used"), begun.c.told)
        .join(Enrollment, and_(Enrollment.course_id == Assessment.course_id, inside))
        .outerjoin(Attempt, and_(Attempt.assessment_id == Assessment.id, Attempt.user_id == user_id, runs))
        .outerjoin(Extension, and_(Extension.assessment_id == Assessment.id, Extension.user_id == user_id))
        .outerjoin(begun, begun.c.assessment_id == Assessment.id)
        .where(or_(Attempt.id.is_not(None), open_to_all))
        .options(joinedload(Assessment.course, innerjoin=True))
    )


def _begun(user_id: int) -> Subquery:
    """By assessment: `used` attempts, and whether the learner was told of a pass.

    What is shown after the close is not shown yet: nothing that has closed is asked about.
    """
    told = and_(Attempt.passed.is_(True), Attempt.policy["show_score"].as_string() == Show.NOW)
    return (
        select(Attempt.assessment_id, func.count().label("used"), func.max(case((told, 1), else_=0)).label("told"))
        .where(Attempt.user_id == user_id, Attempt.status != AttemptStatus.CANCELLED)
        .group_by(Attempt.assessment_id)
        .subquery()
    )


def _is_due(row: Row[Any]) -> bool:
    assessment, attempt, extension, used, told = row
    allowed = attempts_allowed(assessment, extension)
    return attempt is not None or (not told and (allowed is None or used < allowed))


def _deadline(row: Row[Any], moment: datetime) -> Deadline:
    assessment, attempt, extension, *_begun = row
    is_to_open = assessment.opens_at is not None and assessment.opens_at > moment
    return Deadline(
        assessment_id=assessment.id,
        title=assessment.title,
        course_title=assessment.course.title,
        ends_at=attempt.deadline_at if attempt else closing_time(assessment, extension),
        opens_at=assessment.opens_at if is_to_open else None,
        attempt=attempt.public_id if attempt else None,
    )
