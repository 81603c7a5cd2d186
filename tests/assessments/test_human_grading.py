"""What a human grades, grades again, and what a corrected key does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.assessments.actions.answering import save_answer
from app.assessments.actions.bank import change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import claim, grade_answer
from app.assessments.actions.refusals import AttemptClosed, GradeConflict, ScoreOutOfRange
from app.assessments.actions.regrading import NothingToRegrade, regrades, start_regrade
from app.assessments.actions.watching import cancel_attempt
from app.assessments.events import AnswerGraded, AssessmentGraded
from app.assessments.models import Assessment, Attempt, AttemptStatus, GradeChange, Question, QuestionStatistic
from app.assessments.queries.grading import CLAIMED_FOR
from app.assessments.queries.results import outdated_questions
from app.assessments.questions.content import Choice, content_of
from app.core import clock
from app.core.db import db
from app.events.models import Task, TaskState
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun
from tests.facts import captured, drain_all


def handed_in(*kinds: str, **rules: object) -> Attempt:
    """An attempt with everything right that a key can grade."""
    attempt = begun(make.assessment(kinds=kinds, **rules))  # type: ignore[arg-type]
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    return attempt


def test_an_attempt_with_an_essay_waits_and_shows_neither_pass_nor_fail(app: Flask) -> None:
    with captured(AssessmentGraded) as graded:
        attempt = handed_in("multiple_choice", "essay")
    assert (attempt.status, attempt.passed, attempt.percentage, graded) == (AttemptStatus.SUBMITTED, None, None, [])
    assert answer_of(attempt, "multiple_choice").score == Decimal(2)


def test_a_blank_essay_waits_as_well(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("multiple_choice", "essay")))
    answer_right(attempt, "multiple_choice")
    submit_attempt(attempt, actor=attempt.user)
    assert attempt.status == AttemptStatus.SUBMITTED


def test_the_last_grade_makes_the_result(app: Flask) -> None:
    attempt = handed_in("multiple_choice", "essay", "file_upload", passing_score=50)
    grader = attempt.assessment.owner
    grade_answer(answer_of(attempt, "essay"), Decimal("4.5"), feedback="Bagus.", actor=grader)
    assert attempt.status == AttemptStatus.SUBMITTED
    with captured(AnswerGraded, AssessmentGraded) as stated:
        grade_answer(answer_of(attempt, "file_upload"), Decimal(0), actor=grader)
    assert [type(each) for each in stated] == [AnswerGraded, AssessmentGraded]
    assert (attempt.status, attempt.score, attempt.percentage) == (
        AttemptStatus.GRADED,
        Decimal("6.5"),
        Decimal("54.17"),
    )
    assert (attempt.passed, attempt.graded_by) == (True, grader.id)


@pytest.mark.parametrize("score", ["-0.01", "5.01"])
def test_a_score_stays_within_the_points(app: Flask, score: str) -> None:
    attempt = handed_in("essay")
    with pytest.raises(ScoreOutOfRange) as refused:
        grade_answer(answer_of(attempt, "essay"), Decimal(score), actor=attempt.assessment.owner)
    assert refused.value.field == "score"
    assert db.session.scalars(select(GradeChange)).all() == []


def test_who_grades_what_somebody_graded_meanwhile_is_told_so(app: Flask) -> None:
    attempt = handed_in("essay")
    answer = answer_of(attempt, "essay")
    opened = answer.version
    grade_answer(answer, Decimal(3), version=opened, actor=make.admin(name="Ibu Sri"))
    with pytest.raises(GradeConflict, match="Ibu Sri"):
        grade_answer(answer, Decimal(1), version=opened, actor=attempt.assessment.owner)
    assert answer.score == 3


def test_a_grade_may_be_changed_and_what_it_was_is_kept(app: Flask) -> None:
    attempt = handed_in("essay", passing_score=70)
    grader = attempt.assessment.owner
    grade_answer(answer_of(attempt, "essay"), Decimal(5), actor=grader)
    grade_answer(answer_of(attempt, "essay"), Decimal(1), reason="Salin dari teman", actor=grader)
    history = db.session.scalars(select(GradeChange).order_by(GradeChange.id)).all()
    assert [(each.previous, each.score) for each in history] == [(None, Decimal(5)), (Decimal(5), Decimal(1))]
    assert (attempt.status, attempt.passed) == (AttemptStatus.GRADED, False)


def test_a_grade_that_changes_no_result_tells_nobody(app: Flask) -> None:
    attempt = handed_in("essay")
    for number in range(2):
        with captured(AssessmentGraded) as told:
            grade_answer(answer_of(attempt, "essay"), Decimal(5), actor=attempt.assessment.owner)
        assert len(told) == (number == 0)


@pytest.mark.parametrize("ended", [False, True])
def test_nothing_is_graded_in_an_attempt_that_runs_or_was_cancelled(app: Flask, ended: bool) -> None:
    attempt = begun(make.assessment(kinds=("essay",)))
    if ended:
        cancel_attempt(attempt, reason="Curang", actor=attempt.assessment.owner)
    with pytest.raises(AttemptClosed):
        grade_answer(answer_of(attempt, "essay"), Decimal(1), actor=attempt.assessment.owner)


def test_an_answer_is_claimed_by_one_grader_for_a_while(app: Flask) -> None:
    answer = answer_of(handed_in("essay"), "essay")
    first, second = make.user(Role.TRAINER), make.user(Role.TRAINER)
    assert claim(answer, actor=first)
    assert claim(answer, actor=first)
    assert not claim(answer, actor=second)
    with clock.at(clock.now() + CLAIMED_FOR + timedelta(seconds=1)):
        assert claim(answer, actor=second)


def corrected(attempt: Attempt, *, key: str) -> tuple[Assessment, Question]:
    """The key of the attempt's choice is another one from now on."""
    assessment = attempt.assessment
    question = answer_of(attempt, "multiple_choice").asked.question
    content = content_of(question.current)
    options = tuple(replace(each, is_key=each.text == key) for each in content.options)
    assert change_question(question, replace(content, options=options), actor=assessment.owner)
    return assessment, question


