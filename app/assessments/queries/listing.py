"""The assessments of a course as one learner finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from app.assessments.models import Assessment, AssessmentStatus, Attempt, AttemptStatus, Show
from app.assessments.queries.attempts import COUNTED, is_written_at
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
    """And the learner may know it: what `access.shows` says of the score of a passed attempt."""
    is_waiting: bool
    """An attempt waits to be graded by a human."""


def listed_assessments(course_id: int, user_id: int | None) -> list[ListedAssessment]:
    """The published assessments of the course in their order, by one statement."""
    mine = and_(Attempt.assessment_id == Assessment.id, Attempt.user_id == user_id)
    passed = and_(Attempt.passed.is_(True), Attempt.status.in_(COUNTED))
    rule = Attempt.policy["show_score"].as_string()
    rows = db.session.execute(
        select(
            Assessment,
            _any(Attempt.status == AttemptStatus.IN_PROGRESS),
            _any(Attempt.status == AttemptStatus.SUBMITTED),
            _any(and_(passed, rule == Show.NOW)),
            _any(and_(passed, rule == Show.AFTER_CLOSE)),
            is_written_at(Assessment.id),
        )
        .outerjoin(Attempt, mine)
        .where(Assessment.course_id == course_id, Assessment.status == AssessmentStatus.PUBLISHED)
        .group_by(Assessment.id)
        .order_by(Assessment.position, Assessment.id)
    )
    return [
        _listed(assessment, is_open, is_waiting, told or (told_later and assessment.has_closed and not is_written))
        for assessment, is_open, is_waiting, told, told_later, is_written in rows
    ]


def _any(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether it holds for any row of the group."""
    return func.max(case((condition, 1), else_=0)) == 1


def _listed(assessment: Assessment, is_open: bool, is_waiting: bool, is_passed: bool) -> ListedAssessment:
    return ListedAssessment(
        assessment.id,
        assessment.title,
        assessment.kind,
        assessment.time_limit_minutes,
        assessment.is_required,
        assessment.closes_at,
        is_open=is_open,
        is_passed=is_passed,
        is_waiting=is_waiting,
    )
