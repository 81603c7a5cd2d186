"""The editor: outline and lessons, as their author meets them in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import db, transaction
from app.core.forms import clean_text
from app.core.markdown import render
from app.courses.events import LessonAdded, LessonDeleted
from app.courses.models import Course, Lesson, Section
from app.courses.queries import draft_of, outline
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.progress.models import LessonProgress
from tests import make
from tests.facts import captured
from tests.pages import Person
from tests.security.markup import Skeleton
from tests.security.texts import PAYLOADS
from tests.statements import statements


def author(app: Flask, course: Course, user: User | None = None) -> Person:
    return Person(app).logs_in(str((user or course.owner).email))


def draft(lessons: int = 0, **fields: object) -> Course:
    return make.course(lessons=lessons, published=False, **fields)  # type: ignore[arg-type]


def titles(course: Course) -> list[list[str]]:
    """The titles of the lessons by section."""
    db.session.rollback()
    return [[lesson.title for lesson in section.lessons] for section in outline(course).sections]


def seen(enrollment: Enrollment, lesson: Lesson, *, done: bool = False) -> None:
    """The learner has opened the lesson, or completed it."""
    with transaction() as session:
        moment = now() if done else None
        session.add(LessonProgress(enrollment_id=enrollment.id, lesson_id=lesson.id, completed_at=moment))


def press(person: Person, action: str, **fields: object) -> Person:
    """Sends what a button of the outline sends: the form `susun` with another action."""
    form = next(each for each in person.forms if each.method == "post")
    answer = person.client.post(action, data={"csrf_token": form.fields["csrf_token"], **fields}, follow_redirects=True)
    return person._take(answer)


def test_a_course_is_written_from_nothing(app: Flask) -> None:
    course = draft()
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    assert person.sees("Mulai dari bab pertama")
    person.submits("Tambah bab", title="Pengenalan")
    assert person.sees("Bab 1: Pengenalan")
    assert person.sees("Bab ini belum memiliki materi")
    with captured(LessonAdded) as facts:
        person.submits("Tambah", title="Selamat datang", jenis="text", outline="1")
    assert [fact.title for fact in facts] == ["Selamat datang"]
    assert facts[0].is_required
    assert person.path == f"/kelola/kursus/{course.slug}"
    assert person.sees("Belum ada isi")
    person.follows("Selamat datang").submits("Simpan", body="# Halo", minutes="5", is_required="y")
    assert person.sees("Materi “Selamat datang” disimpan.")
    lesson = make.lessons_of(course)[0]
    assert (lesson.body, lesson.minutes, lesson.is_required, lesson.version) == ("# Halo", 5, True, 2)
    assert not person.opens(f"/kelola/kursus/{course.slug}").sees("Belum ada isi")


def test_a_new_lesson_may_be_gone_on_with_at_once(app: Flask) -> None:
    course = draft()
    section = make.section(course)
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    person.submits("Tambah dan isi", title="Video pertama", jenis="youtube")
    lesson = make.lessons_of(course)[0]
    assert (lesson.kind, lesson.section_id) == ("youtube", section.id)
    assert person.path == f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    person.submits("Simpan", title="Video", address="https://contoh.test")
    assert person.status == 422
    assert person.sees("Ini bukan alamat video YouTube")
    person.submits("Simpan", title="Video", address="https://youtu.be/abcdefghijk")
    db.session.rollback()
    assert db.session.get_one(Lesson, lesson.id).data == {"video_id": "abcdefghijk"}


@pytest.mark.parametrize(
    ("kind", "field", "typed", "sentence"),
    [
        ("youtube", "address", "//[", "Ini bukan alamat video YouTube."),
        ("youtube", "address", "http://[x]/watch?v=abcdefghijk", "Ini bukan alamat video YouTube."),
        ("conference", "link", "https://[", "Ini bukan tautan pertemuan."),
        ("conference", "starts_at", "0001-01-01T00:00", "Isi tahun antara 2000 dan 2100."),
        ("conference", "starts_at", "9999-12-31T23:59", "Isi tahun antara 2000 dan 2100."),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(app: Flask, kind: str, field: str, typed: str, sentence: str) -> None:
    course = draft()
    lesson = make.lesson(course, kind=kind, body="")
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}/materi/{lesson.id}")
    assert person.submits("Simpan", **{field: typed}).status == 422
    assert person.sees(sentence)
    form = next(each for each in person.forms if field in each.fields)
    assert form.fields[field] == typed


@pytest.mark.parametrize(
    "query", ["jenis=text", "bab=1", "bab=1&jenis=tidak-ada", "bab=x&jenis=text", f"bab={10**30}&jenis=text"]
)
def test_a_lesson_of_no_kind_or_section_is_not_found(app: Flask, query: str) -> None:
    course = draft()
    make.section(course, id=1)
    person = author(app, course)
    if query == "jenis=text":
        assert person.opens(f"/kelola/kursus/{course.slug}/materi/baru?bab=1&jenis=text").status == 200
    token = person.opens(f"/kelola/kursus/{course.slug}").forms[0].fields["csrf_token"]
    assert person.opens(f"/kelola/kursus/{course.slug}/materi/baru?{query}").status == 404
    sent = {**dict(each.split("=") for each in query.split("&")), "csrf_token": token}
    assert person.client.post(f"/kelola/kursus/{course.slug}/materi/baru", data=sent).status_code == 404


def test_a_title_is_asked_for_and_the_page_comes_back(app: Flask) -> None:
    course = draft(1)
    section = course.sections[0]
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    assert person.submits("Tambah bab", title=" ").status == 422
    assert person.sees("Wajib diisi.")
    person.opens(f"/kelola/kursus/{course.slug}")
    assert press(person, f"/kelola/kursus/{course.slug}/bab/{section.id}", title="").status == 422
    press(person, f"/kelola/kursus/{course.slug}/bab/{section.id}", title="Judul lain")
    assert person.sees("Bab 1: Judul lain")


def test_naik_and_turun_go_past_the_border_of_a_section(app: Flask) -> None:
    course = draft()
    one, two = make.section(course), make.section(course)
    a, b = make.lesson(one, title="A", position=1), make.lesson(one, title="B", position=2)
    make.lesson(two, title="C", position=1)
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    here = f"/kelola/kursus/{course.slug}/materi"
    press(person, f"{here}/{b.id}/pindah", step="-1")
    assert titles(course) == [["B", "A"], ["C"]]
    press(person, f"{here}/{b.id}/pindah", step="-1")
    assert titles(course) == [["B", "A"], ["C"]], "there is nothing above the first"
    press(person, f"{here}/{a.id}/pindah", step="1")
    assert titles(course) == [["B"], ["A", "C"]]
    press(person, f"{here}/{a.id}/pindah", step="-1")
    assert titles(course) == [["B", "A"], ["C"]]
    for _ in range(4):
        press(person, f"{here}/{b.id}/pindah", step="1")
    assert titles(course) == [["A"], ["C", "B"]]
    press(person, f"/kelola/kursus/{course.slug}/bab/{two.id}/pindah", step="-1")
    assert titles(course) == [["C", "B"], ["A"]]
    press(person, f"/kelola/kursus/{course.slug}/bab/{two.id}/pindah", place="2")
    assert titles(course) == [["A"], ["C", "B"]]


def test_a_lesson_is_dropped_at_a_place_of_another_section(app: Flask) -> None:
    course = draft()
    one, two = make.section(course), make.section(course)
    a = make.lesson(one, title="A", position=1)
    make.lesson(two, title="B", position=1)
    make.lesson(two, title="C", position=2)
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    press(person, f"/kelola/kursus/{course.slug}/materi/{a.id}/pindah", section=two.id, place=2)
    assert titles(course) == [[], ["B", "A", "C"]]
    person.opens(f"/kelola/kursus/{course.slug}/materi/{a.id}").submits("Pindahkan", section=str(one.id))
    assert titles(course) == [["A"], ["B", "C"]]


def test_ids_of_other_parents_are_refused(app: Flask) -> None:
    course, other = draft(1), draft(1)
    lesson, foreign = make.lessons_of(course)[0], make.lessons_of(other)[0]
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}")
    here = f"/kelola/kursus/{course.slug}"
    assert press(person, f"{here}/materi/{foreign.id}/pindah", step="1").status == 404
    person.opens(here)
    assert press(person, f"{here}/materi/{lesson.id}/pindah", section=foreign.section_id).status == 404
    person.opens(here)
    assert press(person, f"{here}/bab/{foreign.section_id}", title="x").status == 404
    for nothing in ({}, {"step": "5"}, {"place": "0"}, {"section": "x"}):
        person.opens(here)
        assert press(person, f"{here}/materi/{lesson.id}/pindah", **nothing).status == 422, nothing


def test_a_lesson_is_deleted_with_its_consequence_stated_and_restored(app: Flask) -> None:
    course = make.course(lessons=2)
    lesson = make.lessons_of(course)[0]
    learner = make.enrollment(into=course)
    make.enrollment(into=course, status=EnrollmentStatus.COMPLETED)
    seen(learner, lesson)
    person = author(app, course, make.admin()).opens(f"/kelola/kursus/{course.slug}/materi/{lesson.id}/hapus")
    assert person.sees("Hapus materi “Materi 1”?")
    assert person.sees("1 peserta sudah membukanya.")
    assert person.sees("1 peserta yang sudah selesai tetap selesai.")
    with captured(LessonDeleted) as facts:
        person.submits("Hapus")
    assert len(facts) == 1
    assert titles(course) == [["Materi 2"]]
    person.opens(f"/kelola/kursus/{course.slug}/arsip").follows("Pulihkan")
    assert person.sees("Akibatnya bagi peserta")
    person.submits("Pulihkan")
    assert titles(course) == [["Materi 1", "Materi 2"]]


def test_a_section_goes_and_comes_back_with_its_lessons(app: Flask) -> None:
    course = draft(2)
    section = course.sections[0]
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}/bab/{section.id}/hapus")
    assert person.sees("2 materi di dalamnya ikut dihapus.")
    person.submits("Hapus")
    assert titles(course) == []
    person.opens(f"/kelola/kursus/{course.slug}/arsip")
    assert person.sees("2 materi: Materi 1, Materi 2")
    person.submits("Pulihkan")
    assert titles(course) == [["Materi 1", "Materi 2"]]
    assert person.opens(f"/kelola/kursus/{course.slug}/arsip").sees("Arsip kosong")


def test_what_is_in_the_archive_already_is_looked_for_there(app: Flask) -> None:
    course = draft(2)
    lesson, section = make.lessons_of(course)[0], course.sections[0]
    here = f"/kelola/kursus/{course.slug}"
    person = author(app, course).opens(f"{here}/materi/{lesson.id}/hapus").submits("Hapus")
    assert person.opens(f"{here}/materi/{lesson.id}/hapus").path == f"{here}/arsip"
    person.opens(f"{here}/bab/{section.id}/hapus").submits("Hapus")
    assert person.opens(f"{here}/bab/{section.id}/hapus").path == f"{here}/arsip"


def test_a_published_course_is_its_admins_to_change(app: Flask) -> None:
    course = make.course(lessons=2)
    lesson = make.lessons_of(course)[0]
    here = f"/kelola/kursus/{course.slug}"
    person = author(app, course).opens(here)
    assert person.sees("Kursus ini sedang terbit.")
    assert "Naikkan" not in person.response.text
    press(person, f"{here}/materi/{lesson.id}/pindah", step="1")
    assert person.sees("Minta admin mengembalikannya ke draf")
    assert titles(course) == [["Materi 1", "Materi 2"]]
    assert "Simpan" not in str(person.opens(f"{here}/materi/{lesson.id}").forms[-1].buttons)
    admin = author(app, course, make.admin()).opens(here)
    press(admin, f"{here}/materi/{lesson.id}/pindah", step="1")
    assert titles(course) == [["Materi 2", "Materi 1"]]


def test_a_published_course_gets_a_lesson_with_its_content_and_the_consequence_confirmed(app: Flask) -> None:
    course = make.course(lessons=1)
    enrollment = make.enrollment(into=course, progress_percentage=100)
    seen(enrollment, make.lessons_of(course)[0], done=True)
    admin = author(app, course, make.admin()).opens(f"/kelola/kursus/{course.slug}")
    admin.submits("Tulis materi", title="Baru", jenis="text")
    admin.submits("Simpan", is_required="y")
    assert admin.sees("1 peserta turun dari 100% ke 50%.")
    assert titles(course) == [["Materi 1"]]
    assert admin.submits("Simpan dan terapkan", confirmed="1").status == 422
    assert admin.sees("lengkapi isi materi ini")
    admin.submits("Simpan", body="Isi.", confirmed="1")
    assert titles(course) == [["Materi 1", "Baru"]]


def test_who_stops_requiring_a_lesson_confirms_what_it_does(app: Flask) -> None:
    course = make.course(lessons=2)
    enrollment = make.enrollment(into=course)
    first, second = make.lessons_of(course)
    seen(enrollment, first, done=True)
    admin = author(app, course, make.admin()).opens(f"/kelola/kursus/{course.slug}/materi/{second.id}")
    form = next(each for each in admin.forms if "Simpan" in each.buttons)
    form.fields.pop("is_required")
    admin.submits("Simpan", body="Isi.")
    assert admin.sees("1 peserta langsung selesai")
    db.session.rollback()
    assert db.session.get_one(Lesson, second.id).is_required
    admin.submits("Simpan dan terapkan", confirmed="1", body="Isi.")
    db.session.rollback()
    assert not db.session.get_one(Lesson, second.id).is_required


def test_two_who_edit_at_once_lose_nothing(app: Flask) -> None:
    course = draft(1)
    lesson = make.lessons_of(course)[0]
    page = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    one = author(app, course).opens(page)
    two = author(app, course, make.admin(name="Bu Sri")).opens(page)
    two.submits("Simpan", body="Dari Bu Sri.")
    one.submits("Simpan", body="Dari pemilik.")
    assert one.status == 409
    assert one.sees("Bu Sri menyimpan perubahan lain")
    assert one.sees("Dari Bu Sri.")
    assert one.sees("Dari pemilik.")
    one.submits("Simpan", body="Dari pemilik.")
    assert one.status == 200
    db.session.rollback()
    assert db.session.get_one(Lesson, lesson.id).body == "Dari pemilik."


def kept(person: Person, path: str, fields: object) -> int:
    token = next(each.fields["csrf_token"] for each in person.forms if "csrf_token" in each.fields)
    answer = person.client.post(f"{path}/draf", json=fields, headers={"X-CSRFToken": token})
    if answer.status_code == 200:
        assert re.fullmatch(r"\d\d\.\d\d", answer.get_json()["saved_at"])
    return answer.status_code


def field(person: Person, name: str) -> str:
    return next(each.fields[name] for each in person.forms if name in each.fields)


def test_a_draft_is_kept_shown_and_dropped(app: Flask) -> None:
    course = draft(1)
    lesson, owner = make.lessons_of(course)[0], course.owner
    page = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    person = author(app, course).opens(page)
    assert not person.sees("Buang draf")
    assert kept(person, page, {"title": "Setengah jadi", "body": "Baru mul", "version": "1", "owner_id": "9"}) == 200
    row = draft_of(lesson, owner)
    assert row is not None
    assert row.fields == {"title": "Setengah jadi", "body": "Baru mul", "version": "1"}
    person.opens(page)
    assert person.sees("belum disimpan")
    assert person.sees("Baru mul")
    assert not author(app, course, make.admin()).opens(page).sees("Baru mul")
    person.submits("Buang draf")
    assert person.sees("Draf dibuang.")
    assert person.sees("Isi materi.")
    assert draft_of(lesson, owner) is None


def test_saving_ends_the_draft_and_what_equals_the_stored_is_none(app: Flask) -> None:
    course = draft(1)
    lesson = make.lessons_of(course)[0]
    page = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    person = author(app, course).opens(page)
    same = {"title": lesson.title, "body": lesson.body, "minutes": "10", "is_required": "y", "version": "1"}
    assert kept(person, page, same) == 200
    assert not person.opens(page).sees("Buang draf")
    assert kept(person, page, {**same, "body": "Lain"}) == 200
    person.opens(page).submits("Simpan", body="Lain")
    db.session.rollback()
    assert draft_of(lesson, course.owner) is None


@pytest.mark.parametrize("saver", ["owner", "other"])
def test_what_was_typed_before_saving_is_no_draft_when_it_arrives_late(app: Flask, saver: str) -> None:
    course = draft(1)
    lesson, owner = make.lessons_of(course)[0], course.owner
    page = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    person = author(app, course).opens(page)
    by = person if saver == "owner" else author(app, course, make.admin()).opens(page)
    by.submits("Simpan", body="Yang terakhir")
    assert kept(person, page, {"title": lesson.title, "body": "Yang lam", "version": "1"}) == (
        409 if saver == "owner" else 200
    )
    assert (draft_of(lesson, owner) is None) == (saver == "owner")
    assert person.opens(page).sees("Buang draf") == (saver == "other")


def test_a_new_lesson_in_a_published_course_is_kept_while_it_is_typed(app: Flask) -> None:
    course, boss = make.course(lessons=1), make.admin()
    section = course.sections[0]
    page = f"/kelola/kursus/{course.slug}/materi/baru?bab={section.id}&jenis=text"
    here = f"/kelola/kursus/{course.slug}/bab/{section.id}"
    admin = author(app, course, boss).opens(page)
    assert f'data-draft="{here}/draf"' in admin.response.text
    typed = {"jenis": "text", "title": "Helm", "body": "Pakai hel", "version": field(admin, "version")}
    assert kept(admin, here, typed) == 200
    assert admin.opens(page).sees("belum disimpan")
    assert admin.sees("Pakai hel")
    assert admin.submits("Buang draf").sees("Draf dibuang.")
    assert not admin.opens(page).sees("Pakai hel")

    assert kept(admin, here, typed) == 200
    admin.opens(page).submits("Simpan", body="Pakai helm.", is_required="y")
    assert titles(course) == [["Materi 1", "Helm"]]
    assert draft_of(section, boss) is None
    assert kept(admin, here, typed) == 409
    assert kept(admin, here, {**typed, "version": field(admin.opens(page), "version")}) == 200
    assert kept(admin, here, {"jenis": "tidak-ada", "title": "Helm"}) == 404


def test_a_draft_of_an_old_version_meets_the_conflict_when_it_is_saved(app: Flask) -> None:
    course = draft(1)
    lesson = make.lessons_of(course)[0]
    page = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    person = author(app, course).opens(page)
    kept(person, page, {"title": "Milik saya", "body": "A", "version": "1"})
    author(app, course, make.admin()).opens(page).submits("Simpan", title="Milik admin")
    person.opens(page)
    assert person.submits("Simpan").status == 409
    assert person.sees("Milik admin")


@pytest.mark.parametrize("sent", [None, [], {}, "x", {"lain": "x"}, {"body": 5}, {"body": "x" * 200_001}])
def test_what_is_no_draft_is_refused(app: Flask, sent: object) -> None:
    course = draft(1)
    page = f"/kelola/kursus/{course.slug}/materi/{make.lessons_of(course)[0].id}"
    assert kept(author(app, course).opens(page), page, sent) == 422


def test_the_editor_costs_the_same_however_many_lessons(app: Flask) -> None:
    counts = []
    for lessons in (2, 60):
        course = draft(lessons)
        make.section(course)
        person = author(app, course)
        for path in (f"/kelola/kursus/{course.slug}", f"/kelola/kursus/{course.slug}/arsip"):
            person.opens(path)
            with statements() as asked:
                assert person.client.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 8, counts


def test_the_page_of_a_lesson_costs_the_same_however_long_the_course(app: Flask) -> None:
    counts = []
    for lessons in (2, 60):
        course = draft(lessons)
        path = f"/kelola/kursus/{course.slug}/materi/{make.lessons_of(course)[0].id}"
        person = author(app, course).opens(path)
        with statements() as asked:
            assert person.client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8, counts


def test_foreign_staff_find_nothing(app: Flask) -> None:
    course = draft(1)
    lesson = make.lessons_of(course)[0]
    stranger = Person(app).logs_in(str(make.user(Role.TRAINER).email))
    for path in ("", "/arsip", f"/materi/{lesson.id}", f"/bab/{lesson.section_id}/hapus"):
        assert stranger.opens(f"/kelola/kursus/{course.slug}{path}").status == 404
    learner = Person(app).logs_in(str(make.user().email))
    assert learner.opens(f"/kelola/kursus/{course.slug}").status == 403


def test_a_deleted_section_takes_no_lesson(app: Flask) -> None:
    course = draft()
    section = make.section(course, deleted_at=course.created_at)
    person = author(app, course).opens(f"/kelola/kursus/{course.slug}/materi/baru?bab={section.id}&jenis=text")
    person.submits("Simpan", title="Baru", body="x")
    assert person.status == 422
    assert person.sees("Bab ini ada di Arsip.")
    assert db.session.get_one(Section, section.id).lessons == []


def test_t_xss_04_the_preview_is_made_by_the_same_sanitiser(app: Flask) -> None:
    person = author(app, draft()).opens("/kelola/kursus")
    token = next(each.fields["csrf_token"] for each in person.forms if "csrf_token" in each.fields)
    for payload in PAYLOADS:
        for address, field in (("?bagian=1", "text"), ("?isian=body", "body")):
            sent = {"csrf_token": token, field: payload}
            answer = person.client.post(f"/kelola/pratinjau{address}", data=sent)
            assert answer.status_code == 200
            assert str(render(clean_text(payload) or "")) in answer.text, payload
            assert Skeleton(answer.text).inline == [], payload