def test_t_quz_09_a_corrected_key_touches_nothing_until_it_is_applied(app: Flask) -> None:
    attempt = handed_in("multiple_choice")
    assessment, question = corrected(attempt, key="Arus pendek")
    db.session.refresh(attempt)
    assert (attempt.score, answer_of(attempt, "multiple_choice").asked.number) == (Decimal(2), 1)
    (found,) = regrades(assessment, question)
    assert (found.before, found.after, found.passes) == (Decimal(2), Decimal(0), False)
    assert attempt.score == Decimal(2)


def test_t_quz_09_applied_it_gives_new_scores_with_their_history(app: Flask) -> None:
    attempt = handed_in("multiple_choice")
    other = begun(attempt.assessment)
    wrong = answer_of(other, "multiple_choice")
    texts = {option.id: option.text for option in wrong.asked.options}
    chosen = next(id for id, option in wrong.drawn["options"] if texts[option] == "Arus pendek")
    save_answer(other, wrong, [chosen], actor=other.user)
    submit_attempt(other, actor=other.user)
    assert (attempt.passed, other.passed) == (True, False)
    assessment, question = corrected(attempt, key="Arus pendek")
    task = start_regrade(assessment, question, reason="Kunci salah", actor=assessment.owner)
    drain_all()
    for each in (attempt, other):
        db.session.refresh(each)
    assert (attempt.passed, other.passed) == (False, True)
    assert db.session.get_one(Task, task.id).state == TaskState.DONE
    changes = db.session.scalars(select(GradeChange).order_by(GradeChange.answer_id)).all()
    assert [(each.previous, each.score, each.reason) for each in changes] == [
        (Decimal(2), Decimal(0), "Kunci salah"),
        (Decimal(0), Decimal(2), "Kunci salah"),
    ]
    with pytest.raises(NothingToRegrade):
        start_regrade(assessment, question, reason="Lagi", actor=assessment.owner)


