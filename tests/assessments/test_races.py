"""Many at once: exact counts, on whatever database the suite runs."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.actions.refusals import AttemptClosed, AttemptRefused, GradeConflict
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import extend_all
from app.assessments.events import AssessmentGraded, AssessmentSubmitted, AttemptExtended, AttemptStarted
from app.assessments.models import Answer, Assessment, Attempt, AttemptStatus, GradeChange
from app.assessments.queries.attempts import answers_of
from app.core.db import db, transaction
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun, enrolled, right_values
from tests.facts import assert_stated
from tests.progress.test_races import at_once

MANY = 50


def count(table: type) -> int:
    return db.session.scalars(select(func.count()).select_from(table)).one()


def test_t_quz_04_50_parallel_starts_are_one_attempt(app: Flask) -> None:
    assessment = make.assessment(max_attempts=2)
    person = enrolled(assessment)
    ids = (assessment.id, person.id)
    db.session.rollback()

    def start() -> None:
        start_attempt(db.session.get_one(Assessment, ids[0]), actor=db.session.get_one(User, ids[1]))

    assert at_once(app, MANY, start) == []
    attempt = db.session.scalars(select(Attempt)).one()
    assert count(Answer) == 1
    assert_stated(AttemptStarted, attempt_id=attempt.id)


def test_t_quz_04_starts_and_submits_at_once_never_pass_the_limit(app: Flask) -> None:
    assessment = make.assessment(max_attempts=3)
    person = enrolled(assessment)
    ids = (assessment.id, person.id)
    db.session.rollback()

    def start_and_end() -> None:
        actor = db.session.get_one(User, ids[1])
        submit_attempt(start_attempt(db.session.get_one(Assessment, ids[0]), actor=actor), actor=actor)

    refused = at_once(app, MANY, start_and_end)
    assert {type(each) for each in refused} <= {AttemptRefused}
    assert sorted(db.session.scalars(select(Attempt.number))) == [1, 2, 3]


def test_t_quz_03_50_parallel_submits_are_one_result(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("multiple_choice", "numeric")))
    answer_right(attempt)
    key = attempt.id
    db.session.rollback()

    def submit() -> None:
        mine = db.session.get_one(Attempt, key)
        submit_attempt(mine, actor=mine.user)

    assert at_once(app, MANY, submit) == []
    assert db.session.get_one(Attempt, key).status == AttemptStatus.GRADED
    assert_stated(AssessmentSubmitted, attempt_id=key)
    assert_stated(AssessmentGraded, attempt_id=key)


def test_t_quz_10_saves_beside_the_end_are_graded_or_refused_never_lost(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("numeric",)))
    key, answer_id = attempt.id, answer_of(attempt, "numeric").id
    db.session.rollback()
    saved: list[bool] = []

    def save_then_submit() -> None:
        mine, answer = db.session.get_one(Attempt, key), db.session.get_one(Answer, answer_id)
        try:
            save_answer(mine, answer, ["87,5"], actor=mine.user)
            saved.append(True)
        except AttemptClosed:
            saved.append(False)
        submit_attempt(mine, actor=mine.user)

    assert at_once(app, MANY, save_then_submit) == []
    assert True in saved
    assert db.session.get_one(Attempt, key).score == Decimal(1)


def test_50_parallel_saves_leave_the_newest(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("short_answer",)))
    key, answer_id = attempt.id, answer_of(attempt, "short_answer").id
    db.session.rollback()
    numbers = iter(range(1, MANY + 1))

    def save() -> None:
        number = next(numbers)
        mine, answer = db.session.get_one(Attempt, key), db.session.get_one(Answer, answer_id)
        save_answer(mine, answer, [f"jawaban {number}"], sequence=number, actor=mine.user)

    assert at_once(app, MANY, save) == []
    answer = db.session.get_one(Answer, answer_id)
    assert (answer.response, answer.sequence) == (f"jawaban {MANY}", MANY)


def test_of_50_parallel_grades_one_wins(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("essay",)))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    answer = answer_of(attempt, "essay")
    key, opened, grader = answer.id, answer.version, attempt.assessment.owner_id
    db.session.rollback()

    def grade() -> None:
        actor = db.session.get_one(User, grader)
        grade_answer(db.session.get_one(Answer, key), Decimal(4), version=opened, actor=actor)

    lost = at_once(app, MANY, grade)
    assert {type(each) for each in lost} == {GradeConflict}
    assert (len(lost), count(GradeChange)) == (MANY - 1, 1)
    assert_stated(AssessmentGraded, attempt_id=attempt.id)


def test_two_learners_do_not_wait_for_each_other_in_what_they_see(app: Flask) -> None:
    assessment = make.assessment(kinds=("multiple_choice",))
    one, other = begun(assessment), begun(assessment)
    save_answer(one, answers_of(one)[0], right_values(answers_of(one)[0]), actor=one.user)
    assert not answers_of(other)[0].is_answered


def test_more_time_for_all_leaves_out_who_hands_in_meanwhile(app: Flask) -> None:
    assessment = make.assessment(time_limit_minutes=30)
    stays, leaves = begun(assessment), begun(assessment)
    before = stays.deadline_at
    key, owner, stayed, left = assessment.id, assessment.owner_id, stays.id, leaves.id
    db.session.rollback()
    handing_in = threading.Event()
    counts: list[int] = []

    def hand_in() -> None:
        with transaction():
            mine = db.session.get_one(Attempt, left)
            submit_attempt(mine, actor=mine.user)
            handing_in.set()
            time.sleep(0.5)  # the other has asked who is in, and waits for the row

    def extend() -> None:
        handing_in.wait()
        actor = db.session.get_one(User, owner)
        counts.append(extend_all(db.session.get_one(Assessment, key), 5, reason="Listrik padam", actor=actor))

    acts = iter((hand_in, extend))
    assert at_once(app, 2, lambda: next(acts)()) == []
    assert counts == [1]
    assert before is not None
    assert db.session.get_one(Attempt, stayed).deadline_at == before + timedelta(minutes=5)
    assert_stated(AttemptExtended, attempt_id=stayed)
    assert db.session.get_one(Attempt, left).status == AttemptStatus.GRADED
