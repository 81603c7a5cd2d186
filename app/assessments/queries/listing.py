"""The assessments of a course as one learner finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from app.assessments.models import Assessment, AssessmentStatus, Attempt, AttemptStatus, Show
from app.core.clock import now
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
            Assessment.show_score,
            has(Attempt.status == AttemptStatus.IN_PROGRESS),
            has(Attempt.passed.is_(True) & counts),
            has(Attempt.status == AttemptStatus.SUBMITTED),
        )
        .outerjoin(Attempt, mine)
        .where(Assessment.course_id == course_id, Assessment.status == AssessmentStatus.PUBLISHED)
        .group_by(*shown, Assessment.show_score, Assessment.position)
        .order_by(Assessment.position, Assessment.id)
    )
    return [_listed(row) for row in rows]


def _listed(row: Any) -> ListedAssessment:
    """That it was passed is told only as far as its score is."""
    *shown, show_score, is_open, is_passed, is_waiting = row
    closes_at = shown[5]
    tells = show_score == Show.NOW or (show_score == Show.AFTER_CLOSE and closes_at is not None and closes_at <= now())
    return ListedAssessment(*shown, bool(is_open), bool(is_passed and tells), bool(is_waiting))
