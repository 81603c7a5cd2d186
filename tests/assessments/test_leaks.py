"""Nothing that a learner is sent says what the key is, nor whether an answer was right, before the rules allow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import update

from app.assessments.actions.authoring import unpublish_assessment
from app.assessments.actions.closing import result_of, submit_attempt
from app.assessments.actions.watching import give_extension
from app.assessments.models import Attempt, AttemptStatus, QuestionVersion, Show
from app.assessments.queries.attempts import answers_of
from app.assessments.questions import TYPES, type_of
from app.core import clock
from app.core.db import db, transaction
from tests import make
from tests.assessments.conftest import answer_right, begun, enrolled, right_values
from tests.pages import Person

HIDDEN = dict.fromkeys(("show_score", "show_keys", "show_feedback"), Show.NEVER)
TOKEN = re.compile(rb'name="csrf_token"[^>]*>|<meta name="csrf[^>]*>')
CHANGING = {"Set-Cookie", "Date", "X-Request-ID"}
ABOUT_COMPLETION = "/belajar/ujian/mengapa"
"""It says whether a required assessment is passed, whatever its rules: so would the completion of the course."""
SEED = 7
"""The same dice draw the page of every attempt here, whatever its key is."""
KEYED = [name for name, kind in TYPES.items() if kind.grade is not None]


@pytest.fixture(autouse=True)
def still(app: Flask) -> Iterator[None]:
    """The clock stands, so that times on pages do."""
    with clock.at(clock.now()):
        yield


def turn_key(attempt: Attempt) -> None:
    """Another answer is the right one from here on, and what is shown is drawn as it would have been with that key."""
    with transaction() as session:
        for answer in answers_of(attempt):
            asked = answer.asked
            options = list(asked.options)
            turned = {**asked.data, **_other(asked)}
            session.execute(
                update(QuestionVersion).where(QuestionVersion.id == asked.id).values(data=turned, feedback="Rahasia 2")
            )
            if asked.type == "matching":
                first, second = options
                first.partner, second.partner = second.partner, first.partner
                answer.drawn = TYPES["matching"].draw(asked, Random(SEED), attempt.assessment.shuffle_options)
            for option in options if asked.type != "matching" else ():
                text = option.text if asked.type == "multiple_choice" else f"{option.text} lain"
                option.is_key, option.text = not option.is_key, text
    db.session.expire_all()


def _other(asked: QuestionVersion) -> dict[str, object]:
    if asked.type == "true_false":
        return {"key": not asked.data["key"]}
    return {"value": "12", "tolerance": "3"} if asked.type == "numeric" else {}


def seen(person: Person, attempt: Attempt) -> list[tuple[str, int, list[tuple[str, str]], bytes]]:
    """Every page that has to do with the attempt, with its headers. It may be taken again until the day after."""
    home = f"/percobaan/{attempt.public_id}"
    questions = [f"{home}?soal={answer.position}" for answer in answers_of(attempt)]
    about = [f"/asesmen/{attempt.assessment_id}", "/nilai", "/", "/kursus/ujian", ABOUT_COMPLETION]
    return [read(person, path) for path in (*questions, f"{home}/tinjau", f"{home}/hasil", *about)]


def read(person: Person, path: str) -> tuple[str, int, list[tuple[str, str]], bytes]:
    """What is sent under that address, but for what is another thing each time."""
    answer = person.client.get(path)
    headers = sorted((name, value) for name, value in answer.headers if name not in CHANGING)
    return path, answer.status_code, headers, TOKEN.sub(b"token", answer.data)


def differing(before: list[tuple[str, int, list[tuple[str, str]], bytes]], after: object) -> list[str]:
    assert isinstance(after, list)
    return [one[0] for one, other in zip(before, after, strict=True) if one != other]


def saved(person: Person, attempt: Attempt, values: list[str], sequence: int) -> bytes:
    """What a save is answered with."""
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    answer = person.client.post(
        f"/percobaan/{attempt.public_id}/jawab",
        json={"question": "1", "answer": values, "touched": 1, "sequence": sequence},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    assert answer.status_code == 200
    return answer.data


def at(app: Flask, kind: str) -> tuple[Person, Attempt]:
    rules = {**HIDDEN, "max_attempts": 2, "closes_at": clock.now() + timedelta(days=1)}
    attempt = begun(make.assessment(make.course(slug="ujian"), kinds=(kind,), **rules), random=Random(SEED))
    person = Person(app).logs_in(str(attempt.user.email)).opens(f"/percobaan/{attempt.public_id}")
    return person, attempt


@pytest.mark.parametrize("kind", list(TYPES))
def test_t_quz_01_pages_of_a_running_attempt_do_not_depend_on_the_key(app: Flask, kind: str) -> None:
    person, attempt = at(app, kind)
    before = seen(person, attempt)
    turn_key(attempt)
    assert differing(before, seen(person, attempt)) == []


@pytest.mark.parametrize("kind", KEYED)
def test_t_quz_08_neither_a_save_nor_the_pages_after_it_tell_right_from_wrong(app: Flask, kind: str) -> None:
    person, attempt = at(app, kind)
    values = right_values(answers_of(attempt)[0])
    told = saved(person, attempt, values, 1)
    before = seen(person, attempt)
    turn_key(attempt)
    assert saved(person, attempt, values, 1) == told
    assert differing(before, seen(person, attempt)) == []


@pytest.mark.parametrize("kind", KEYED)
def test_t_quz_01_pages_of_a_graded_attempt_tell_nothing_that_its_rules_hide(app: Flask, kind: str) -> None:
    person, attempt = at(app, kind)
    saved(person, attempt, right_values(answers_of(attempt)[0]), 1)
    submit_attempt(attempt, actor=attempt.user)
    assert (attempt.status, attempt.passed) == (AttemptStatus.GRADED, True)
    before = seen(person, attempt)
    turn_key(attempt)
    grade_anew(attempt)
    assert attempt.passed is False, "the other key makes it wrong"
    assert [path for path in differing(before, seen(person, attempt)) if path != ABOUT_COMPLETION] == []


@pytest.mark.parametrize("taken_back", [False, True], ids=["somebody still writes", "a draft again"])
def test_what_waits_for_the_close_tells_nothing_before_everybody_has_written(app: Flask, taken_back: bool) -> None:
    """Taken back to be mended it comes back; and closed for most it is open for who has another end."""
    closes_at = clock.now() + timedelta(minutes=10)
    rules = {**dict.fromkeys(HIDDEN, Show.AFTER_CLOSE), "closes_at": closes_at, "is_required": False}
    attempt = begun(make.assessment(make.course(slug="ujian"), **rules), random=Random(7))
    assessment = attempt.assessment
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    if taken_back:
        unpublish_assessment(assessment, actor=make.admin())
    else:
        later = closes_at + timedelta(hours=1)
        give_extension(assessment, enrolled(assessment), closes_at=later, reason="Sakit", actor=assessment.owner)
    person = Person(app).logs_in(str(attempt.user.email))
    with clock.at(clock.now() if taken_back else closes_at + timedelta(minutes=1)):
        before = seen(person, attempt)
        turn_key(attempt)
        grade_anew(attempt)
        assert attempt.passed is False
        assert differing(before, seen(person, attempt)) == []


def grade_anew(attempt: Attempt) -> None:
    """The rows are what they would be, had the other key been there from the start."""
    with transaction():
        answers = answers_of(attempt)
        for each in answers:
            grade = type_of(each.asked).grade
            assert grade is not None
            each.score = grade(each.asked, each)
        for name, value in result_of(attempt, answers).items():
            setattr(attempt, name, value)
    db.session.expire_all()


def test_the_pages_do_differ_once_the_rules_show_the_key(app: Flask) -> None:
    """So that the tests above could fail."""
    shown = dict.fromkeys(HIDDEN, Show.NOW)
    attempt = begun(
        make.assessment(make.course(slug="ujian"), kinds=("multiple_choice",), **shown), random=Random(SEED)
    )
    person = Person(app).logs_in(str(attempt.user.email)).opens(f"/percobaan/{attempt.public_id}")
    saved(person, attempt, right_values(answers_of(attempt)[0]), 1)
    submit_attempt(attempt, actor=attempt.user)
    before = seen(person, attempt)
    turn_key(attempt)
    assert f"/percobaan/{attempt.public_id}/hasil" in differing(before, seen(person, attempt))
