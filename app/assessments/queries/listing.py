"""The assessments of a course as one learner finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from app.assessments.models import Assessment, AssessmentStatus, Attempt, AttemptStatus
from app.core.db import db


@dataclass(frozen=True)
class ListedAssessment:
    """A published assessment, and how far the learner is with it."""

    id: int
    title: str
    kind: str
    time_limit_minutes: int | None
    is_required: bool
    closes_at: datetime | None
    is_open: bool
    """An attempt is in progress."""
    is_passed: bool
    is_waiting: bool
    """An attempt waits to be graded by a human."""


def listed_assessments(course_id: int, user_id: int | None) -> list[ListedAssessment]:
    """The published assessments of the course in their order, by one statement."""

    def has(condition: object) -> object:
        return func.coalesce(func.max(case((condition, 1), else_=0)), 0)

    mine = (Attempt.assessment_id == Assessment.id) & (Attempt.user_id == user_id)
    counts = Attempt.status != AttemptStatus.CANCELLED
    shown = (
        Assessment.id,
        Assessment.title,
        Assessment.kind,
        Assessment.time_limit_minutes,
        Assessment.is_required,
        Assessment.closes_at,
    )
    rows = db.session.execute(
        select(
            *shown,
            has(Attempt.status == AttemptStatus.IN_PROGRESS),
            has(Attempt.passed.is_(True) & counts),
            has(Attempt.status == AttemptStatus.SUBMITTED),
        )
        .outerjoin(Attempt, mine)
        .where(Assessment.course_id == course_id, Assessment.status == AssessmentStatus.PUBLISHED)
        .group_by(*shown, Assessment.position)
        .order_by(Assessment.position, Assessment.id)
    )
    return [ListedAssessment(*row[:6], *map(bool, row[6:])) for row in rows]
