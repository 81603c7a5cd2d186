"""Hasil, Buku Nilai and Nilai."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.accounts.models import Role, User
from app.assessments.actions.bank import change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt
from app.assessments.models import Attempt, Show
from app.assessments.queries.results import LATEST, lapsed
from app.assessments.questions.content import content_of
from app.core import clock
from app.core.db import db
from app.courses.models import Course
from app.enrollments.models import EnrollmentStatus
from app.progress.actions import complete_lesson
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun, enrolled
from tests.facts import drain_all
from tests.pages import Person
from tests.statements import statements


@pytest.fixture
def teacher(app: Flask) -> User:
    return make.user(Role.CONTENT_MANAGER)


@pytest.fixture
def course(teacher: User) -> Course:
    return make.course(owner=teacher)


def done(assessment: make.Assessment, name: str, *, right: bool = True) -> Attempt:
    attempt = begun(assessment, make.user(name=name))
    answer_right(attempt) if right else answer_right(attempt, "true_false")
    submit_attempt(attempt, actor=attempt.user)
    return attempt


def page_of(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def test_the_gradebook_and_its_files_say_the_same(app: Flask, teacher: User, course: Course) -> None:
    first = make.assessment(course, kinds=("multiple_choice", "true_false"), title="=Kuis 1")
    make.assessment(course, title="Ujian", position=2)
    done(first, "Ayu")
    done(first, "+Budi", right=False)
    make.enrollment(make.user(name="Citra"), course)
    make.enrollment(make.user(name="Dodi"), course, EnrollmentStatus.DROPPED)
    person = page_of(app, teacher).opens(f"/kelola/kursus/{course.slug}/nilai")
    assert person.sees("3 orang peserta")
    for words in ("Ayu", "100%", "+Budi", "33,3%", "Citra"):
        assert person.sees(words)
    assert not person.sees("Dodi")
    lines = person.client.get(f"/kelola/kursus/{course.slug}/nilai.csv").get_data().decode("utf-8-sig").splitlines()
    assert [line.partition(";")[0] for line in lines] == ["Nama", "'+Budi", "Ayu", "Citra"]
    assert lines[0] == "Nama;Akun;'=Kuis 1;Ujian"
    assert lines[1].endswith(';"33,3";')
    book = load_workbook(io.BytesIO(person.client.get(f"/kelola/kursus/{course.slug}/nilai.xlsx").get_data()))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[0] for row in cells] == ["Nama", "+Budi", "Ayu", "Citra"]
    assert float(cells[1][2]) == 33.3
    assert {cell.data_type for row in book.active.iter_rows(max_col=1) for cell in row} == {"s"}


def test_the_best_attempt_counts_and_a_cancelled_one_does_not(app: Flask, teacher: User, course: Course) -> None:
    assessment = make.assessment(course, kinds=("multiple_choice", "true_false"), max_attempts=0)
    attempt = done(assessment, "Ayu")
    cancel_attempt(attempt, reason="Curang", actor=make.admin())
    assert not page_of(app, teacher).opens(f"/kelola/kursus/{course.slug}/nilai").sees("100%")


def test_the_results_of_an_assessment_name_people_and_questions(app: Flask, teacher: User, course: Course) -> None:
    assessment = make.assessment(course, kinds=("multiple_choice", "true_false"))
    done(assessment, "Ayu")
    done(assessment, "Budi", right=False)
    with clock.at(clock.now() + timedelta(minutes=1)):
        drain_all()
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{assessment.id}/hasil")
    assert person.sees("Ayu")
    assert person.sees("Alat pelindung diri ✓: 1")
    assert person.sees("0,5")


def test_every_attempt_is_reached_from_the_results(app: Flask, teacher: User, course: Course) -> None:
    assessment = make.assessment(course, max_attempts=0)
    first = done(assessment, "Ayu", right=False)
    person = page_of(app, teacher)
    for _n in range(LATEST):
        submit_attempt(begun_by(first.user, assessment), actor=first.user)
    cancelled = done(assessment, "Budi")
    cancel_attempt(cancelled, reason="Curang", actor=teacher)
    person.opens(f"/kelola/asesmen/{assessment.id}/hasil")
    assert (person.sees("Percobaan 6 , Ayu · 100%"), person.sees("Dibatalkan")) == (True, True)
    assert f"/kelola/percobaan/{cancelled.public_id}" in person.response.text
    assert f"/kelola/percobaan/{first.public_id}" not in person.response.text, "only the newest stand there"
    assert person.follows("Percobaan 6").sees("Apa kepanjangan APD?")
    assert person.follows("Percobaan 1").path == f"/kelola/percobaan/{first.public_id}"


def test_people_stand_on_pages(app: Flask, teacher: User, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = make.assessment(course)
    monkeypatch.setattr("app.assessments.queries.results.PAGE_SIZE", 1)
    for name in ("Ayu", "Budi"):
        done(assessment, name)
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{assessment.id}/hasil")
    assert [person.sees(words) for words in ("Ayu", "Budi", "2 orang")] == [True, False, True]
    for page in (2, 9):
        person.opens(f"/kelola/asesmen/{assessment.id}/hasil?halaman={page}")
        assert [person.sees(words) for words in ("Ayu", "Budi")] == [False, True]


def test_a_corrected_key_is_tried_before_it_is_applied(app: Flask, teacher: User, course: Course) -> None:
    attempt = done(make.assessment(course), "Ayu")
    question = answer_of(attempt, "multiple_choice").asked.question
    content = content_of(question.current)
    options = tuple(replace(each, is_key=each.text == "Arus pendek") for each in content.options)
    change_question(question, replace(content, options=options), actor=teacher)
    drain_all()
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{attempt.assessment_id}/hasil").follows("Nilai ulang")
    assert person.sees("Lulus → belum lulus")
    person.submits("Terapkan", reason="")
    assert (person.status, person.sees("Wajib diisi.")) == (422, True)
    person.submits("Terapkan", reason="Kunci salah")
    drain_all()
    db.session.refresh(attempt)
    assert attempt.passed is False
    assert person.opens(person.path).sees("1 jawaban mendapat skor lain.")


def test_the_dry_run_names_what_a_human_graded_and_what_cannot_be_graded_anew(
    app: Flask, teacher: User, course: Course
) -> None:
    assessment = make.assessment(course)
    by_hand, by_key = done(assessment, "Ayu"), done(assessment, "Budi")
    admin = make.admin(name="Ibu Sri")
    grade_answer(answer_of(by_hand, "multiple_choice"), Decimal(1), reason="Setengah", actor=admin)
    question = answer_of(by_key, "multiple_choice").asked.question
    content = content_of(question.current)
    swapped = tuple(replace(each, is_key=each.text == "Arus pendek") for each in content.options)
    change_question(question, replace(content, options=swapped), actor=teacher)
    person = page_of(app, teacher).opens(f"/kelola/asesmen/{assessment.id}/nilai-ulang/{question.id}")
    assert person.sees("1 jawaban mendapat skor lain")
    assert person.sees("Dinilai tangan oleh Ibu Sri")
    assert person.links["Ubah nilai"] == f"/penilaian/{answer_of(by_hand, 'multiple_choice').id}"
    others = tuple(replace(each, text=f"{each.text} (baru)") for each in content.options)
    change_question(question, replace(content, options=others), actor=teacher)
    person.opens(f"/kelola/asesmen/{assessment.id}/nilai-ulang/{question.id}")
    assert person.sees("Tidak ada jawaban yang nilainya berubah.")
    assert person.sees("2 jawaban tidak dapat dinilai ulang")


def test_one_sees_ones_own_grades_as_far_as_the_rules_let_one(app: Flask, course: Course) -> None:
    shown = done(make.assessment(course, title="Terbuka"), "Ayu")
    hidden = make.assessment(course, title="Tertutup", show_score=Show.NEVER)
    attempt = begun_by(shown.user, hidden)
    submit_attempt(attempt, actor=shown.user)
    person = page_of(app, shown.user).opens("/nilai")
    assert person.sees("Nilai 100%")
    assert person.text.count("Lulus") == 1
    assert person.sees("Tertutup")


def begun_by(user: User, assessment: make.Assessment) -> Attempt:
    attempt = start_attempt(assessment, actor=user)
    answer_right(attempt)
    return attempt


@pytest.mark.parametrize(
    "path", ["/kelola/kursus/{slug}/nilai", "/kelola/kursus/{slug}/nilai.csv", "/kelola/asesmen/{id}/hasil"]
)
def test_results_of_another_are_closed(app: Flask, course: Course, path: str) -> None:
    assessment = make.assessment(course)
    stranger = page_of(app, make.user(Role.TRAINER))
    assert stranger.client.get(path.format(slug=course.slug, id=assessment.id)).status_code == 404


def test_pages_cost_the_same_however_many_people_there_are(app: Flask, teacher: User, course: Course) -> None:
    assessment, costs = make.assessment(course), []
    for _round in range(2):
        for number in range(3):
            done(assessment, f"Orang {number}")
        person = page_of(app, teacher)
        with statements() as seen:
            for path in (f"/kelola/kursus/{course.slug}/nilai", f"/kelola/asesmen/{assessment.id}/hasil"):
                assert person.client.get(path).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_a_course_completed_on_a_grade_that_was_taken_back_is_named_to_the_admin(app: Flask, course: Course) -> None:
    assessment = make.assessment(course, kinds=("essay",))
    attempt = begun_by(enrolled(assessment), assessment)
    submit_attempt(attempt, actor=attempt.user)
    grade_answer(answer_of(attempt, "essay"), Decimal(5), actor=course.owner)
    for lesson in make.lessons_of(course):
        complete_lesson(attempt.enrollment, lesson, actor=attempt.user)
    drain_all()
    db.session.refresh(attempt.enrollment)
    assert attempt.enrollment.is_completed
    assert lapsed().count == 0
    grade_answer(answer_of(attempt, "essay"), Decimal(1), reason="Salin", actor=course.owner)
    drain_all()
    db.session.refresh(attempt.enrollment)
    assert attempt.enrollment.is_completed
    assert (lapsed().count, lapsed().assessment_id) == (1, assessment.id)
    assert page_of(app, make.admin()).opens("/admin").sees("1 peserta selesai tanpa kelulusan")
