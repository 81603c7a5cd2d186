"""Pantau: what staff see and do while an assessment is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.starting import start_attempt
from app.assessments.events import AttemptCancelled, AttemptEnded, AttemptExtended, ExtensionGiven
from app.assessments.models import Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of, extension_of
from app.assessments.queries.watching import sittings
from app.core.db import db
from app.courses.models import Course
from tests import make
from tests.assessments.conftest import answer_right, begun, enrolled
from tests.facts import assert_stated
from tests.pages import Person
from tests.statements import statements


@pytest.fixture
def teacher(app: Flask) -> User:
    return make.user(Role.TRAINER)


@pytest.fixture
def course(teacher: User) -> Course:
    return make.course(owner=teacher)


@pytest.fixture
def attempt(course: Course) -> Attempt:
    running = begun(make.assessment(course, kinds=("multiple_choice", "true_false"), time_limit_minutes=30))
    answer_right(running, "true_false")
    return running


def page_of(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def test_who_is_in_and_how_far_is_seen(app: Flask, teacher: User, attempt: Attempt) -> None:
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{attempt.assessment_id}/pantau")
    assert person.sees(attempt.user.name)
    assert person.sees("1 dari 2")
    part = person.client.get(f"/kelola/asesmen/{attempt.assessment_id}/pantau?bagian=1").text
    assert attempt.user.name in part
    assert "<html" not in part


def test_more_time_for_all_is_a_fact_with_its_reason(app: Flask, teacher: User, attempt: Attempt) -> None:
    before = attempt.deadline_at
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{attempt.assessment_id}/pantau")
    person.submits("Tambah waktu", minutes="10", reason="")
    assert (person.status, person.sees("Wajib diisi.")) == (422, True)
    person.submits("Tambah waktu", minutes="10", reason="Listrik padam")
    db.session.refresh(attempt)
    assert before is not None
    assert attempt.deadline_at == before + timedelta(minutes=10)
    assert_stated(AttemptExtended, attempt_id=attempt.id, reason="Listrik padam", minutes=10)


@pytest.mark.parametrize(
    ("sits", "sentence"),
    [(True, "tidak dibatasi waktu: tidak ada yang perlu ditambah"), (False, "Tidak ada yang sedang")],
)
def test_more_time_for_all_says_why_nobody_gets_it(
    app: Flask, teacher: User, course: Course, sits: bool, sentence: str
) -> None:
    assessment = make.assessment(course)
    if sits:
        begun(assessment)
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{assessment.id}/pantau")
    person.submits("Tambah waktu", minutes="10", reason="Listrik padam")
    assert (person.status, person.sees("percobaan ditambah")) == (422, False)
    assert person.sees(sentence)
    assert any(form.fields.get("reason") == "Listrik padam" for form in person.forms)


def test_one_attempt_gets_time_is_ended_or_cancelled(app: Flask, teacher: User, attempt: Attempt) -> None:
    person = page_of(app, teacher).opens(f"/kelola/percobaan/{attempt.public_id}")
    person.submits("Tambah waktu", minutes="5", reason="Laptop mati")
    assert_stated(AttemptExtended, attempt_id=attempt.id, minutes=5)
    person.opens(f"/kelola/percobaan/{attempt.public_id}").submits("Akhiri", reason="Waktu ruang habis")
    db.session.refresh(attempt)
    assert attempt.status == AttemptStatus.GRADED
    assert_stated(AttemptEnded, attempt_id=attempt.id, reason="Waktu ruang habis")
    person.opens(f"/kelola/percobaan/{attempt.public_id}").submits("Batalkan", reason="Curang")
    db.session.refresh(attempt)
    assert attempt.status == AttemptStatus.CANCELLED
    assert_stated(AttemptCancelled, attempt_id=attempt.id, reason="Curang")
    assert sittings(attempt.assessment_id) == []


def test_staff_see_what_was_answered_and_change_the_grade(app: Flask, teacher: User, course: Course) -> None:
    ended = begun(make.assessment(course, kinds=("true_false", "essay")))
    answer_right(ended)
    here = f"/kelola/percobaan/{ended.public_id}"
    person = page_of(app, teacher).opens(here)
    assert not person.sees("Mulai dari menghilangkan bahaya."), "it is still written"
    submit_attempt(ended, actor=ended.user)
    keyed, essay = answers_of(ended)
    person.opens(here)
    assert person.sees("Mulai dari menghilangkan bahaya.")
    assert person.sees("Jawaban peserta")
    assert (person.sees("Skor 1 dari 1"), person.sees("Belum dinilai · 5 poin")) == (True, True)
    assert person.links["Ubah nilai"] == f"/penilaian/{keyed.id}"
    assert person.links["Nilai"] == f"/penilaian/{essay.id}"
    person.follows("Nilai").submits("Simpan", score="4", feedback="Urut.")
    person.follows("Lihat percobaan")
    assert (person.path, person.sees("Skor 4 dari 5"), person.sees("Urut.")) == (here, True, True)
    person.submits("Batalkan", reason="Curang")
    person.opens(here)
    assert (person.sees("Skor 4 dari 5"), "Ubah nilai" in person.links) == (True, False)


def test_an_attempt_costs_the_same_however_many_questions_and_others_there_are(
    app: Flask, teacher: User, course: Course
) -> None:
    person, costs = page_of(app, teacher), []
    for times in (1, 3):
        assessment = make.assessment(course, kinds=("multiple_choice", "matching", "essay") * times, max_attempts=0)
        ended = begun(assessment)
        submit_attempt(ended, actor=ended.user)
        for _n in range(times):
            submit_attempt(start_attempt(assessment, actor=ended.user), actor=ended.user)
        with statements() as seen:
            assert person.client.get(f"/kelola/percobaan/{ended.public_id}").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_a_person_gets_more_than_the_rules_say(app: Flask, teacher: User, attempt: Attempt) -> None:
    assessment = attempt.assessment
    other = enrolled(assessment)
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{assessment.id}/kelonggaran")
    person.submits("Simpan", person=str(other.id), minutes="15", attempts="1", reason="Tunanetra")
    found = extension_of(assessment.id, other.id)
    assert found is not None
    assert (found.minutes, found.attempts) == (15, 1)
    assert_stated(ExtensionGiven, user_id=other.id, reason="Tunanetra")
    stranger = make.user()
    person.submits("Simpan", person=str(stranger.id), minutes="15", reason="Bukan peserta")
    assert person.status == 422
    assert extension_of(assessment.id, stranger.id) is None


@pytest.mark.parametrize("role", [Role.CONTENT_MANAGER, Role.TRAINER, Role.LEARNER])
def test_attempts_at_anothers_assessment_are_closed(app: Flask, attempt: Attempt, role: Role) -> None:
    stranger = page_of(app, make.user(role)).client
    for path in (f"/kelola/asesmen/{attempt.assessment_id}/pantau", f"/kelola/percobaan/{attempt.public_id}"):
        assert stranger.get(path).status_code == (403 if role == Role.LEARNER else 404)


def test_watching_costs_the_same_however_many_sit_there(app: Flask, teacher: User, attempt: Attempt) -> None:
    person, costs = page_of(app, teacher), []
    for _round in range(2):
        with statements() as seen:
            person.client.get(f"/kelola/asesmen/{attempt.assessment_id}/pantau?bagian=1")
        costs.append(len(seen))
        for _n in range(4):
            begun(attempt.assessment)
    assert costs[0] == costs[1]
