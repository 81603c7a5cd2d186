"""The pages of a learner at an assessment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Role
from app.assessments.models import AssessmentKind, Attempt, AttemptStatus, Item, Show
from app.assessments.queries.attempts import answers_of
from app.core import clock
from app.core.db import db
from tests import make
from tests.assessments.conftest import begun, enrolled, right_values
from tests.assessments.test_taking import KEYED
from tests.pages import Person
from tests.statements import statements


def page_of(app: Flask, attempt: Attempt) -> Person:
    return Person(app).logs_in(str(attempt.user.email))


def newest() -> Attempt:
    return db.session.query(Attempt).order_by(Attempt.id.desc()).first()


def test_a_whole_attempt_through_the_pages_without_javascript(app: Flask) -> None:
    assessment = make.assessment(kinds=KEYED, time_limit_minutes=30, show_keys=Show.NOW, kind=AssessmentKind.EXAM)
    person = Person(app).logs_in(str(enrolled(assessment).email)).opens(f"/asesmen/{assessment.id}")
    assert person.sees("5 soal")
    assert person.sees("30 menit")
    assert person.sees("Nilai minimal 70")
    assert person.sees("Percobaan 1 dari 1")
    person.submits("Kerjakan")
    attempt = newest()
    for answer in answers_of(attempt):
        assert person.sees(f"Soal {answer.position} dari 5")
        form = next(form for form in person.forms if "Sebelumnya" in form.buttons or answer.position == 1)
        onward = answer.position + 1 if answer.position < 5 else 0
        sent = {"csrf_token": form.fields["csrf_token"], "question": answer.position, "touched": 1, "onward": onward}
        response = person.client.post(
            f"/percobaan/{attempt.public_id}/jawab", data={**sent, "answer": right_values(answer)}
        )
        assert response.status_code == 303
        person.opens(response.location)
    assert person.sees("Semua soal sudah dijawab.")
    person.submits("Kirim Jawaban")
    assert person.path == f"/percobaan/{attempt.public_id}/hasil"
    assert person.sees("Lulus")
    assert person.sees("100%")
    assert person.sees("Jawaban Anda · Kunci")
    assert person.sees("Sisa percobaan: 0")


def test_a_question_without_an_answer_is_named_before_handing_in(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=KEYED))
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}/tinjau")
    assert person.sees("5 soal belum dijawab.")
    assert person.links["Soal 3"].endswith("?soal=3")


def test_the_page_goes_on_at_the_first_open_question(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=KEYED))
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    first = answers_of(attempt)[0]
    send(person, attempt, question=1, touched=1, answer=right_values(first))
    assert person.opens(f"/percobaan/{attempt.public_id}").sees("Soal 2 dari 5")


def send(person: Person, attempt: Attempt, **fields: object) -> int:
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    answer = person.client.post(f"/percobaan/{attempt.public_id}/jawab", data={"csrf_token": token, **fields})
    db.session.expire_all()
    return answer.status_code


def test_doubt_is_marked_and_taken_back_without_losing_what_was_typed(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("short_answer",)))
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    person.submits("Tandai ragu", answer="Jakar", flag="1")
    assert person.sees("1 ragu")
    answer = answers_of(attempt)[0]
    assert (answer.is_flagged, answer.response) == (True, "Jakar")
    person.submits("Hapus tanda ragu", flag="0")
    assert not answers_of(attempt)[0].is_flagged


def test_json_answers_with_a_receipt_and_the_sequence(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("multiple_choice",)))
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    body = {"question": "1", "answer": right_values(answers_of(attempt)[0]), "touched": 1, "sequence": 3}
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    answer = person.client.post(f"/percobaan/{attempt.public_id}/jawab", json=body, headers=headers)
    assert (answer.status_code, answer.json["sequence"], answer.json["flagged"]) == (200, 3, False)
    assert len(answer.json["saved"].split(".")) == 3


def test_t_quz_02_a_late_save_gets_409_and_the_result_page_says_why(app: Flask) -> None:
    attempt = begun(make.assessment(time_limit_minutes=1))
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    with clock.at(clock.now() + timedelta(minutes=2)):
        late = person.client.post(
            f"/percobaan/{attempt.public_id}/jawab",
            json={"question": 1, "answer": [], "touched": 1},
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
        assert late.status_code == 409
        assert "sudah berakhir" in late.json["error"]
        assert person.opens(f"/percobaan/{attempt.public_id}").sees("Waktu habis.")
        assert newest().status == AttemptStatus.IN_PROGRESS, "a GET closes nothing"


@pytest.mark.parametrize("fields", [{"question": 2}, {"question": 0}, {"question": "x"}, {}, {"question": -1}])
def test_t_quz_06_a_question_that_is_not_there_is_422(app: Flask, fields: dict[str, object]) -> None:
    attempt = begun(make.assessment())
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    assert send(person, attempt, touched=1, **fields) == 422


def test_t_quz_05_scores_that_are_sent_along_are_ignored(app: Flask) -> None:
    attempt = begun(make.assessment())
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}")
    forged = {
        "score": 100,
        "skor": 100,
        "points": 99,
        "poin": 99,
        "benar": 1,
        "is_key": 1,
        "passed": 1,
        "percentage": 100,
    }
    assert send(person, attempt, question=1, touched=1, answer="", **forged) == 303
    answer = answers_of(attempt)[0]
    assert (answer.score, answer.points) == (None, 2)


def test_t_quz_07_another_ones_attempt_is_404_everywhere(app: Flask) -> None:
    attempt = begun(make.assessment())
    for stranger in (make.user(), enrolled(attempt.assessment), make.user(Role.TRAINER), make.admin()):
        person = Person(app).logs_in(str(stranger.email)).opens("/kursus")
        for path in ("", "/tinjau", "/hasil"):
            assert person.client.get(f"/percobaan/{attempt.public_id}{path}").status_code == 404
        assert send(person, attempt, question=1) == 404


@pytest.mark.parametrize("rule", list(Show))
def test_the_result_shows_what_the_rules_let_it_show(app: Flask, rule: Show) -> None:
    closes_at = clock.now() + timedelta(hours=1)
    assessment = make.assessment(show_score=rule, show_keys=rule, show_feedback=rule, closes_at=closes_at)
    attempt = begun(assessment)
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}/tinjau").submits("Kirim Jawaban")
    seen_at_once = rule == Show.NOW
    assert person.sees("Belum lulus") is seen_at_once
    assert person.sees("Kunci") is seen_at_once
    with clock.at(closes_at + timedelta(seconds=1)):
        after = person.opens(f"/percobaan/{attempt.public_id}/hasil")
        assert after.sees("Belum lulus") is after.sees("Kunci") is (rule != Show.NEVER)


@pytest.mark.parametrize("what", ["show_score", "show_keys", "show_feedback"])
def test_the_result_shows_one_thing_without_the_others(app: Flask, what: str) -> None:
    course = make.course()
    question = make.question(course, content=replace(make.TYPICAL["multiple_choice"], feedback="Baca lagi bab dua."))
    rules = {**dict.fromkeys(("show_score", "show_keys", "show_feedback"), Show.NEVER), what: Show.NOW}
    assessment = make.assessment(course, kinds=(), **rules)
    make.kept(Item(assessment_id=assessment.id, position=1, question_id=question.id))
    attempt = begun(assessment)
    person = page_of(app, attempt).opens(f"/percobaan/{attempt.public_id}/tinjau").submits("Kirim Jawaban")
    words = {"show_score": "Belum lulus", "show_keys": "Kunci", "show_feedback": "Baca lagi bab dua."}
    assert {name: person.sees(text) for name, text in words.items()} == {name: name == what for name in words}


def test_statements_do_not_grow_with_the_questions(app: Flask) -> None:
    costs = []
    for size in (2, 12):
        attempt = begun(make.assessment(kinds=("multiple_choice",) * size))
        person = page_of(app, attempt)
        with statements() as seen:
            assert person.client.get(f"/percobaan/{attempt.public_id}?soal=2").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 8


def test_a_course_leads_to_what_is_still_to_be_passed(app: Flask) -> None:
    course = make.course(lessons=1)
    assessment = make.assessment(course, title="Ujian akhir")
    learner = enrolled(assessment)
    person = Person(app).logs_in(str(learner.email)).opens(f"/kursus/{course.slug}")
    assert person.links["Ujian akhir"] == f"/asesmen/{assessment.id}"
    person.opens(f"/belajar/{course.slug}/{make.lessons_of(course)[0].id}").submits("Tandai Selesai & Lanjut")
    assert person.path == f"/belajar/{course.slug}/mengapa"
    assert person.sees("Semua asesmen wajib lulus")
    assert person.links["Kerjakan asesmen"] == person.links["Kerjakan"] == f"/asesmen/{assessment.id}"


def test_who_is_not_in_the_course_sees_what_there_is_but_no_way_in(app: Flask) -> None:
    assessment = make.assessment(title="Ujian akhir")
    page = Person(app).opens(f"/kursus/{assessment.course.slug}")
    assert page.sees("Ujian akhir")
    assert "Ujian akhir" not in page.links
    outsider = Person(app).logs_in(str(make.user().email))
    assert outsider.client.get(f"/asesmen/{assessment.id}").status_code == 404
