"""An assessment from nothing to published, through the pages of its author."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.assessments.actions import authoring
from app.assessments.actions.bank import add_question, archive_question, change_question
from app.assessments.models import Assessment, AssessmentStatus, Item, Question
from app.assessments.queries.assessments import items_of
from app.assessments.queries.publishing import lacking_for_publishing
from app.assessments.questions.content import Choice, Content, content_of
from app.core import clock
from app.core.db import db
from app.courses.models import Course
from app.courses.queries import missing_for_publishing
from tests import make
from tests.pages import Person
from tests.statements import statements

QUESTIONS: dict[str, dict[str, str]] = {
    "multiple_choice": {
        "choices-0-text": "Helm", "choices-0-is_key": "y", "choices-1-text": "Sandal", "choices-2-text": "Topi",
    },
    "true_false": {"key": "benar"},
    "short_answer": {"accepted": "Jakarta\nDKI Jakarta", "similar": "y"},
    "matching": {
        "pairs-0-text": "Api", "pairs-0-partner": "APAR", "pairs-1-text": "Luka", "pairs-1-partner": "P3K",
    },
    "numeric": {"value": "87,5", "tolerance": "0,5", "unit": "liter"},
    "essay": {},
    "file_upload": {},
}  # fmt: skip


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.CONTENT_MANAGER)


@pytest.fixture
def course(author: User) -> Course:
    return make.course(owner=author, published=False)


def page_of(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def test_an_assessment_with_all_types_is_built_and_published(app: Flask, author: User, course: Course) -> None:
    person = page_of(app, author).opens(f"/kelola/kursus/{course.slug}/asesmen")
    person.submits("Buat", title="Ujian akhir", kind="exam")
    assert person.sees("Belum ada soal")
    assessment = db.session.query(Assessment).one()
    for kind, fields in QUESTIONS.items():
        person.opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis={kind}&asesmen={assessment.id}")
        person.submits("Simpan", text=f"Soal {kind}", points="2,5", **fields)
        assert person.path == f"/kelola/asesmen/{assessment.id}", person.text
    items = items_of(assessment.id)
    assert [item.question.type for item in items if item.question] == list(QUESTIONS)
    assert {item.question.current.points for item in items if item.question} == {Decimal("2.5")}
    assert lacking_for_publishing(assessment) == []
    person.opens(f"/kelola/asesmen/{assessment.id}/terbit")
    assert person.sees("Hanya admin yang menerbitkan asesmen.")
    admin = page_of(app, make.admin()).opens(f"/kelola/asesmen/{assessment.id}/terbit").submits("Terbitkan")
    assert admin.sees("Asesmen terbit.")
    db.session.refresh(assessment)
    assert assessment.status == AssessmentStatus.PUBLISHED


@pytest.mark.parametrize("kind", list(QUESTIONS))
def test_a_question_comes_back_as_it_was_typed(app: Flask, author: User, course: Course, kind: str) -> None:
    person = page_of(app, author).opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis={kind}")
    person.submits(
        "Simpan", text="Apa?", points="3", tags="K3, Dasar  Sekali", feedback="Baca lagi.", **QUESTIONS[kind]
    )
    question = db.session.query(Question).one()
    assert [each.tag for each in question.tags] == ["dasar sekali", "k3"]
    before = content_of(question.current)
    person.opens(f"/kelola/kursus/{course.slug}/soal/{question.id}").submits("Simpan")
    db.session.expire_all()
    assert (question.number, content_of(question.current)) == (1, before)
    person.submits("Simpan", text="Apa kabar?")
    db.session.expire_all()
    assert (question.number, question.current.text) == (2, "Apa kabar?")
    assert person.sees("Versi 1")


def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, author: User, course: Course) -> None:
    person = page_of(app, author).opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis=multiple_choice")
    person.submits("Simpan", text="", points="banyak", **QUESTIONS["multiple_choice"])
    assert person.status == 422
    assert person.sees("Wajib diisi.")
    assert person.sees("Isi dengan angka. Contoh: 87,5")
    form = next(form for form in person.forms if "Simpan" in form.buttons)
    assert form.fields["choices-0-text"] == "Helm"
    assert db.session.query(Question).count() == 0


def test_more_rows_come_without_saving(app: Flask, author: User, course: Course) -> None:
    person = page_of(app, author).opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis=matching")
    person.submits("Tambah baris", more="1", text="Pasangkan", **QUESTIONS["matching"])
    form = next(form for form in person.forms if "Simpan" in form.buttons)
    assert {"pairs-4-text", "pairs-5-partner"} <= set(form.fields)
    assert form.fields["pairs-1-partner"] == "P3K"
    assert db.session.query(Question).count() == 0


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("multiple_choice", Content("?", options=(Choice("a"), Choice("b"))), "belum memiliki kunci"),
        ("multiple_choice", Content("?", options=(Choice("a", is_key=True),)), "paling sedikit dua pilihan"),
        ("multiple_choice", Content("?", options=(Choice("a", True), Choice("b", True))), "hanya boleh memiliki satu"),
        ("true_false", Content("?"), "belum memiliki kunci"),
        ("short_answer", Content("?"), "belum memiliki kunci"),
        ("numeric", Content("?"), "belum memiliki kunci"),
        ("matching", Content("?", options=(Choice("a", partner="b"),)), "paling sedikit dua pasangan"),
    ],
)
def test_what_cannot_be_graded_cannot_be_published(app: Flask, kind: str, content: Content, words: str) -> None:
    assessment = make.assessment(kinds=(), status=AssessmentStatus.DRAFT)
    make.kept(
        Item(assessment_id=assessment.id, position=1, question_id=make.question(assessment.course, kind, content).id)
    )
    with pytest.raises(authoring.NotReady, match=words):
        authoring.publish_assessment(assessment, actor=make.admin())
    assert assessment.status == AssessmentStatus.DRAFT


def test_a_draw_needs_so_many_questions_in_the_bank(app: Flask, author: User, course: Course) -> None:
    assessment = authoring.create_assessment(course, "Kuis", actor=author)
    question = add_question(course, "true_false", make.TYPICAL["true_false"], tags=["k3"], actor=author)
    authoring.add_draw(assessment, "k3", 2, actor=author)
    assert "hanya memiliki 1 soal" in lacking_for_publishing(assessment)[0].sentence
    add_question(course, "true_false", make.TYPICAL["true_false"], tags=["K3 "], actor=author)
    assert lacking_for_publishing(assessment) == []
    archive_question(question, actor=author)
    assert "hanya memiliki 1 soal" in lacking_for_publishing(assessment)[0].sentence


def test_a_course_is_not_published_while_a_required_assessment_is_a_draft(app: Flask, course: Course) -> None:
    assessment = make.assessment(course, status=AssessmentStatus.DRAFT, title="Ujian akhir")
    assert [each.sentence for each in missing_for_publishing(course)] == ["Asesmen wajib “Ujian akhir” belum terbit."]
    authoring.publish_assessment(assessment, actor=make.admin())
    assert missing_for_publishing(course) == []


def test_the_checklist_of_a_course_leads_to_the_assessment(app: Flask, author: User, course: Course) -> None:
    assessment = make.assessment(course, status=AssessmentStatus.DRAFT, title="Ujian akhir")
    person = page_of(app, author).opens(f"/kelola/kursus/{course.slug}/terbit").follows("Lengkapi")
    assert (person.status, person.path) == (200, f"/kelola/asesmen/{assessment.id}/terbit")


def test_questions_are_taken_from_the_bank_moved_and_taken_out(app: Flask, author: User, course: Course) -> None:
    assessment = authoring.create_assessment(course, "Kuis", actor=author)
    first, second = (
        add_question(course, "true_false", Content(f"Soal {n}", data={"key": True}), actor=author) for n in "12"
    )
    person = page_of(app, author).opens(f"/kelola/asesmen/{assessment.id}")
    token = person.forms[-1].fields["csrf_token"]
    person.client.post(
        f"/kelola/asesmen/{assessment.id}/soal", data={"csrf_token": token, "soal": [first.id, second.id]}
    )
    items = items_of(assessment.id)
    assert [item.question_id for item in items] == [first.id, second.id]
    here = f"/kelola/asesmen/{assessment.id}/butir/{items[1].id}"
    person.client.post(f"{here}/pindah", data={"csrf_token": token, "place": 1})
    person.client.post(f"{here}/ubah", data={"csrf_token": token, "points": "4,5"})
    assert [(item.question_id, item.points) for item in items_of(assessment.id)] == [
        (second.id, Decimal("4.5")), (first.id, None),
    ]  # fmt: skip
    person.client.post(f"{here}/hapus", data={"csrf_token": token})
    assert [item.question_id for item in items_of(assessment.id)] == [first.id]


def test_settings_are_kept_in_the_zone_of_the_author(app: Flask, author: User, course: Course) -> None:
    assessment = authoring.create_assessment(course, "Kuis", actor=author)
    person = page_of(app, author).opens(f"/kelola/asesmen/{assessment.id}/pengaturan")
    person.submits(
        "Simpan", opens_at="2027-01-05T08:00", closes_at="2027-01-05T10:00", time_limit_minutes="60", max_attempts="2"
    )
    assert person.sees("Tersimpan.")
    db.session.refresh(assessment)
    assert assessment.opens_at is not None
    assert assessment.opens_at.isoformat() == "2027-01-05T01:00:00+00:00"
    assert (assessment.time_limit_minutes, assessment.max_attempts) == (60, 2)
    person.submits("Simpan", closes_at="2027-01-05T08:00")
    assert (person.status, person.sees("Waktu tutup harus sesudah waktu buka.")) == (422, True)
    person.submits("Simpan", opens_at="0001-01-01T00:00")
    assert (person.status, person.sees("Isi tahun antara 2000 dan 2100.")) == (422, True)


def test_of_two_who_edit_the_second_is_told(app: Flask, author: User, course: Course) -> None:
    assessment = authoring.create_assessment(course, "Kuis", actor=author)
    mine = page_of(app, author).opens(f"/kelola/asesmen/{assessment.id}/pengaturan")
    authoring.update_assessment(assessment, actor=make.admin(name="Ibu Sri"), passing_score=80)
    mine.submits("Simpan", passing_score="60")
    assert (mine.status, mine.sees("Ibu Sri menyimpan perubahan lain")) == (409, True)
    mine.submits("Simpan", passing_score="60")
    db.session.refresh(assessment)
    assert assessment.passing_score == 60


def test_while_published_only_an_admin_changes_it(app: Flask, author: User, course: Course) -> None:
    assessment = make.assessment(course)
    for act in (
        lambda: authoring.update_assessment(assessment, actor=author, passing_score=10),
        lambda: authoring.remove_item(items_of(assessment.id)[0], assessment, actor=author),
        lambda: authoring.add_draw(assessment, "k3", 1, actor=author),
    ):
        with pytest.raises(authoring.AssessmentLocked):
            act()
    authoring.update_assessment(assessment, actor=make.admin(), passing_score=10)
    assert page_of(app, author).opens(f"/kelola/asesmen/{assessment.id}").sees("Minta admin mengembalikannya ke draf")


@pytest.mark.parametrize("role", [Role.LEARNER, Role.CONTENT_MANAGER, Role.TRAINER])
def test_the_workshop_of_another_is_closed(app: Flask, course: Course, role: Role) -> None:
    assessment = make.assessment(course)
    question = db.session.query(Question).one()
    stranger = page_of(app, make.user(role)).client
    closed = 403 if role == Role.LEARNER else 404
    for path in (
        f"/kelola/kursus/{course.slug}/asesmen", f"/kelola/kursus/{course.slug}/soal",
        f"/kelola/kursus/{course.slug}/soal/{question.id}", f"/kelola/asesmen/{assessment.id}",
        f"/kelola/asesmen/{assessment.id}/pengaturan", f"/kelola/asesmen/{assessment.id}/terbit",
    ):  # fmt: skip
        assert stranger.get(path).status_code == closed, path


def test_a_closing_time_that_is_over_is_named_before_publishing(app: Flask) -> None:
    assessment = make.assessment(status=AssessmentStatus.DRAFT, closes_at=clock.now() - timedelta(minutes=1))
    assert "Waktu tutupnya sudah lewat" in lacking_for_publishing(assessment)[0].sentence


def test_statements_do_not_grow_with_the_questions(app: Flask, author: User, course: Course) -> None:
    assessment = make.assessment(course, kinds=("multiple_choice",), status=AssessmentStatus.DRAFT)
    person = page_of(app, author)
    costs = []
    for _round in range(2):
        with statements() as seen:
            for path in (f"/kelola/asesmen/{assessment.id}", f"/kelola/kursus/{course.slug}/soal"):
                assert person.client.get(path).status_code == 200
        costs.append(len(seen))
        for _number in range(5):
            question = make.question(course, "matching")
            authoring.add_item(assessment, question, actor=author)
    assert costs[0] == costs[1]


def test_a_question_changed_while_attempts_run_is_new_for_others_only(app: Flask, author: User, course: Course) -> None:
    question = add_question(course, "true_false", Content("Lama", data={"key": True}), actor=author)
    changed = change_question(question, Content("Baru", data={"key": False}), actor=author)
    assert (changed, question.number, question.current.text) == (True, 2, "Baru")
    assert not change_question(question, Content("Baru", data={"key": False}), actor=author)
