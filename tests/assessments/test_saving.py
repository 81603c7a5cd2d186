"""What is sent during an attempt: nothing typed is lost, and nothing but an open attempt's own answers is changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.assessments.actions.answering import save_answer
from app.assessments.forms.taking import MOST_SAVES
from app.assessments.models import Attempt
from app.assessments.queries.attempts import answers_of
from app.core.db import db
from tests import make
from tests.assessments.conftest import begun, right_values
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
