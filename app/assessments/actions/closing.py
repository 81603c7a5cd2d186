"""The end of an attempt: handed in by the learner, or closed at the deadline. What a key can grade is graded here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import User
from app.assessments import grading
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.models import Answer, Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.assessments.questions import type_of
from app.assessments.states import ATTEMPT
from app.core.clock import now
from app.core.db import action, db, lock
from app.events import emit, transition

GRACE = timedelta(seconds=10)
"""How long after the deadline a save is still accepted: what was sent in time may be on its way."""


@action
def submit_attempt(attempt: Attempt, *, actor: User) -> bool:
    """The attempt has ended and what a key can grade is graded; whether it was handed in by this.

    It was not when it had ended before, which changes nothing, nor when its time was up: past the grace it ends as by
    `close_if_overdue`, and past the deadline without any answer it expires. States AssessmentSubmitted, and
    AssessmentGraded when no answer waits for a human.
    """
    if close_if_overdue(attempt):
        return False
    _close(attempt, actor)
    return attempt.status != AttemptStatus.EXPIRED


@action
def close_if_overdue(attempt: Attempt) -> bool:
    """An attempt whose deadline and grace have passed ended at its deadline; whether it is closed now, however long."""
    lock(attempt)
    if attempt.is_open and attempt.deadline_at is not None and now() > attempt.deadline_at + GRACE:
        _close(attempt, None)
    return not attempt.is_open


def _close(attempt: Attempt, actor: User | None) -> None:
    answers = answers_of(attempt)
    answered = any(each.is_answered for each in answers)
    late = attempt.deadline_at is not None and now() > attempt.deadline_at
    expires = late and not answered
    waits = not expires and any(type_of(each.asked).is_human for each in answers)
    _grade_by_key(answers, humans_too=expires)
    status = AttemptStatus.EXPIRED if expires else AttemptStatus.SUBMITTED if waits else AttemptStatus.GRADED
    settled = {} if waits else result_of(attempt, answers)
    transition(attempt, status, ATTEMPT, actor=actor, submitted_at=attempt.deadline_at if late else now(), **settled)
    emit(AssessmentSubmitted(**names_of(attempt), status=status, requires_manual_grading=waits), actor=actor)
    if not waits:
        tell_result(attempt, actor=actor, graded_by=None)


def _grade_by_key(answers: Sequence[Answer], *, humans_too: bool) -> None:
    """By one statement. What a human grades keeps no score; with `humans_too` it has none to earn."""
    rows = []
    for each in answers:
        grade = type_of(each.asked).grade
        if grade is not None:
            score: Decimal | None = grade(each.asked, each) if each.is_answered else grading.NOTHING
        else:
            score = grading.NOTHING if humans_too else None
        rows.append({"id": each.id, "score": score, "graded_at": now() if score is not None else None})
        set_committed_value(each, "score", score)  # known here, and written below
    db.session.execute(update(Answer), rows)


def result_of(attempt: Attempt, answers: Sequence[Answer]) -> dict[str, Any]:
    """The columns of an attempt whose answers are all graded."""
    score = sum((each.score for each in answers if each.score is not None), start=grading.NOTHING)
    percentage = grading.percentage(score, attempt.max_score)
    return {
        "score": score,
        "percentage": percentage,
        "passed": grading.passes(percentage, attempt.policy["passing_score"]),
        "graded_at": now(),
    }


def names_of(attempt: Attempt) -> dict[str, Any]:
    """What every fact of an attempt's end names."""
    return {
        "attempt_id": attempt.id,
        "assessment_id": attempt.assessment_id,
        "course_id": attempt.assessment.course_id,
        "enrollment_id": attempt.enrollment_id,
        "user_id": attempt.user_id,
        "assessment_title": attempt.assessment.title,
    }


def tell_result(attempt: Attempt, *, actor: User | None, graded_by: int | None) -> None:
    """States AssessmentGraded of an attempt that has a result."""
    emit(
        AssessmentGraded(
            **names_of(attempt),
            score=float(attempt.score or 0),
            max_score=float(attempt.max_score),
            percentage=float(attempt.percentage or 0),
            passed=bool(attempt.passed),
            graded_by=graded_by,
        ),
        actor=actor,
    )
