"""The file that comes with a lesson's form: whole, in pieces before, or with an earlier try."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core import clock
from app.core.clock import now
from app.core.db import db
from app.courses import actions
from app.courses.models import Course, Lesson, Media, Upload
from tests import files, make
from tests.facts import drain_all
from tests.pages import Person

NAME = "Lembar kerja.pdf"


@pytest.fixture
def lesson(app: Flask) -> Lesson:
    """A document of a draft that has no file yet."""
    course = make.course(lessons=0, published=False)
    return make.lesson(course, kind="document", title="Lembar kerja", body="")


def editor(app: Flask, lesson: Lesson, user: User | None = None) -> Person:
    course: Course = lesson.section.course
    address = f"/kelola/kursus/{course.slug}/materi/{lesson.id}"
    return Person(app).logs_in(str((user or course.owner).email)).opens(address)


def whole(content: bytes, name: str = NAME) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def in_pieces(owner: User, content: bytes) -> Upload:
    upload = actions.start_upload(NAME, len(content), "document", owner=owner)
    actions.receive(upload, 0, io.BytesIO(content))
    return upload


def media_of(lesson: Lesson) -> Media | None:
    db.session.rollback()
    return db.session.get_one(Lesson, lesson.id).media


def test_a_file_comes_whole_with_the_form(app: Flask, lesson: Lesson) -> None:
    person = editor(app, lesson).submits("Simpan", file=whole(files.pdf()))
    assert person.sees("disimpan")
    assert person.sees(NAME)
    media = media_of(lesson)
    assert media is not None
    assert (media.original_name, media.pages, media.owner_id) == (NAME, 3, lesson.section.course.owner_id)


def test_a_file_that_came_in_pieces_is_named_by_its_upload(app: Flask, lesson: Lesson) -> None:
    upload = in_pieces(lesson.section.course.owner, files.pdf())
    editor(app, lesson).submits("Simpan", upload=str(upload.id))
    assert media_of(lesson) is not None


def test_saving_without_a_file_keeps_the_one_that_is_there(app: Flask, lesson: Lesson) -> None:
    editor(app, lesson).submits("Simpan", file=whole(files.pdf()))
    media = media_of(lesson)
    editor(app, lesson).submits("Simpan", title="Judul lain")
    assert media_of(lesson) == media


def test_a_file_of_another_type_is_refused_at_its_field_and_the_rest_stays(app: Flask, lesson: Lesson) -> None:
    person = editor(app, lesson).submits("Simpan", title="Judul lain", file=whole(b"MZ\x90", "alat.exe"))
    assert person.status == 422
    assert person.sees("Judul lain") or "Judul lain" in person.response.text
    assert media_of(lesson) is None


@pytest.mark.parametrize("field", ["upload", "kept"])
def test_what_others_have_uploaded_is_not_for_this_form(app: Flask, lesson: Lesson, field: str) -> None:
    stranger = make.user(Role.TRAINER)
    theirs = str(in_pieces(stranger, files.pdf()).id) if field == "upload" else make.media(stranger).public_id
    for value in (theirs, "0" * 32, "bukan kode"):
        person = editor(app, lesson).submits("Simpan", **{field: value})
        assert person.status == 422, value
        assert person.sees("Unggahan ini sudah tidak ada."), value
    assert media_of(lesson) is None


def test_a_file_is_not_lost_when_somebody_else_has_saved_meanwhile(app: Flask, lesson: Lesson) -> None:
    person = editor(app, lesson)
    editor(app, lesson, make.admin()).submits("Simpan", title="Dari admin")
    person.submits("Simpan", title="Dari pemilik", file=whole(files.pdf()))
    assert person.status == 409
    assert person.sees("Berkas sudah diunggah.")
    person.submits("Simpan")
    assert person.status == 200
    media = media_of(lesson)
    assert media is not None
    assert media.original_name == NAME


def test_a_file_of_ones_own_is_only_kept_for_a_kind_that_takes_it(app: Flask) -> None:
    course = make.course(lessons=0, published=False)
    video = make.lesson(course, kind="video", title="Film", body="")
    paper = actions.store_file(io.BytesIO(files.docx()), "document", name="a.docx", owner=course.owner)
    film = actions.store_file(io.BytesIO(files.mp4()), "video", name="a.mp4", owner=course.owner)
    person = editor(app, video).submits("Simpan", kept=paper.public_id)
    assert person.status == 422
    assert person.sees("Yang diterima: MP4, M4V, WEBM.")
    assert media_of(video) is None
    assert person.submits("Simpan", kept=film.public_id).sees("Materi “Film” disimpan.")
    assert media_of(video) == film


def test_after_a_refused_upload_the_form_can_be_saved(app: Flask, lesson: Lesson) -> None:
    upload = in_pieces(lesson.section.course.owner, b"MZ\x90")
    person = editor(app, lesson).submits("Simpan", title="Judul lain", upload=str(upload.id))
    assert person.status == 422
    assert person.sees("Isi berkas ini tidak sesuai")
    assert not person.sees("Berkas sudah diunggah.")
    assert person.submits("Simpan").sees("Materi “Judul lain” disimpan.")
    assert media_of(lesson) is None


@pytest.mark.parametrize("field", ["upload", "kept"])
def test_a_draft_does_not_name_a_file_that_was_forgotten_meanwhile(app: Flask, lesson: Lesson, field: str) -> None:
    owner = lesson.section.course.owner
    named = str(in_pieces(owner, files.pdf()).id) if field == "upload" else make.media(owner).public_id
    actions.keep_draft(lesson, {"title": "Judul lain", field: named, "version": "1"}, version=1, actor=owner)
    assert editor(app, lesson).sees("Berkas sudah diunggah.")
    later = now() + (timedelta(hours=25) if field == "upload" else timedelta(days=8))
    with clock.at(later):
        drain_all()
        actions.forget_unused()
        person = editor(app, lesson)
        assert not person.sees("Berkas sudah diunggah.")
        assert person.submits("Simpan").sees("Materi “Judul lain” disimpan.")
    assert media_of(lesson) is None


def test_a_draft_that_names_no_upload_at_all_is_opened(app: Flask, lesson: Lesson) -> None:
    fields = {"title": "Judul lain", "upload": "bukan kode", "version": "1"}
    actions.keep_draft(lesson, fields, version=1, actor=lesson.section.course.owner)
    assert editor(app, lesson).submits("Simpan").sees("Materi “Judul lain” disimpan.")


def test_a_new_lesson_of_a_published_course_brings_its_file(app: Flask) -> None:
    course = make.course(lessons=1)
    admin = Person(app).logs_in(str(make.admin().email)).opens(f"/kelola/kursus/{course.slug}")
    admin.submits("Tulis materi", title="Lembar", jenis="document")
    assert admin.submits("Simpan").status == 422
    assert admin.sees("lengkapi isi materi ini")
    admin.submits("Simpan", file=whole(files.pdf()))
    assert media_of(make.lessons_of(course)[1]) is not None