def test_an_answer_whose_choice_is_gone_keeps_its_score(app: Flask) -> None:
    attempt = handed_in("multiple_choice")
    question = answer_of(attempt, "multiple_choice").asked.question
    content = replace(content_of(question.current), options=(Choice("Baru", is_key=True), Choice("Lain")))
    change_question(question, content, actor=attempt.assessment.owner)
    (found,) = regrades(attempt.assessment, question)
    assert (found.after, found.changes) == (None, False)


def test_a_grade_given_by_hand_outlives_a_corrected_key(app: Flask) -> None:
    attempt = handed_in("multiple_choice")
    other = begun(attempt.assessment)
    answer_right(other)
    submit_attempt(other, actor=other.user)
    by_hand = answer_of(attempt, "multiple_choice")
    grade_answer(by_hand, Decimal(1), reason="Setengah benar", actor=attempt.assessment.owner)
    assessment, question = corrected(attempt, key="Arus pendek")
    kept, changed = regrades(assessment, question)
    assert (kept.after, kept.changes, kept.is_kept) == (Decimal(0), False, True)
    assert (changed.after, changed.changes, changed.is_kept) == (Decimal(0), True, False)
    start_regrade(assessment, question, reason="Kunci salah", actor=assessment.owner)
    drain_all()
    assert [answer_of(each, "multiple_choice").score for each in (attempt, other)] == [Decimal(1), Decimal(0)]
    with pytest.raises(NothingToRegrade):
        start_regrade(assessment, question, reason="Lagi", actor=assessment.owner)


def test_a_human_who_grades_between_the_dry_run_and_the_worker_is_not_overruled(app: Flask) -> None:
    attempt = handed_in("multiple_choice")
    assessment, question = corrected(attempt, key="Arus pendek")
    task = start_regrade(assessment, question, reason="Kunci salah", actor=assessment.owner)
    grade_answer(answer_of(attempt, "multiple_choice"), Decimal("1.5"), actor=assessment.owner)
    drain_all()
    assert answer_of(attempt, "multiple_choice").score == Decimal("1.5")
    assert db.session.get_one(Task, task.id).report["changed"] == 0


def test_only_questions_with_a_key_are_offered_to_be_graded_anew(app: Flask) -> None:
    attempt = handed_in("multiple_choice", "essay")
    _assessment, question = corrected(attempt, key="Arus pendek")
    essay = answer_of(attempt, "essay").asked.question
    change_question(essay, replace(content_of(essay.current), text="Jelaskan lagi."), actor=attempt.assessment.owner)
    assert [each.id for each in outdated_questions(attempt.assessment_id)] == [question.id]


def test_statistics_say_how_a_question_fared(app: Flask) -> None:
    assessment = make.assessment(kinds=("multiple_choice", "true_false"))
    for right in (("multiple_choice", "true_false"), ("multiple_choice", "true_false"), ("true_false",), ()):
        attempt = begun(assessment)
        if right:
            answer_right(attempt, *right)
        else:
            save_answer(attempt, answer_of(attempt, "true_false"), ["salah"], actor=attempt.user)
        submit_attempt(attempt, actor=attempt.user)
    with clock.at(clock.now() + timedelta(minutes=1)):
        drain_all()
    choice, sentence = db.session.scalars(select(QuestionStatistic).order_by(QuestionStatistic.version_id)).all()
    assert (choice.answers, choice.difficulty, sum(choice.choices.values())) == (4, Decimal("0.5"), 2)
    assert (sentence.answers, sentence.difficulty, sentence.choices) == (4, Decimal("0.75"), {})
    # shares 1 1 0 0 against 1 1 1 0: covariance ½ over √(1 · ¾) = 0.5774
    assert choice.discrimination == sentence.discrimination == Decimal("0.5774")
