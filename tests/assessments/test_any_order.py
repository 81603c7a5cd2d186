"""Any order of acts at an assessment keeps what must hold."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.closing import close_if_overdue, submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt, extend_attempt
from app.assessments.events import AssessmentSubmitted
from app.assessments.models import Assessment, Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of, attempts_of
from app.core import clock
from app.core.errors import Refused
from tests import make
from tests.assessments.conftest import enrolled, right_values
from tests.facts import captured

STEPS = ("start", "right", "wrong", "blank", "submit", "wait", "close", "grade", "cancel", "extend")
KINDS = ("multiple_choice", "numeric", "essay")
acts = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(-2, 8)), min_size=1, max_size=16)


def take(step: str, place: int, number: int, assessment: Assessment, learner: User) -> None:
    attempts = attempts_of(assessment.id, learner.id)
    if step == "start" or not attempts:
        start_attempt(assessment, actor=learner)
        return
    attempt = attempts[number % len(attempts)]
    answer = answers_of(attempt)[place]
    match step:
        case "right":
            save_answer(attempt, answer, right_values(answer), sequence=max(0, number), actor=learner)
        case "wrong":
            first = answer.drawn["options"][-1][0] if answer.drawn else "-1"
            save_answer(attempt, answer, [first], actor=learner)
        case "blank":
            save_answer(attempt, answer, [], actor=learner)
        case "submit":
            submit_attempt(attempt, actor=learner)
        case "close":
            close_if_overdue(attempt)
        case "grade":
            grade_answer(answer, Decimal(number), actor=assessment.owner)
        case "cancel":
            cancel_attempt(attempt, reason="Uji", actor=assessment.owner)
        case "extend":
            extend_attempt(attempt, abs(number), reason="Uji", actor=assessment.owner)


def check(attempt: Attempt) -> None:
    answers = answers_of(attempt)
    assert attempt.max_score == sum(each.points for each in answers)
    assert all(each.score is None or 0 <= each.score <= each.points for each in answers)
    has_result = attempt.status in (AttemptStatus.GRADED, AttemptStatus.EXPIRED)
    if attempt.status != AttemptStatus.CANCELLED:
        assert (attempt.score is not None) == (attempt.passed is not None) == has_result
    if has_result:
        assert attempt.score is not None
        assert attempt.percentage is not None
        assert 0 <= attempt.score <= attempt.max_score
        assert attempt.score == sum(each.score or 0 for each in answers)
        assert attempt.passed == (attempt.percentage >= attempt.policy["passing_score"])
    assert (attempt.submitted_at is None) or attempt.status != AttemptStatus.IN_PROGRESS


@given(acts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_keeps_scores_in_range_and_one_result_an_attempt(
    app: Flask, acts: list[tuple[str, int, int]]
) -> None:
    assessment = make.assessment(kinds=KINDS, max_attempts=3, time_limit_minutes=5, passing_score=60)
    learner = enrolled(assessment)
    moment = clock.now()
    results: dict[int, AttemptStatus] = {}
    with captured(AssessmentSubmitted) as ends:
        for step, place, number in acts:
            moment += timedelta(minutes=2 if step == "wait" else 0, seconds=1)
            with clock.at(moment), contextlib.suppress(Refused):
                take(step, place, number, assessment, learner)
            attempts = attempts_of(assessment.id, learner.id)
            assert sum(each.is_open for each in attempts) <= 1
            assert [each.number for each in attempts] == list(range(1, len(attempts) + 1))
            assert sum(each.status != AttemptStatus.CANCELLED for each in attempts) <= 3
            for each in attempts:
                check(each)
                ended = results.get(each.id)
                assert ended is None or each.status in {ended, AttemptStatus.GRADED, AttemptStatus.CANCELLED}
                if not each.is_open:
                    results[each.id] = each.status
    assert len({each.attempt_id for each in ends}) == len(ends)
