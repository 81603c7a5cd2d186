"""Somebody who is in the course no more, and assessments that do not open any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.assessments.actions.answering import flag_answer, save_answer
from app.assessments.actions.authoring import unpublish_assessment
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.refusals import AttemptClosed, AttemptRefused
from app.assessments.actions.starting import start_attempt
from app.assessments.models import AssessmentStatus, Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.core import clock
from app.core.db import db
from app.enrollments.actions import drop, reenroll
from tests import make
from tests.assessments.conftest import answer_right, begun
from tests.facts import drain_all
from tests.pages import Person


def left(app: Flask) -> tuple[Person, Attempt]:
    """Somebody who was dropped with the first question open, all of it answered right."""
    attempt = begun(make.assessment(make.course(lessons=1), time_limit_minutes=10))
    answer_right(attempt)
    person = Person(app).logs_in(str(attempt.user.email)).opens(f"/percobaan/{attempt.public_id}?soal=1")
    drop(attempt.enrollment, actor=make.admin())
    return person, attempt


def test_who_was_dropped_reads_no_question_of_a_running_attempt_any_more(app: Flask) -> None:
    person, attempt = left(app)
    asked = answers_of(attempt)[0].asked.text
    for path in ("?soal=1", "/tinjau", "/hasil"):
        person.opens(f"/percobaan/{attempt.public_id}{path}")
        assert person.path.startswith(f"/belajar/{attempt.assessment.course.slug}")
        assert not person.sees(asked)


def test_who_was_dropped_saves_nothing_and_is_told_how_to_go_on(app: Flask) -> None:
    person, attempt = left(app)
    saved = answers_of(attempt)[0].response
    person.submits("Tinjau Jawaban", answer="bukan-id", onward="0")
    assert person.sees("Anda sudah berhenti dari kursus ini. Ikuti lagi kursusnya untuk melanjutkan percobaan ini.")
    answer = answers_of(attempt)[0]
    assert answer.response == saved
    with pytest.raises(AttemptClosed):
        save_answer(attempt, answer, [], actor=attempt.user)
    with pytest.raises(AttemptClosed):
        flag_answer(attempt, answer, True, actor=attempt.user)
    with pytest.raises(AttemptRefused):
        start_attempt(attempt.assessment, actor=attempt.user)


def test_who_comes_back_in_time_goes_on(app: Flask) -> None:
    person, attempt = left(app)
    reenroll(attempt.enrollment, actor=attempt.user)
    assert person.opens(f"/percobaan/{attempt.public_id}?soal=1").path == f"/percobaan/{attempt.public_id}"
    assert start_attempt(attempt.assessment, actor=attempt.user).id == attempt.id


def test_what_was_saved_before_is_graded_at_the_end_and_can_be_read(app: Flask) -> None:
    person, attempt = left(app)
    with clock.at(clock.now() + timedelta(minutes=11)):
        drain_all()
        db.session.refresh(attempt)
        assert (attempt.status, attempt.percentage) == (AttemptStatus.GRADED, 100)
        assert person.opens("/nilai").follows(attempt.assessment.title).status == 200
        assert person.sees("Hasil percobaan 1")


@pytest.mark.parametrize("status", list(AssessmentStatus))
def test_every_link_of_an_own_grade_opens(app: Flask, status: AssessmentStatus) -> None:
    attempt = begun(make.assessment())
    submit_attempt(attempt, actor=attempt.user)
    if status != AssessmentStatus.PUBLISHED:
        unpublish_assessment(attempt.assessment, to=status, actor=make.admin())
    title, intro = attempt.assessment.title, f"/asesmen/{attempt.assessment_id}"
    person = Person(app).logs_in(str(attempt.user.email))
    assert person.opens("/nilai").follows(title).status == 200
    person.opens(f"/percobaan/{attempt.public_id}/hasil")
    assert (person.links.get(title) == intro) == (status != AssessmentStatus.DRAFT)
