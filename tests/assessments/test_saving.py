"""What is sent during an attempt: nothing typed is lost, and nothing but an open attempt's own answers is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.bank import change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.forms.taking import MOST_SAVES
from app.assessments.models import Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.assessments.questions.content import Choice, content_of
from app.core import clock
from app.core.db import db, transaction
from app.notifications.models import OutgoingMail
from tests import make
from tests.assessments.conftest import answer_right, begun, right_values
from tests.facts import assert_stated, drain_all
from tests.pages import Person

LONGEST = {"essay": (20_000, "20.000"), "short_answer": (500, "500"), "numeric": (50, "50")}
FORGED = {"multiple_choice": "bukan-id", "true_false": "mungkin", "matching": "tanpa-pasangan"}


def at(app: Flask, *kinds: str, **rules: Any) -> tuple[Person, Attempt]:
    """Somebody on the page of the first question."""
    attempt = begun(make.assessment(kinds=kinds, **rules))
    return Person(app).logs_in(str(attempt.user.email)).opens(f"/percobaan/{attempt.public_id}"), attempt


def sent(person: Person, attempt: Attempt, verb: str = "jawab", **fields: object) -> TestResponse:
    """What a page's script is answered with."""
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    answer = person.client.post(
        f"/percobaan/{attempt.public_id}/{verb}",
        json=fields,
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    db.session.expire_all()
    return answer


def test_a_line_break_is_one_character_as_the_browser_counts(app: Flask) -> None:
    person, attempt = at(app, "essay")
    typed = ("x" * 189 + "\n") * 105
    assert len(typed) < LONGEST["essay"][0] < len(typed.replace("\n", "\r\n"))
    person.submits("Tinjau Jawaban", answer=typed.replace("\n", "\r\n"), onward="0")
    assert person.path.endswith("/tinjau")
    assert answers_of(attempt)[0].response == typed.strip()


@pytest.mark.parametrize("kind", LONGEST)
def test_a_text_that_is_too_long_comes_back_with_its_limit(app: Flask, kind: str) -> None:
    person, attempt = at(app, kind)
    longest, shown = LONGEST[kind]
    typed = "7" * (longest + 1)
    person.submits("Tinjau Jawaban", answer=typed, onward="0")
    assert person.status == 422
    assert person.sees(f"paling banyak {shown} karakter")
    assert [form.fields["answer"] for form in person.forms if "answer" in form.fields] == [typed]
    assert answers_of(attempt)[0].saved_at is None
    told = sent(person, attempt, question=1, answer=typed, touched=1, sequence=1)
    assert (told.status_code, told.json["field"]) == (422, "answer")
    assert shown in told.json["error"]


@pytest.mark.parametrize("kind", FORGED)
def test_a_choice_that_is_none_comes_back_as_it_was_saved(app: Flask, kind: str) -> None:
    person, attempt = at(app, kind)
    answer = answers_of(attempt)[0]
    save_answer(attempt, answer, right_values(answer), actor=attempt.user)
    person.opens(f"/percobaan/{attempt.public_id}?soal=1").submits("Tinjau Jawaban", answer=FORGED[kind], onward="0")
    assert person.status == 422
    assert person.sees("Jawaban ini tidak dapat dibaca.")
    db.session.expire_all()
    assert answers_of(attempt)[0].is_answered
    assert any(form.fields.get("answer") in right_values(answers_of(attempt)[0]) for form in person.forms)


def test_what_no_database_can_keep_is_left_out_of_a_text(app: Flask) -> None:
    person, attempt = at(app, "short_answer")
    told = sent(person, attempt, question=1, answer="a\0b\ud800c", touched=1, sequence=1)
    assert told.status_code == 200
    assert answers_of(attempt)[0].response == "abc"


def test_a_count_of_saves_leaves_room_for_the_next_one(app: Flask) -> None:
    person, attempt = at(app, "short_answer")
    assert sent(person, attempt, question=1, answer="a", touched=1, sequence=2**31 - 1).status_code == 422
    assert sent(person, attempt, question=1, answer="b", touched=1, sequence=MOST_SAVES).status_code == 200
    assert sent(person, attempt, question=1, answer="c", touched=1).status_code == 200
    assert (answers_of(attempt)[0].response, answers_of(attempt)[0].sequence) == ("c", MOST_SAVES + 1)


@pytest.mark.parametrize("verb", ["jawab", "kirim"])
def test_t_quz_07_nothing_of_another_ones_attempt_is_changed(app: Flask, verb: str) -> None:
    person, _own = at(app, "short_answer")
    _other, attempt = at(app, "short_answer")
    assert sent(person, attempt, verb, question=1, answer="palsu", touched=1, sequence=1).status_code == 404
    assert (attempt.status, answers_of(attempt)[0].saved_at) == (AttemptStatus.IN_PROGRESS, None)


def test_t_quz_07_what_has_ended_is_not_opened_again(app: Flask) -> None:
    person, attempt = at(app, "short_answer", max_attempts=1)
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    result = (attempt.submitted_at, attempt.score)
    for fields in ({"answer": "lain", "touched": 1, "sequence": 9}, {"flag": "1"}):
        told = sent(person, attempt, question=1, **fields)
        assert (told.status_code, "sudah berakhir" in told.json["error"]) == (409, True)
    sent(person, attempt, "kirim")
    db.session.refresh(attempt)
    answer = answers_of(attempt)[0]
    assert (answer.response, answer.is_flagged, attempt.submitted_at, attempt.score) == ("jakarta", False, *result)
    for page in ("", "/tinjau"):
        assert person.opens(f"/percobaan/{attempt.public_id}{page}").path.endswith("/hasil")
    assert person.client.get(f"/percobaan/{attempt.public_id}/kirim").status_code == 405


def test_t_quz_07_who_skips_the_summary_gains_nothing(app: Flask) -> None:
    person, attempt = at(app, "short_answer", "numeric")
    early = person.opens(f"/percobaan/{attempt.public_id}/hasil")
    assert (early.path, early.sees("Soal 1 dari 2")) == (f"/percobaan/{attempt.public_id}", True)
    answer_right(attempt, "short_answer")
    sent(person, attempt, "kirim")
    assert (attempt.status, attempt.score) == (AttemptStatus.GRADED, answers_of(attempt)[0].points)


def test_t_quz_02_the_clock_is_the_servers_whatever_the_learner_says(app: Flask) -> None:
    person, attempt = at(app, "short_answer", time_limit_minutes=10)
    end = attempt.deadline_at
    with transaction():
        db.session.get_one(User, attempt.user_id).timezone = "Asia/Jayapura"
    forged = {"now": "2020-01-01T00:00:00Z", "saved_at": "2020-01-01", "deadline_at": "2099-01-01T00:00:00Z"}
    with clock.at(clock.now() + timedelta(minutes=11)):
        told = sent(person, attempt, question=1, answer="a", touched=1, sequence=1, **forged)
    assert (told.status_code, attempt.deadline_at, answers_of(attempt)[0].saved_at) == (409, end, None)


def test_t_quz_03_a_second_tab_and_the_back_button_hand_in_once(app: Flask) -> None:
    person, attempt = at(app, "short_answer")
    answer_right(attempt)
    for _tab in range(2):
        sent(person, attempt, "kirim")
    drain_all()
    assert_stated(AssessmentSubmitted, attempt_id=attempt.id)
    assert_stated(AssessmentGraded, attempt_id=attempt.id)
    assert db.session.scalars(select(func.count()).select_from(OutgoingMail)).one() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"question": [1, 2], "answer": "a"}, 200),  # the first is meant
        ({"question": 1, "answer": ["a", "b"]}, 422),
        ({"question": 3, "answer": "a"}, 422),
    ],
)
def test_t_quz_06_a_save_is_one_answer_to_one_question_of_this_attempt(
    app: Flask, fields: dict[str, object], status: int
) -> None:
    person, attempt = at(app, "short_answer", "short_answer")
    _other, elsewhere = at(app, "short_answer", "short_answer", "short_answer")
    assert sent(person, attempt, touched=1, sequence=1, **fields).status_code == status
    assert [each.response for each in answers_of(attempt)] == ["a" if status == 200 else None, None]
    assert not any(each.is_answered for each in answers_of(elsewhere))


def test_t_quz_09_an_attempt_keeps_the_question_that_it_began_with(app: Flask) -> None:
    person, attempt = at(app, "short_answer")
    asked = answers_of(attempt)[0].asked
    other = replace(content_of(asked), text="Ibu kota lain?", options=(Choice("Nusantara", is_key=True),))
    change_question(asked.question, other, actor=attempt.assessment.owner)
    assert not person.opens(f"/percobaan/{attempt.public_id}").sees("Ibu kota lain?")
    sent(person, attempt, question=1, answer="Jakarta", touched=1, sequence=1)
    sent(person, attempt, "kirim")
    assert (attempt.score, attempt.passed) == (attempt.max_score, True)
