"""Pengaturan: what is said of a course, drafts of it, two who edit, and another way to reckon progress."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import db, transaction
from app.courses import actions
from app.courses.events import CourseUpdated
from app.courses.models import Course, EditDraft, ProgressMode, Visibility
from app.progress.models import LessonProgress
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person

PAGE = "/kelola/kursus/dasar-k3/pengaturan"


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER, name="Dewi Lestari")


@pytest.fixture
def draft(author: User) -> Course:
    return make.course(owner=author, title="Dasar K3", slug="dasar-k3", published=False)


def fresh(course: Course) -> None:
    """The course is read anew, as others have written it."""
    db.session.rollback()
    db.session.refresh(course)


def at(app: Flask, user: User) -> Person:
    return Person(app).logs_in(user.email).opens(PAGE)


WRITTEN = {
    "title": "Dasar-Dasar K3", "short_description": "Bekerja dengan aman.", "description": "## Isi\n\nBanyak.",
    "objectives": "- Mengenal bahaya\n\n* Memakai APD ", "prerequisites": "", "category": "0", "tags": "K3, Bengkel",
    "difficulty": "advanced", "visibility": "restricted", "progress_mode": "weighted", "manual_duration_minutes": "90",
}  # fmt: skip


def test_everything_an_author_says_is_kept(app: Flask, author: User, draft: Course) -> None:
    category = make.category()
    person = at(app, author).submits("Simpan", **{**WRITTEN, "category": str(category.id)})
    assert person.sees("Pengaturan kursus disimpan.")
    fresh(draft)
    said = {name: getattr(draft, name) for name in ("title", "slug", "short_description", "objectives", "category_id")}
    assert said == {
        "title": "Dasar-Dasar K3", "slug": "dasar-k3", "short_description": "Bekerja dengan aman.",
        "objectives": ["Mengenal bahaya", "Memakai APD"], "category_id": category.id,
    }  # fmt: skip
    assert (draft.visibility, draft.progress_mode) == (Visibility.RESTRICTED, ProgressMode.WEIGHTED)
    assert (draft.prerequisites, draft.manual_duration_minutes) == ([], 90)
    assert {tag.name for tag in draft.tags} == {"K3", "Bengkel"}
    assert person.sees("Dasar-Dasar K3")


def test_what_can_be_left_empty_may_be_emptied_again(app: Flask, author: User, draft: Course) -> None:
    person = at(app, author).submits("Simpan", **WRITTEN)
    fresh(draft)
    assert (len(draft.objectives), len(draft.tags), draft.manual_duration_minutes) == (2, 2, 90)
    bare = {**WRITTEN, "objectives": "", "tags": " , ", "progress_mode": "", "manual_duration_minutes": ""}
    person.submits("Simpan", **bare)
    fresh(draft)
    assert (draft.objectives, draft.tags, draft.progress_mode, draft.manual_duration_minutes) == ([], [], None, None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "Wajib diisi."),
        ("short_description", "x" * 501, "Paling banyak 500 karakter."),
        ("objectives", "a\n" * 21, "Paling banyak 20 baris."),
        ("prerequisites", "x" * 301, "Satu baris paling banyak 300 karakter."),
        ("manual_duration_minutes", "-1", "Harus antara 0 dan 60000."),
        ("tags", ",".join(f"t{n}" for n in range(11)), "Paling banyak 10 tag untuk satu kursus."),
        ("category", "999999", "Pilih salah satu yang tersedia."),
        ("difficulty", "lain", "Pilih salah satu yang tersedia."),
        ("visibility", "lain", "Pilih salah satu yang tersedia."),
        ("progress_mode", "lain", "Pilih salah satu yang tersedia."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    app: Flask, author: User, draft: Course, field: str, value: str, words: str
) -> None:
    person = at(app, author).submits("Simpan", **{**WRITTEN, field: value})
    assert person.status == 422
    assert person.sees(words)
    assert stated(CourseUpdated) == []
    fresh(draft)
    assert (draft.title, draft.tags) == ("Dasar K3", [])


def test_the_slower_of_two_sees_what_the_faster_saved_and_may_save_over_it(app: Flask, draft: Course) -> None:
    slower = at(app, draft.owner)
    actions.update_course(draft, title="Keselamatan Kerja", actor=make.admin(name="Sri Wahyuni"))
    slower.submits("Simpan", **WRITTEN)
    assert slower.status == 409
    assert slower.sees("Sri Wahyuni menyimpan perubahan lain pukul")
    assert slower.sees("Yang tersimpan sekarang Judul Keselamatan Kerja")
    assert 'value="Dasar-Dasar K3"' in slower.response.text
    assert slower.submits("Simpan", **WRITTEN).sees("Pengaturan kursus disimpan.")
    assert_stated(CourseUpdated, times=2, course_id=draft.id)


def test_what_is_typed_is_kept_brought_back_and_dropped(app: Flask, draft: Course) -> None:
    person = at(app, draft.owner)
    token = next(form for form in person.forms if "version" in form.fields).fields["csrf_token"]
    typed = {**WRITTEN, "version": "1", "owner_id": "1"}
    answer = person.client.post(f"{PAGE}/draf", json=typed, headers={"X-CSRFToken": token})
    assert answer.get_json().keys() == {"saved_at"}
    (kept,) = db.session.query(EditDraft)
    assert "owner_id" not in kept.fields
    assert person.opens(PAGE).sees("belum disimpan")
    assert 'value="Dasar-Dasar K3"' in person.response.text
    assert 'value="Dasar K3"' in at(app, make.admin()).response.text
    assert person.submits("Buang draf").sees("Draf dibuang.")
    assert 'value="Dasar K3"' in person.response.text


@pytest.mark.parametrize("sent", [[], "teks", {"title": 3}, {"lain": "x"}, {"title": "x" * 200_001}])
def test_what_is_no_draft_is_refused(app: Flask, draft: Course, sent: object) -> None:
    person = at(app, draft.owner)
    token = next(form for form in person.forms if "version" in form.fields).fields["csrf_token"]
    assert person.client.post(f"{PAGE}/draf", json=sent, headers={"X-CSRFToken": token}).status_code == 422


def test_another_way_to_reckon_is_confirmed_where_learners_feel_it(app: Flask) -> None:
    admin = make.admin()
    course = make.course(slug="dasar-k3", lessons=1, owner=admin)
    make.lesson(course, minutes=30)
    enrollment = make.enrollment(into=course)
    with transaction() as session:
        session.add(
            LessonProgress(enrollment_id=enrollment.id, lesson_id=make.lessons_of(course)[0].id, completed_at=now())
        )
    person = at(app, admin).submits("Simpan", **WRITTEN)
    assert person.sees("1 peserta turun dari 50% ke 25%.")
    fresh(course)
    assert course.progress_mode is None
    assert person.submits("Simpan dan terapkan", **WRITTEN, confirmed="1").sees("Pengaturan kursus disimpan.")
    fresh(course)
    assert course.progress_mode == ProgressMode.WEIGHTED


def test_where_nobody_learns_nothing_is_asked(app: Flask, author: User, draft: Course) -> None:
    assert at(app, author).submits("Simpan", **WRITTEN).sees("Pengaturan kursus disimpan.")


def test_an_author_reads_the_settings_of_a_published_course_and_cannot_save_them(app: Flask, author: User) -> None:
    course = make.course(owner=author, slug="dasar-k3")
    person = at(app, author)
    assert person.sees("Kursus ini sedang terbit. Minta admin mengembalikannya ke draf untuk mengubahnya.")
    assert not any("Simpan" in form.buttons for form in person.forms)
    with pytest.raises(actions.CourseLocked):
        actions.revise_course(course, title="Lain", tags=[], actor=author)
