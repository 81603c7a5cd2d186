"""Reads of attempts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, SQLColumnExpression, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.assessments.models import (
    Answer,
    Assessment,
    AssessmentStatus,
    Attempt,
    AttemptStatus,
    Extension,
    QuestionVersion,
)
from app.core.clock import now
from app.core.db import db
from app.core.security import LARGEST_ID
from app.enrollments.models import Enrollment

COUNTED = (AttemptStatus.GRADED, AttemptStatus.EXPIRED)
"""Attempts with a result."""


@dataclass(frozen=True)
class Standing:
    """How one person stands to an assessment. `used` counts attempts that were not cancelled."""

    used: int
    last_number: int
    open_id: int | None
    waiting: int
    """Attempts that wait for a human to grade them."""
    best: Decimal | None
    """Percent of the best graded attempt: the Nilai."""
    passed_at: datetime | None


def standing_of(assessment_id: int, user_id: int) -> Standing:
    """By one statement."""
    counts = Attempt.status != AttemptStatus.CANCELLED
    row = db.session.execute(
        select(
            func.count(case((counts, 1))),
            func.coalesce(func.max(Attempt.number), 0),
            func.max(case((Attempt.status == AttemptStatus.IN_PROGRESS, Attempt.id))),
            func.count(case((Attempt.status == AttemptStatus.SUBMITTED, 1))),
            func.max(case((Attempt.status.in_(COUNTED), Attempt.percentage))),
            func.min(case((Attempt.passed.is_(True) & counts, Attempt.graded_at))),
        ).where(Attempt.assessment_id == assessment_id, Attempt.user_id == user_id)
    ).one()
    return Standing(*row)


def extension_of(assessment_id: int, user_id: int) -> Extension | None:
    """What the person may have beyond the rules."""
    return db.session.scalar(
        select(Extension).where(Extension.assessment_id == assessment_id, Extension.user_id == user_id)
    )


def is_written(assessment_id: int) -> bool:
    """Whether an attempt runs, or somebody may still begin one by an extension. One statement."""
    return bool(db.session.scalar(select(is_written_at(assessment_id))))


def is_written_at(assessment_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that `is_written` is, also for the column of a statement about assessments."""
    other = aliased(Attempt)  # the statement may read attempts of its own
    runs = exists().where(other.assessment_id == assessment_id, other.status == AttemptStatus.IN_PROGRESS)
    may = exists().where(Extension.assessment_id == assessment_id, Extension.closes_at > now())
    return or_(runs, may)


def attempt_by_public_id(public_id: str) -> Attempt | None:
    """The attempt with its enrolment, its assessment and course."""
    return db.session.scalar(
        select(Attempt)
        .where(Attempt.public_id == public_id)
        .options(
            joinedload(Attempt.enrollment, innerjoin=True),
            joinedload(Attempt.assessment, innerjoin=True).joinedload(Assessment.course, innerjoin=True),
        )
    )


def answers_of(attempt: Attempt) -> Sequence[Answer]:
    """The questions of the attempt with what was answered, in their order, by two statements."""
    return db.session.scalars(
        select(Answer)
        .where(Answer.attempt_id == attempt.id)
        .order_by(Answer.position)
        .options(
            joinedload(Answer.asked, innerjoin=True).options(selectinload(QuestionVersion.options)),
            joinedload(Answer.media),
        )
        .execution_options(populate_existing=True)
    ).all()


def answer_at(attempt: Attempt, position: int) -> Answer | None:
    """The question at that place of the attempt, counted from 1, with its version."""
    if not 0 < position <= LARGEST_ID:
        return None
    return db.session.scalar(
        select(Answer)
        .where(Answer.attempt_id == attempt.id, Answer.position == position)
        .options(joinedload(Answer.asked, innerjoin=True))
    )


def attempts_of(assessment_id: int, user_id: int) -> Sequence[Attempt]:
    """Every attempt of the person, the first one first."""
    mine = select(Attempt).where(Attempt.assessment_id == assessment_id, Attempt.user_id == user_id)
    return db.session.scalars(mine.order_by(Attempt.number)).all()


@dataclass(frozen=True)
class Required:
    """A published required assessment, and when the learner passed it."""

    id: int
    title: str
    passed_at: datetime | None


def required_of(enrollment_ids: Collection[int]) -> dict[int, list[Required]]:
    """By enrolment: the published required assessments of its course in their order. One statement."""
    passed = case((Attempt.passed.is_(True) & (Attempt.status != AttemptStatus.CANCELLED), Attempt.graded_at))
    mine = (Attempt.assessment_id == Assessment.id) & (Attempt.enrollment_id == Enrollment.id)
    counted = (Assessment.status == AssessmentStatus.PUBLISHED) & Assessment.is_required
    rows = db.session.execute(
        select(Enrollment.id, Assessment.id, Assessment.title, func.min(passed))
        .join(Assessment, (Assessment.course_id == Enrollment.course_id) & counted)
        .outerjoin(Attempt, mine)
        .where(Enrollment.id.in_(enrollment_ids))
        .group_by(Enrollment.id, Assessment.id, Assessment.title, Assessment.position)
        .order_by(Assessment.position, Assessment.id)
    )
    found: dict[int, list[Required]] = {}
    for enrollment_id, *required in rows:
        found.setdefault(enrollment_id, []).append(Required(*required))
    return found


def answer_by_id(answer_id: int) -> Answer | None:
    """The answer with its question, its attempt, and the assessment and person of that."""
    return db.session.scalar(
        select(Answer)
        .where(Answer.id == answer_id)
        .options(
            joinedload(Answer.asked, innerjoin=True).selectinload(QuestionVersion.options),
            joinedload(Answer.media),
            joinedload(Answer.attempt, innerjoin=True).options(
                joinedload(Attempt.user, innerjoin=True),
                joinedload(Attempt.assessment, innerjoin=True).joinedload(Assessment.course, innerjoin=True),
            ),
        )
    )
