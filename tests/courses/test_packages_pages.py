"""The pages of packages: taking a course away, bringing one in, and what became of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.db import db
from app.courses import actions
from app.courses.models import Course, CourseImport
from app.courses.packages import read_package
from tests import make
from tests.courses.packing import content, lesson, package
from tests.pages import Person

pytestmark = pytest.mark.pages
Drain = Callable[[], int]


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER, email="guru@contoh.test")


@pytest.fixture
def desk(app: Flask, author: User) -> Person:
    return Person(app).logs_in("guru@contoh.test")


def sends(person: Person, zipped: bytes, name: str = "paket.zip") -> Person:
    return person.opens("/kelola/impor").submits("Unggah dan impor", file=(io.BytesIO(zipped), name))


def test_a_course_is_taken_away_from_its_page(desk: Person, author: User) -> None:
    course = make.course(lessons=2, published=False, owner=author, title="Dasar K3", slug="dasar-k3")
    desk.opens(f"/kelola/kursus/{course.slug}/ekspor")
    assert desk.sees("Asesmen dan bank soal juga tidak ikut.")
    assert desk.sees("Materi 2")
    assert desk.sees("peserta, progres, ulasan, dan sertifikat")
    desk.follows("Unduh paket")
    headers = desk.response.headers
    assert headers["Content-Disposition"] == 'attachment; filename="dasar-k3.zip"'
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("application/zip", "no-store")
    assert int(headers["Content-Length"]) == len(desk.response.data)
    assert read_package(io.BytesIO(desk.response.data)).course.title == "Dasar K3"


def test_a_package_is_brought_in_and_its_page_tells_how_far_it_is(desk: Person, author: User, drain: Drain) -> None:
    sends(desk, package(content(lesson(), lesson(title="Aneh", kind="hologram"), title="Dari jauh")))
    assert desk.path.startswith("/kelola/impor/")
    assert desk.sees("Berkas dalam paket sedang diperiksa dan disimpan")
    assert b'http-equiv="refresh"' in desk.response.data
    drain()
    desk.opens(desk.path)
    assert b'http-equiv="refresh"' not in desk.response.data
    assert desk.sees("1 materi diimpor ke draf baru. 1 materi dilewati.")
    assert desk.sees("Aneh Jenis materi “hologram” tidak dikenal di sini.")
    assert desk.links["Buka kursus"].startswith("/kelola/kursus/dari-jauh")
    assert desk.opens("/kelola/impor").sees("Dari jauh paket.zip Selesai")


def test_a_package_that_is_refused_leaves_one_on_the_page_with_the_reason(desk: Person) -> None:
    sends(desk, package().replace(b"course.json", b"kursus.json"))
    assert desk.status == 422
    assert desk.sees("Berkas ini bukan paket kursus. Pilih berkas ZIP yang diekspor dari Tuntas.")
    assert db.session.query(CourseImport).count() == 0


@pytest.mark.parametrize("name", ["paket.exe", "paket"])
def test_a_file_with_another_ending_is_refused(desk: Person, name: str) -> None:
    assert sends(desk, package(), name).status == 422


def test_without_a_file_the_form_says_so(desk: Person) -> None:
    assert desk.opens("/kelola/impor").submits("Unggah dan impor").status == 422


def test_what_is_here_already_is_said_with_the_way_to_it(desk: Person, drain: Drain) -> None:
    sends(desk, package())
    drain()
    sends(desk, package())
    assert desk.status == 422
    assert desk.sees("Kursus dari paket ini sudah ada: “Dasar K3”.")
    assert desk.follows("Lihat kursus itu").sees("Dasar K3")


def test_the_draft_of_somebody_else_is_named_but_not_shown(app: Flask, desk: Person, drain: Drain) -> None:
    sends(desk, package())
    drain()
    make.user(Role.CONTENT_MANAGER, email="lain@contoh.test")
    other = Person(app).logs_in("lain@contoh.test")
    sends(other, package())
    assert other.sees("sudah ada: “Dasar K3”")
    assert "Lihat kursus itu" not in other.links


def test_what_went_wrong_later_is_told_on_the_page(desk: Person, author: User, drain: Drain) -> None:
    sends(desk, package())
    here = desk.path
    sends(desk, package())
    drain()
    assert desk.opens(desk.path).sees("Tidak diimpor Kursus dari paket ini sudah ada") != desk.opens(here).sees(
        "Tidak diimpor Kursus dari paket ini sudah ada"
    )
    assert desk.opens("/kelola/impor").sees("Ditolak")


def test_a_package_that_was_uploaded_in_pieces_is_imported(desk: Person, author: User, drain: Drain) -> None:
    zipped = package()
    upload = actions.start_upload("paket.zip", len(zipped), "package", owner=author)
    actions.receive(upload, 0, io.BytesIO(zipped))
    desk.opens("/kelola/impor").submits("Unggah dan impor", upload=str(upload.id))
    drain()
    assert desk.opens(desk.path).sees("1 materi diimpor ke draf baru.")
    assert db.session.query(Course).one().owner_id == author.id


def test_after_a_refused_upload_another_file_can_be_sent(desk: Person, author: User) -> None:
    upload = actions.start_upload("paket.zip", 6, "package", owner=author)
    actions.receive(upload, 0, io.BytesIO(b"PK lah"))
    desk.opens("/kelola/impor").submits("Unggah dan impor", upload=str(upload.id))
    assert desk.sees("Berkas ini bukan paket kursus.")
    desk.submits("Unggah dan impor", file=(io.BytesIO(package()), "paket.zip"))
    assert desk.path.startswith("/kelola/impor/")


@pytest.mark.parametrize("sent", ["x", "0190f7b0-0000-7000-8000-000000000000"])
def test_an_upload_that_never_was_is_said_to_be_gone(desk: Person, sent: str) -> None:
    assert desk.opens("/kelola/impor").submits("Unggah dan impor", upload=sent).status == 422
    assert desk.sees("Unggahan ini sudah tidak ada.")


def test_an_upload_of_somebody_else_is_none(desk: Person) -> None:
    zipped = package()
    upload = actions.start_upload("paket.zip", len(zipped), "package", owner=make.admin())
    actions.receive(upload, 0, io.BytesIO(zipped))
    desk.opens("/kelola/impor").submits("Unggah dan impor", upload=str(upload.id))
    assert desk.status == 422
    assert desk.sees("Unggahan ini sudah tidak ada.")


@pytest.mark.parametrize(
    "path", ["/kelola/impor", "/kelola/kursus/dasar-k3/ekspor", "/kelola/kursus/dasar-k3/ekspor.zip"]
)
def test_learners_have_no_business_here(app: Flask, path: str) -> None:
    make.course(slug="dasar-k3")
    make.user(email="siswa@contoh.test")
    assert Person(app).logs_in("siswa@contoh.test").opens(path).status == 403
