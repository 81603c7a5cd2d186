"""An attempt whose time is up ends in one way, whoever ends it: the timer, its learner or the staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.assessments.actions.closing import GRACE, close_if_overdue, submit_attempt
from app.assessments.actions.refusals import AttemptClosed
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import end_attempt
from app.assessments.events import AssessmentGraded, AssessmentSubmitted, AttemptEnded
from app.assessments.models import Attempt, AttemptStatus
from app.core import clock
from app.core.db import db
from app.progress.actions import complete_lesson
from tests import make
from tests.assessments.conftest import answer_right, begun
from tests.facts import assert_stated, drain_all
from tests.pages import Person

End = Callable[[Attempt], object]
ENDS: dict[str, End] = {
    "timer": close_if_overdue,
    "learner": lambda attempt: submit_attempt(attempt, actor=attempt.user),
    "staff": lambda attempt: end_attempt(attempt, reason="Waktu habis", actor=attempt.assessment.owner),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("answered", [True, False], ids=["answered", "blank"])
def test_long_after_the_deadline_it_ended_at_its_deadline(app: Flask, end: End, answered: bool) -> None:
    attempt = begun(make.assessment(time_limit_minutes=1))
    if answered:
        answer_right(attempt)
    with clock.at(clock.now() + timedelta(minutes=30)):
        end(attempt)
    db.session.refresh(attempt)
    assert attempt.status == (AttemptStatus.GRADED if answered else AttemptStatus.EXPIRED)
    assert (attempt.percentage, attempt.passed) == ((100, True) if answered else (0, False))
    assert attempt.submitted_at == attempt.deadline_at
    assert_stated(AssessmentSubmitted, 1, attempt_id=attempt.id, status=attempt.status)
    assert_stated(AssessmentGraded, 1, attempt_id=attempt.id, passed=answered)


@pytest.mark.parametrize("kind", ["multiple_choice", "essay"])
def test_what_comes_within_the_grace_is_handed_in_unless_there_is_nothing(app: Flask, kind: str) -> None:
    for answered in (True, False):
        attempt = begun(make.assessment(kinds=(kind,), time_limit_minutes=1))
        assert attempt.deadline_at
        if answered:
            answer_right(attempt)
        with clock.at(attempt.deadline_at + GRACE / 2):
            assert submit_attempt(attempt, actor=attempt.user) == answered
        assert (attempt.status == AttemptStatus.EXPIRED) == (not answered)
        assert attempt.submitted_at == attempt.deadline_at


def test_who_presses_the_button_too_late_is_not_told_that_it_was_sent(app: Flask) -> None:
    attempt = begun(make.assessment(time_limit_minutes=1))
    person = Person(app).logs_in(str(attempt.user.email)).opens(f"/percobaan/{attempt.public_id}/tinjau")
    with clock.at(clock.now() + timedelta(minutes=30)):
        person.submits("Kirim Jawaban")
        assert person.path == f"/percobaan/{attempt.public_id}/hasil"
        assert person.sees("Waktu habis sebelum ada jawaban.")
        assert not person.sees("Jawaban Anda sudah dikirim.")


def test_staff_ends_an_overdue_attempt_once(app: Flask) -> None:
    attempt = begun(make.assessment(time_limit_minutes=1))
    with clock.at(clock.now() + timedelta(minutes=30)):
        ENDS["staff"](attempt)
        with pytest.raises(AttemptClosed):
            ENDS["staff"](attempt)
    assert_stated(AttemptEnded, 1, attempt_id=attempt.id)


def test_where_nothing_is_enough_to_pass_an_expired_attempt_completes_the_course(app: Flask) -> None:
    course = make.course(lessons=1)
    assessment = make.assessment(course, time_limit_minutes=1, passing_score=0)
    enrollment = make.enrollment(into=course)
    complete_lesson(enrollment, make.lessons_of(course)[0], actor=enrollment.user)
    attempt = start_attempt(assessment, actor=enrollment.user)
    drain_all()
    with clock.at(clock.now() + timedelta(minutes=3)):
        drain_all()
    db.session.refresh(attempt)
    db.session.refresh(enrollment)
    assert (attempt.status, attempt.passed) == (AttemptStatus.EXPIRED, True)
    assert (enrollment.is_completed, enrollment.progress_percentage) == (True, 100)
