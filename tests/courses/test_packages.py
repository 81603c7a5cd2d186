"""Taking a course along: what a package holds, and what an import makes of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.accounts.models import Role, User
from app.core import storage
from app.core.clock import now
from app.core.db import db, transaction
from app.core.settings import change_institution
from app.courses import actions, queries
from app.courses.actions import package_steps, unpacking
from app.courses.actions.packages import AlreadyHere, upload_package
from app.courses.actions.unpacking import unpack_package
from app.courses.events import CourseImportBegun, CourseImportRefused, CourseImportRequested, LessonAdded
from app.courses.models import Course, CourseImport, CourseStatus, ImportedLesson, Lesson, Media
from app.courses.packages import CONTENT, MANIFEST, stream
from app.courses.queries.packages import CannotPack, contents, left_out, packed
from app.events.models import Task, TaskState
from tests import files, make
from tests.courses.packing import PDF, PUBLIC_ID, asset, content, exported, lesson, package
from tests.facts import assert_stated
from tests.statements import statements

Drain = Callable[[], int]


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER, locale="id")


def webp(**options: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "WEBP", quality=80, **options)
    return drawn.getvalue()


def stored(mime: str) -> bytes:
    """The bytes of the file of that type."""
    return storage.read(db.session.scalars(select(Media.stored_name).where(Media.mime == mime)).first() or "")


def full_course(author: User) -> Course:
    """With a section that is empty, one that is deleted, a document, a video and two pictures."""
    course = make.course(lessons=0, published=False, owner=author, title="Dasar K3", objectives=["Mengenal APD"])
    actions.set_tags(course, ["keselamatan", "Proyek"], actor=author)
    first, _empty = make.section(course, title="Pengenalan"), make.section(course, title="Nanti")
    picture = actions.store_image(io.BytesIO(webp()), "helm.png", owner=author)
    text = f"# Helm\n\n![Helm](/media/{picture.public_id})\n\n- kuning\n- merah"
    actions.add_lesson(first, title="Helm", kind="text", body=text, minutes=7, actor=author)
    document = actions.store_file(io.BytesIO(PDF), "document", name="Lembar kerja.pdf", owner=author)
    sheet = {"media": document, "body": "Cetak dulu.", "is_required": False}
    actions.add_lesson(first, title="Lembar", kind="document", actor=author, **sheet)
    movie = actions.store_file(io.BytesIO(files.mp4()), "video", name="Film.mp4", owner=author)
    actions.add_lesson(first, title="Film", kind="video", media=movie, body="Perhatikan.", actor=author)
    sound = actions.store_file(io.BytesIO(files.mp3()), "audio", name="Suara.mp3", owner=author)
    actions.add_lesson(first, title="Suara", kind="audio", media=sound, actor=author)
    film = {"video_id": "abcdefghijk"}
    actions.add_lesson(first, title="Tonton", kind="youtube", data=film, is_free_preview=True, actor=author)
    meeting = {"link": "https://zoom.us/j/123", "starts_at": "2026-08-17T07:05:00+00:00"}
    actions.add_lesson(first, title="Bertemu", kind="conference", data=meeting, actor=author)
    gone = actions.add_section(course, "Dibuang", actor=author)
    actions.add_lesson(gone, title="Lama", kind="text", body="Lama.", actor=author)
    actions.delete_section(gone, actor=author)
    return course


def imported(content: bytes, author: User, drain: Drain) -> CourseImport:
    import_id = upload_package(io.BytesIO(content), name="paket.zip", actor=author)
    drain()
    return the_import(import_id)


def the_import(import_id: UUID) -> CourseImport:
    db.session.expire_all()
    return db.session.get_one(CourseImport, import_id)


def course_of(found: CourseImport) -> Course:
    assert found.problem is None
    return db.session.get_one(Course, found.course_id)


def away(course: Course) -> None:
    """The course as if it had been made in another school."""
    with transaction():
        db.session.get_one(Course, course.id).public_id = "kursus-di-sekolah-ini-juga"


def text_of(zipped: bytes, name: str = CONTENT) -> bytes:
    return zipfile.ZipFile(io.BytesIO(zipped)).read(name)


def kept_files() -> set[str]:
    folder = storage.local.path("")
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


# Out


def test_a_package_names_every_file_with_its_checksum(author: User) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported(full_course(author))))
    manifest = json.loads(archive.read(MANIFEST))
    assert (manifest["format"], manifest["version"]) == ("tuntas-course", 1)
    assert set(archive.namelist()) == {
        MANIFEST,
        CONTENT,
        asset(stored("image/webp"), ".webp"),
        asset(PDF, ".pdf"),
        asset(files.mp4(), ".mp4"),
        asset(files.mp3(), ".mp3"),
    }
    for name, listed in manifest["files"].items():
        inside = archive.read(name)
        assert (hashlib.sha256(inside).hexdigest(), len(inside)) == (listed["sha256"], listed["size"])


def test_a_package_holds_what_is_living_and_names_pictures_by_their_asset(author: User) -> None:
    said = json.loads(text_of(exported(full_course(author))))
    assert [section["title"] for section in said["sections"]] == ["Pengenalan", "Nanti"]
    helm, sheet, _movie, _sound, film, _meeting = said["sections"][0]["lessons"]
    assert f"![Helm]({asset(stored('image/webp'), '.webp')})" in helm["body"]
    assert said["files"][sheet["file"]] == "Lembar kerja.pdf"
    assert (film["data"], film["is_free_preview"], film["file"]) == ({"video_id": "abcdefghijk"}, True, None)


def test_t_upl_09_a_package_tells_of_nobody(app: Flask) -> None:
    author = make.user(Role.TRAINER, name="Bu Rahasia", email="rahasia@contoh.test")
    course = full_course(author)
    make.enrollment(make.user(name="Peserta Rahasia"), course)
    text = text_of(exported(course)) + text_of(exported(course), MANIFEST)
    assert b"ahasia" not in text
    assert course.slug.encode() not in text
    assert b"_by" not in text


def test_the_size_of_a_package_is_known_before_it_is_written(author: User) -> None:
    made = packed(full_course(author))
    assert sum(map(len, stream(made))) == made.size


def test_equal_courses_make_equal_packages(author: User) -> None:
    course = full_course(author)
    assert exported(course) == exported(course)


def test_a_package_of_many_lessons_takes_as_many_statements_as_of_one(author: User) -> None:
    counts = []
    for number in (1, 60):
        course = make.course(lessons=number)
        course.id  # noqa: B018 - loaded before we count
        with statements() as seen:
            packed(course)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_what_a_package_would_hold_is_told_without_making_it(author: User) -> None:
    course = full_course(author)
    course.id  # noqa: B018 - loaded before we count
    with statements() as seen:
        told = contents(course)
    assert (told.lessons, told.files) == (6, 4)
    assert told.size == sum(map(len, (PDF, stored("image/webp"), files.mp3(), files.mp4())))
    assert len(seen) <= 2


def test_a_file_without_a_known_checksum_is_read_for_it(author: User) -> None:
    course = make.course(lessons=0, owner=author)
    make.lesson(course, kind="document", media_id=make.media(author, PDF, sha256=None).id)
    assert asset(PDF, ".pdf") in zipfile.ZipFile(io.BytesIO(exported(course))).namelist()
    assert db.session.scalars(select(Media.sha256)).all() == [None]


def test_a_file_that_is_gone_stops_the_export_and_is_named(author: User) -> None:
    course = full_course(author)
    storage.delete(db.session.scalars(select(Media.stored_name).where(Media.mime == "application/pdf")).one())
    with pytest.raises(CannotPack, match=r"Lembar kerja\.pdf"):
        packed(course)


# In


def test_export_import_export_gives_the_same_content(author: User, drain: Drain) -> None:
    course = full_course(author)
    first = exported(course)
    away(course)
    other = make.user(Role.CONTENT_MANAGER)
    made = course_of(imported(first, other, drain))
    second = exported(made)
    assert text_of(second) == text_of(first)
    assert [tag.name for tag in made.tags] == ["Proyek", "keselamatan"]
    assert made.id != course.id
    inside = [json.loads(text_of(each, MANIFEST))["files"] for each in (first, second)]
    assert inside[0] == inside[1]


def test_an_imported_course_is_a_draft_of_whoever_brought_it(author: User, drain: Drain) -> None:
    found = imported(package(), author, drain)
    course = course_of(found)
    assert (course.status, course.owner_id, course.title) == (CourseStatus.DRAFT, author.id, "Dasar K3")
    assert (course.imported_from, course.short_description) == (PUBLIC_ID, "Selamat bekerja.")
    assert course.public_id != PUBLIC_ID
    assert [each.title for each in queries.outline(course).lessons] == ["Pengenalan"]
    assert_stated(CourseImportRequested, course_title="Dasar K3")
    assert_stated(CourseImportBegun, course_id=course.id)
    assert_stated(LessonAdded, course_id=course.id)
    assert db.session.get_one(Task, found.task_id).state == TaskState.DONE


def test_pictures_of_an_imported_text_are_seen_by_its_readers(author: User, drain: Drain) -> None:
    course = full_course(author)
    zipped = exported(course)
    away(course)
    made = course_of(imported(zipped, author, drain))
    helm = make.lessons_of(made)[0]
    picture = db.session.scalars(select(Media).where(Media.original_name == "helm.webp", Media.owner_id == author.id))
    assert any(f"/media/{each.public_id})" in helm.body for each in picture)
    assert "assets/" not in helm.body


def test_the_package_itself_is_not_kept(author: User, drain: Drain) -> None:
    imported(package(), author, drain)
    assert not {name for name in kept_files() if name.startswith(("packages", "uploads", "unpacking"))}


def test_a_second_import_does_not_double_and_says_what_is_there(author: User, drain: Drain) -> None:
    made = course_of(imported(package(), author, drain))
    before = kept_files()
    with pytest.raises(AlreadyHere, match=r"“Dasar K3”.*arsipkan dulu kursus itu") as caught:
        upload_package(io.BytesIO(package()), name="paket.zip", actor=make.admin())
    assert caught.value.course.id == made.id
    drain()
    assert kept_files() == before
    assert db.session.scalar(select(func.count()).select_from(Course)) == 1


def test_the_own_package_of_a_course_does_not_double_it(author: User) -> None:
    course = full_course(author)
    with pytest.raises(AlreadyHere):
        upload_package(io.BytesIO(exported(course)), name="paket.zip", actor=author)


def test_who_may_not_archive_what_is_here_is_told_to_ask_an_admin(author: User, drain: Drain) -> None:
    made = course_of(imported(package(), author, drain))
    others = make.user(Role.CONTENT_MANAGER)
    with pytest.raises(AlreadyHere, match="minta admin lembaga Anda mengarsipkannya dulu"):
        upload_package(io.BytesIO(package()), name="paket.zip", actor=others)
    for status in (CourseStatus.PUBLISHED, CourseStatus.DRAFT):
        with transaction():
            here = db.session.get_one(Course, made.id)
            here.status, here.published_at = status, now()
        with pytest.raises(AlreadyHere, match="minta admin"):
            upload_package(io.BytesIO(package()), name="paket.zip", actor=author)


def test_an_archived_course_makes_room_for_its_package(author: User, drain: Drain) -> None:
    first = course_of(imported(package(), author, drain))
    actions.archive(first, actor=author)
    second = course_of(imported(package(), author, drain))
    assert second.id != first.id


def test_of_two_uploads_of_one_package_only_the_first_becomes_a_course(author: User, drain: Drain) -> None:
    ids = [upload_package(io.BytesIO(package()), name="paket.zip", actor=author) for _ in range(2)]
    drain()
    assert sorted((the_import(each).problem or "")[:24] for each in ids) == ["", "Kursus dari paket ini su"]
    assert db.session.scalar(select(func.count()).select_from(Course)) == 1
    assert_stated(CourseImportRefused)


def test_a_category_like_it_is_found_and_none_is_made(author: User, drain: Drain) -> None:
    here = make.category(name="Keselamatan Kerja", slug="k3")
    shelf = {"slug": "lain", "name": "keselamatan kerja"}
    made = course_of(imported(package(category=shelf), author, drain))
    assert made.category_id == here.id
    other = package(category={"slug": "kimia", "name": "Kimia"}, course="paket-yang-lain-lagi")
    assert course_of(imported(other, author, drain)).category_id is None


def test_a_picture_of_another_program_is_drawn_anew(author: User, drain: Drain) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (2000, 20), "red").save(drawn, "PNG")
    name = asset(drawn.getvalue() + b"<script>", ".png")
    said = content(lesson(body=f"![x]({name})"), files={name: "foto.png"})
    made = course_of(imported(package(said, {name: drawn.getvalue() + b"<script>"}), author, drain))
    (kept,) = db.session.scalars(select(Media))
    assert (kept.mime, kept.original_name, kept.stored_name[-5:]) == ("image/webp", "foto.webp", ".webp")
    assert b"<script>" not in storage.read(kept.stored_name)
    assert make.lessons_of(made)[0].body == f"![x](/media/{kept.public_id})"


@pytest.mark.parametrize("where", ["exif", "xmp", "icc_profile"])
def test_words_in_a_picture_do_not_come_in(author: User, drain: Drain, where: str) -> None:
    camera = Image.Exif()
    camera[0x010F] = "rahasia"
    picture = webp(**{where: camera.tobytes() if where == "exif" else b"rahasia"})
    assert b"rahasia" in picture
    name = asset(picture, ".webp")
    said = content(lesson(body=f"![x]({name})"), files={name: "foto.webp"})
    course_of(imported(package(said, {name: picture}), author, drain))
    assert b"rahasia" not in stored("image/webp")


# Lessons that are left out


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (lesson(kind="hologram"), "Jenis materi “hologram” tidak dikenal di sini."),
        (lesson(kind="youtube", body="", data={"video_id": "//jahat.test"}), "Ini bukan alamat video YouTube."),
        (lesson(kind="conference", data={"link": "javascript:alert(1)"}), "Ini bukan tautan pertemuan."),
        (lesson(kind="conference", data={"link": "https://zoom.us/j/1", "starts_at": "besok"}), "tidak dapat dibaca"),
        (lesson(kind="conference", data={"starts_at": "0001-01-01T00:00+14:00"}), "tidak dapat dibaca"),
        (lesson(kind="text", body="![x](/media/milik-orang-lain)"), "gambar yang bukan milik Anda"),
        (lesson(kind="document", body="", file=asset(PDF, ".pdf")), "Berkasnya tidak ada dalam paket."),
    ],
)
def test_a_lesson_that_cannot_be_imported_is_left_out_with_the_reason(
    author: User, drain: Drain, given: dict[str, object], reason: str
) -> None:
    make.media(public_id="milik-orang-lain")
    found = imported(package(content(lesson(), {**given, "title": "Aneh"}, lesson(title="Akhir"))), author, drain)
    assert [each.title for each in make.lessons_of(course_of(found))] == ["Pengenalan", "Akhir"]
    (skipped,) = left_out(found.id)
    assert (skipped.title, skipped.number) == ("Aneh", 2)
    assert reason in (skipped.problem or "")


@pytest.mark.parametrize(
    ("file", "suffix", "kind", "reason"),
    [
        (b"<html><script>alert(1)</script>", ".pdf", "document", "tidak sesuai dengan akhiran namanya"),
        (b"MZ\x90\x00", ".exe", "document", "tidak menerima berkas seperti ini"),
        (b"<svg onload=alert(1)>", ".svg", "document", "tidak menerima berkas seperti ini"),
        (b"PK\x05\x06" + bytes(18), ".zip", "document", "tidak menerima berkas seperti ini"),
        (b"PK\x03\x04 rusak", ".docx", "document", "tidak sesuai dengan akhiran namanya"),
        (files.locked(files.odt()), ".odt", "document", "tidak sesuai dengan akhiran namanya"),
        (PDF, ".pdf", "text", "tidak menerima berkas seperti ini"),
    ],
)
def test_t_upl_01_a_file_that_its_kind_does_not_take_is_left_out_with_its_lesson(
    author: User, drain: Drain, file: bytes, suffix: str, kind: str, reason: str
) -> None:
    name = asset(file, suffix)
    said = content(lesson(kind=kind, file=name), lesson(title="Akhir"), files={name: f"lembar{suffix}"})
    found = imported(package(said, {name: file}), author, drain)
    assert [each.title for each in make.lessons_of(course_of(found))] == ["Akhir"]
    assert reason in (left_out(found.id)[0].problem or "")


@pytest.mark.parametrize("called", ["lembar.exe", "lembar", "../../lembar.pdf.html"])
def test_t_upl_01_a_file_under_a_false_name_is_left_out(author: User, drain: Drain, called: str) -> None:
    name = asset(PDF, ".pdf")
    said = content(lesson(kind="document", file=name), files={name: called})
    found = imported(package(said, {name: PDF}), author, drain)
    assert len(left_out(found.id)) == 1


def test_t_upl_02_a_pixel_bomb_in_a_text_is_left_out(author: User, drain: Drain) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    name = asset(bomb.getvalue(), ".png")
    said = content(lesson(body=f"![x]({name})"), files={name: "bom.png"})
    found = imported(package(said, {name: bomb.getvalue()}), author, drain)
    assert len(left_out(found.id)) == 1
    assert db.session.scalar(select(func.count()).select_from(Media)) == 0


def test_a_course_that_is_published_meanwhile_gets_no_more_lessons_and_says_so(author: User) -> None:
    many = content(*(lesson(title=f"Materi {n}") for n in range(3)))
    import_id = upload_package(io.BytesIO(package(many)), name="paket.zip", actor=author)
    unpack_package(import_id)
    with transaction():
        course_of(the_import(import_id)).status = CourseStatus.PUBLISHED
    with transaction():
        package_steps.import_lessons(db.session.get_one(Task, the_import(import_id).task_id))
    assert [(each.problem or "")[:19] for each in left_out(import_id)] == ["Kursus ini sedang t"] * 3


# Dying in the middle


def test_unpacking_again_after_a_crash_comes_to_the_same_end(
    app: Flask, author: User, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = full_course(author)
    zipped = exported(course)
    away(course)
    before = kept_files()
    import_id = upload_package(io.BytesIO(zipped), name="paket.zip", actor=author)
    adopt = storage.adopt

    def dies(name: str, file: object) -> None:
        adopt(name, file)  # type: ignore[arg-type]
        raise OSError("the worker is killed")

    with monkeypatch.context() as patch:
        patch.setattr(unpacking.storage, "adopt", dies)
        with pytest.raises(OSError, match="killed"):
            unpack_package(import_id)
    assert the_import(import_id).course_id is None
    drain()
    made = course_of(the_import(import_id))
    assert text_of(exported(made)) == text_of(zipped)
    assert len(kept_files() - before) == 4
    unpack_package(import_id)
    drain()
    assert db.session.scalar(select(func.count()).select_from(Course)) == 2


def test_a_step_that_dies_is_done_again_and_no_lesson_is_doubled(author: User, drain: Drain) -> None:
    many = content(*(lesson(title=f"Materi {n}") for n in range(120)))
    import_id = upload_package(io.BytesIO(package(many)), name="paket.zip", actor=author)
    unpack_package(import_id)
    with pytest.raises(RuntimeError), transaction():
        package_steps.import_lessons(db.session.get_one(Task, the_import(import_id).task_id))
        raise RuntimeError("the worker is killed")
    drain()
    found = the_import(import_id)
    assert [each.title for each in make.lessons_of(course_of(found))] == [f"Materi {n}" for n in range(120)]
    assert {each.lesson_id is not None for each in db.session.scalars(select(ImportedLesson))} == {True}


def test_an_import_that_no_worker_can_finish_is_refused_and_leaves_nothing(
    author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = full_course(author)
    zipped = exported(course)
    away(course)
    before, import_id = kept_files(), upload_package(io.BytesIO(zipped), name="paket.zip", actor=author)
    unpacking._unpack  # noqa: B018
    with monkeypatch.context() as patch:
        patch.setattr(unpacking, "begin_course", _fails)
        with pytest.raises(OSError, match="broken"):
            unpack_package(import_id)
    assert len(kept_files()) > len(before) + 1
    unpacking.refuse_import(import_id, "Server tidak dapat membuka paket ini.")
    unpacking.clear_package(import_id)
    assert kept_files() == before
    assert the_import(import_id).problem == "Server tidak dapat membuka paket ini."
    assert db.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.title == "Helm")) == 1


def _fails(*_arguments: object) -> None:
    raise OSError("broken")


# Room


def test_t_upl_10_what_has_no_room_is_refused_and_nothing_is_left(author: User, drain: Drain) -> None:
    big = b"%PDF-1.7" + bytes(900)
    name = asset(big, ".pdf")
    said = content(lesson(kind="document", file=name), files={name: "besar.pdf"})
    import_id = upload_package(io.BytesIO(package(said, {name: big})), name="paket.zip", actor=author)
    change_institution(storage_gb=0)
    drain()
    assert "Ruang berkas lembaga tidak cukup" in (the_import(import_id).problem or "")
    assert kept_files() == set()
    assert db.session.scalar(select(func.count()).select_from(Course)) == 0


def test_imports_of_before_are_told_by_one_statement(author: User, drain: Drain) -> None:
    imported(package(), author, drain)
    author.id  # noqa: B018 - loaded before we count
    with statements() as seen:
        found = queries.packages.recent_imports(author)
    assert [each.package.title for each in found] == ["Dasar K3"]
    assert queries.packages.recent_imports(make.user(Role.TRAINER)) == []
    assert len(queries.packages.recent_imports(make.admin())) == 1
    assert len(seen) == 1
    assert found[0].package.created_at <= now()
