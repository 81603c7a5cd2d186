"""From the start of an attempt to its result."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from flask import Flask

from app.assessments.actions.answering import flag_answer, save_answer
from app.assessments.actions.closing import GRACE, close_if_overdue, submit_attempt
from app.assessments.actions.refusals import AttemptClosed, AttemptRefused
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt, extend_attempt, give_extension
from app.assessments.events import AssessmentGraded, AssessmentSubmitted, AttemptStarted
from app.assessments.models import AssessmentStatus, Attempt, AttemptStatus, Item, QuestionTag
from app.assessments.queries.attempts import answers_of, standing_of
from app.assessments.questions import TYPES, TooLong, Unreadable
from app.core import clock
from app.core.db import db, transaction
from app.enrollments.models import EnrollmentStatus
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun, enrolled, right_values
from tests.facts import assert_stated, captured, drain_all
from tests.statements import statements

READ_AGAIN = 3
"""The person, the assessment and the enrolment, which a page has read already."""
INLINE = 10
"""The recalculation of the course."""
KEYED = ("multiple_choice", "true_false", "short_answer", "matching", "numeric")


def test_everything_right_is_everything_earned(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=KEYED))
    answer_right(attempt)
    with captured(AssessmentSubmitted, AssessmentGraded) as stated:
        assert submit_attempt(attempt, actor=attempt.user)
    assert (attempt.status, attempt.score, attempt.max_score) == (AttemptStatus.GRADED, Decimal(7), Decimal(7))
    assert (attempt.percentage, attempt.passed) == (Decimal(100), True)
    assert [type(each) for each in stated] == [AssessmentSubmitted, AssessmentGraded]


def test_handing_in_twice_changes_nothing(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=KEYED))
    answer_right(attempt, "multiple_choice")
    assert submit_attempt(attempt, actor=attempt.user)
    assert not submit_attempt(attempt, actor=attempt.user)
    assert_stated(AssessmentGraded, attempt_id=attempt.id, score=2.0)
    assert attempt.passed is False


def test_a_second_start_resumes_the_first_with_the_same_time_left(app: Flask) -> None:
    assessment = make.assessment(time_limit_minutes=30)
    attempt = begun(assessment)
    first = attempt.deadline_at
    with clock.at(clock.now() + timedelta(minutes=10)):
        again = start_attempt(assessment, actor=attempt.user)
    assert (again.id, again.deadline_at) == (attempt.id, first)
    assert_stated(AttemptStarted, attempt_id=attempt.id)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": AssessmentStatus.DRAFT}, "tidak dibuka"),
        ({"status": AssessmentStatus.ARCHIVED}, "tidak dibuka"),
        ({"opens_at": timedelta(hours=1)}, "dibuka pada"),
        ({"closes_at": timedelta(seconds=-1)}, "ditutup pada"),
        ({"kinds": ()}, "belum memiliki soal"),
    ],
)
def test_nobody_begins_outside_of_the_rules(app: Flask, fields: dict[str, object], words: str) -> None:
    moments = {key: clock.now() + value for key, value in fields.items() if isinstance(value, timedelta)}
    assessment = make.assessment(**{**fields, **moments})  # type: ignore[arg-type]
    with pytest.raises(AttemptRefused, match=words):
        start_attempt(assessment, actor=enrolled(assessment))


@pytest.mark.parametrize("status", [None, EnrollmentStatus.DROPPED])
def test_only_who_is_in_the_course_begins(app: Flask, status: EnrollmentStatus | None) -> None:
    assessment, person = make.assessment(), make.user()
    if status:
        make.enrollment(person, assessment.course, status)
    with pytest.raises(AttemptRefused, match="Ikuti kursusnya"):
        start_attempt(assessment, actor=person)


def test_who_has_completed_the_course_may_try_again(app: Flask) -> None:
    assessment, person = make.assessment(max_attempts=0), make.user()
    make.enrollment(person, assessment.course, EnrollmentStatus.COMPLETED)
    for number in (1, 2, 3):
        attempt = start_attempt(assessment, actor=person)
        assert attempt.number == number
        submit_attempt(attempt, actor=person)


def test_attempts_run_out_unless_one_was_cancelled_or_more_were_given(app: Flask) -> None:
    assessment = make.assessment(max_attempts=1)
    attempt = begun(assessment)
    submit_attempt(attempt, actor=attempt.user)
    with pytest.raises(AttemptRefused, match="habis"):
        start_attempt(assessment, actor=attempt.user)
    give_extension(assessment, attempt.user, attempts=1, reason="Listrik padam", actor=assessment.owner)
    second = start_attempt(assessment, actor=attempt.user)
    cancel_attempt(second, reason="Salah ruang", actor=assessment.owner)
    assert start_attempt(assessment, actor=attempt.user).number == 3


def test_the_deadline_is_the_earlier_of_limit_and_end_each_with_the_extension(app: Flask) -> None:
    present = clock.now()
    with clock.at(present):
        closing = present + timedelta(minutes=20)
        assessment = make.assessment(time_limit_minutes=30, closes_at=closing)
        assert begun(assessment).deadline_at == closing
        person = enrolled(assessment)
        give_extension(assessment, person, closes_at=present + timedelta(hours=1), reason="Sakit", actor=person)
        assert start_attempt(assessment, actor=person).deadline_at == present + timedelta(minutes=30)
        other = enrolled(assessment)
        give_extension(
            assessment, other, minutes=15, closes_at=present + timedelta(hours=1), reason="Tunanetra", actor=person
        )
        assert start_attempt(assessment, actor=other).deadline_at == present + timedelta(minutes=45)
        assert begun(make.assessment()).deadline_at is None


def test_t_quz_02_what_comes_after_deadline_and_grace_is_refused_and_what_came_before_counts(
    app: Flask,
) -> None:
    attempt = begun(make.assessment(kinds=KEYED, time_limit_minutes=30))
    first, second = answer_of(attempt, "multiple_choice"), answer_of(attempt, "true_false")
    save_answer(attempt, first, right_values(first), actor=attempt.user)
    assert attempt.deadline_at
    with clock.at(attempt.deadline_at + GRACE):
        save_answer(attempt, second, ["benar"], actor=attempt.user)
    with clock.at(attempt.deadline_at + GRACE + timedelta(milliseconds=1)):
        for act in (
            lambda: save_answer(attempt, second, ["salah"], actor=attempt.user),
            lambda: flag_answer(attempt, second, True, actor=attempt.user),
        ):
            with pytest.raises(AttemptClosed) as refused:
                act()
            assert refused.value.status == 409
        drain_all()
    db.session.refresh(attempt)
    assert (attempt.status, attempt.score) == (AttemptStatus.GRADED, Decimal(3))
    assert attempt.submitted_at == attempt.deadline_at


def test_an_attempt_without_any_answer_expires_and_counts_as_nothing(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=(*KEYED, "essay"), time_limit_minutes=1))
    assert not close_if_overdue(attempt)
    with clock.at(clock.now() + timedelta(minutes=2)):
        drain_all()
    db.session.refresh(attempt)
    assert (attempt.status, attempt.score, attempt.passed) == (AttemptStatus.EXPIRED, Decimal(0), False)
    assert standing_of(attempt.assessment_id, attempt.user_id).used == 1


def test_more_time_moves_the_end(app: Flask) -> None:
    attempt = begun(make.assessment(time_limit_minutes=10))
    answer_right(attempt)
    extend_attempt(attempt, 10, reason="Gangguan jaringan", actor=attempt.assessment.owner)
    with clock.at(clock.now() + timedelta(minutes=15)):
        drain_all()
        db.session.refresh(attempt)
        assert attempt.is_open
    with clock.at(clock.now() + timedelta(minutes=21)):
        drain_all()
    db.session.refresh(attempt)
    assert attempt.status == AttemptStatus.GRADED


def test_a_late_start_closes_the_overdue_attempt_first(app: Flask) -> None:
    assessment = make.assessment(time_limit_minutes=1, max_attempts=2)
    attempt = begun(assessment)
    with clock.at(clock.now() + timedelta(minutes=5)):
        second = start_attempt(assessment, actor=attempt.user)
    db.session.refresh(attempt)
    assert (attempt.status, second.number) == (AttemptStatus.EXPIRED, 2)


def test_t_quz_02_an_older_save_that_comes_late_changes_nothing(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("short_answer",)))
    answer = answer_of(attempt, "short_answer")
    receipt = save_answer(attempt, answer, ["Jakarta"], sequence=5, actor=attempt.user)
    assert save_answer(attempt, answer, ["Bandung"], sequence=4, actor=attempt.user) == receipt
    assert answer.response == "Jakarta"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("multiple_choice", ["bukan-id"]),
        ("true_false", ["mungkin"]),
        ("true_false", ["benar", "salah"]),
        ("short_answer", ["x" * 501]),
        ("short_answer", ["a\0b"]),
        ("numeric", ["1" * 51]),
        ("matching", ["tanpa-pasangan"]),
        ("matching", ["x:y"]),
        ("essay", ["x" * 20_001]),
        ("file_upload", ["teks"]),
    ],
)
def test_t_quz_06_what_is_no_answer_to_the_question_is_refused(app: Flask, kind: str, values: list[str]) -> None:
    attempt = begun(make.assessment(kinds=(kind,)))
    with pytest.raises((Unreadable, TooLong)):
        save_answer(attempt, answer_of(attempt, kind), values, actor=attempt.user)
    assert answer_of(attempt, kind).saved_at is None


def test_t_quz_06_all_options_of_a_single_choice_are_refused(app: Flask) -> None:
    attempt = begun(make.assessment())
    answer = answer_of(attempt, "multiple_choice")
    with pytest.raises(Unreadable):
        save_answer(attempt, answer, [id for id, _option in answer.drawn["options"]], actor=attempt.user)


@pytest.mark.parametrize("kind", KEYED)
def test_an_answer_can_be_taken_back(app: Flask, kind: str) -> None:
    attempt = begun(make.assessment(kinds=(kind,)))
    answer = answer_of(attempt, kind)
    save_answer(attempt, answer, right_values(answer), actor=attempt.user)
    save_answer(attempt, answer, [], actor=attempt.user)
    assert not answer.is_answered


def test_the_same_seed_draws_the_same_and_ids_say_nothing(app: Flask) -> None:
    assessment = make.assessment(kinds=KEYED, shuffle_questions=True, shuffle_options=True, max_attempts=0)
    seen = [
        [(each.question_id, each.drawn) for each in answers_of(begun(assessment, random=Random(7)))] for _ in range(2)
    ]
    assert seen[0] == seen[1]
    other = [(each.question_id, each.drawn) for each in answers_of(begun(assessment))]
    assert other != seen[0]


def test_draws_take_no_question_twice_and_only_living_ones(app: Flask) -> None:
    assessment = make.assessment(kinds=())
    for number in range(6):
        question = make.question(assessment.course, "true_false", archived_at=clock.now() if number == 0 else None)
        with transaction() as session:
            session.add_all(QuestionTag(question_id=question.id, tag=tag) for tag in ("k3", "dasar"))
    for tag, draw in (("k3", 3), ("dasar", 3)):
        make.kept(Item(assessment_id=assessment.id, position=1, tag=tag, draw=draw, points=Decimal(4)))
    attempt = begun(assessment)
    answers = answers_of(attempt)
    assert len({each.question_id for each in answers}) == len(answers) == 5
    assert attempt.max_score == 20


@pytest.mark.parametrize("kinds", [KEYED, (*KEYED, "essay")])
def test_statements_of_start_and_end_do_not_grow_with_the_questions(app: Flask, kinds: tuple[str, ...]) -> None:
    costs = []
    for size in (1, 4):
        assessment = make.assessment(make.course(), kinds=kinds * size)
        person = enrolled(assessment)
        with statements() as starting:
            attempt = start_attempt(assessment, actor=person)
        answer_right(attempt)
        with statements() as ending:
            submit_attempt(attempt, actor=person)
        costs.append((len(starting), len(ending)))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 10 + READ_AGAIN
    assert costs[0][1] <= 12 + INLINE


def test_every_type_has_what_it_must_say(app: Flask) -> None:
    assert set(TYPES) == set(make.TYPICAL)
    for name, kind in TYPES.items():
        version = make.question(make.course(), name).current
        assert kind.lacks(version) == []


def test_a_passed_required_assessment_completes_the_course_whatever_comes_last(app: Flask) -> None:
    course = make.course(lessons=0)
    make.section(course)
    attempt: Attempt = begun(make.assessment(course))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    drain_all()
    db.session.refresh(attempt.enrollment)
    assert attempt.enrollment.is_completed
    assert attempt.enrollment.progress_percentage == 100
