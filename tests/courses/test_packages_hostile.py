"""Packages that somebody has made by hand: refused as a whole, in a sentence, before anything of them is kept."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models import Role, User
from app.core import storage
from app.core.db import db
from app.core.errors import Refused
from app.courses.actions.packages import upload_package
from app.courses.models import Course, CourseImport, Media, Upload
from app.courses.packages import CONTENT, MANIFEST, PackageRefused, archive, read_package
from tests import make
from tests.courses.packing import PDF, asset, content, lesson, package, zipped
from tests.facts import drain_all

TOO_LARGE = "melebihi batas"
BROKEN = "rusak"
FOREIGN = "yang tidak ada dalam paket kursus"
OTHER = "bukan paket kursus"
ODD = "tidak sesuai di"
fuzzed = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER)


@contextmanager
def within(megabytes: int) -> Iterator[None]:
    """What runs in the block takes no more memory than that."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1_000_000
    finally:
        tracemalloc.stop()


def refused(zipped: bytes, words: str, author: User | None = None) -> None:
    """It is refused in these words, and nothing is left: no row, no file, nothing inside and nothing outside."""
    folder = storage.local.path("")
    outside = _names(folder.parent.parent)
    with pytest.raises(PackageRefused, match=words) as caught:
        upload_package(io.BytesIO(zipped), name="paket.zip", actor=author or make.user(Role.TRAINER))
    assert caught.value.field == "file"
    assert caught.value.sentence.endswith(".")
    drain_all()
    for table in (Course, CourseImport, Media, Upload):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert _names(folder) == set()
    assert _names(folder.parent.parent) == outside


def _names(folder: Path) -> set[str]:
    """Every file under the folder, but for the database's own."""
    return {str(each) for each in folder.rglob("*") if each.is_file() and not each.name.startswith("test.db")}


def is_odd(zipped: bytes) -> bool:
    """Whether the content is refused, at the place where it is odd."""
    try:
        read_package(io.BytesIO(zipped))
    except PackageRefused as refusal:
        return ODD in refusal.sentence
    return False


def extended(name: str, inside: bytes = b"x", **fields: Any) -> bytes:
    """The good package with one entry more."""
    written = io.BytesIO(package())
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED
    with zipfile.ZipFile(written, "a") as zipping:
        for field, value in fields.items():
            setattr(entry, field, value)
        zipping.writestr(entry, inside)
    return written.getvalue()


# Bombs


def test_t_upl_03_a_bomb_is_refused_from_the_directory(app: Flask) -> None:
    bomb = bytes(200_000_000)
    name = f"assets/{'0' * 64}.pdf"
    written = io.BytesIO(package())
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as zipping:
        zipping.writestr(name, bomb)
    del bomb
    with within(10):
        refused(written.getvalue(), TOO_LARGE)


def test_t_upl_03_a_json_that_unpacks_without_end_is_refused(app: Flask) -> None:
    text = json.dumps(content(description="a")).encode()
    inside = {MANIFEST: b"{}", CONTENT: text + b" " * 11_000_000}
    refused(zipped(inside, zipfile.ZIP_DEFLATED), TOO_LARGE)
    refused(zipped(inside, zipfile.ZIP_STORED), TOO_LARGE)


def test_t_upl_03_a_hundred_thousand_entries_are_refused_before_they_are_read(app: Flask) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipping:
        for number in range(100_000):
            zipping.writestr(zipfile.ZipInfo(f"assets/{number:064x}.pdf"), b"")
    crowded = written.getvalue()
    with within(15):
        refused(crowded, TOO_LARGE)


def test_t_upl_03_a_directory_that_is_larger_than_it_says_is_refused(app: Flask) -> None:
    honest = extended(f"assets/{'0' * 64}.pdf")
    for place, value in ((10, 2001), (8, 2001)):
        lying = bytearray(honest)
        lying[len(lying) - 22 + place : len(lying) - 22 + place + 2] = struct.pack("<H", value)
        refused(bytes(lying), f"{TOO_LARGE}|{BROKEN}")
    huge = bytearray(honest)
    huge[-10:-6] = struct.pack("<L", 900_000_000)
    refused(bytes(huge), TOO_LARGE)


def test_t_upl_03_the_64_bit_directory_is_not_followed(app: Flask) -> None:
    good = package()
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(good) - 22, 1)
    refused(good[:-22] + locator + good[-22:], TOO_LARGE)


def test_t_upl_03_words_behind_the_directory_hide_no_other_one(app: Flask) -> None:
    written = io.BytesIO(package())
    with zipfile.ZipFile(written, "a") as zipping:
        zipping.comment = b"lihat"
    refused(written.getvalue(), OTHER)


def test_t_upl_03_a_lie_about_the_size_does_not_help(app: Flask) -> None:
    lying = bytearray(zipped({MANIFEST: b"{}", CONTENT: b"{" + b" " * 2_000_000 + b"}"}, zipfile.ZIP_DEFLATED))
    place = lying.rindex(b"PK\x01\x02")
    lying[place + 24 : place + 28] = struct.pack("<L", 1000)
    refused(bytes(lying), f"{BROKEN}|{ODD}")


def test_t_upl_03_entries_that_share_their_bytes_are_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1).randbytes(100_000)
    honest = bytearray(package(content(lesson(kind="document", file=asset(chance, ".pdf")))))
    written = io.BytesIO(bytes(honest))
    with zipfile.ZipFile(written, "a") as zipping:
        zipping.writestr(asset(chance, ".pdf"), chance)
        first = zipping.infolist()[-1]
        for number in range(50):
            twin = zipfile.ZipInfo(f"assets/{number:064x}.pdf")
            for field in ("CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, field, getattr(first, field))
            zipping.filelist.append(twin)
            zipping.NameToInfo[twin.filename] = twin
    refused(written.getvalue(), TOO_LARGE)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_t_upl_03_methods_that_unpack_without_a_bound_are_refused(app: Flask, method: int) -> None:
    refused(zipped({MANIFEST: b"{}", CONTENT: b"{}"}, method), BROKEN)


def test_t_upl_03_a_package_in_a_package_is_not_opened(app: Flask) -> None:
    inner = package()
    name = asset(inner, ".zip")
    taken = read_package(io.BytesIO(package(content(files={name: "dalam.zip"}), {name: inner})))
    assert [each.filename for each in taken.archive.infolist()] == [MANIFEST, CONTENT, name]
    refused(extended("paket.zip", inner), FOREIGN)


def test_t_upl_03_what_is_larger_than_any_package_is_not_even_opened(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_PACKAGE", 100)
    refused(package(), TOO_LARGE)


TEXTS = [
    b"[" * 100_000,
    b"[" * 900_000 + b"]" * 900_000,
    b"[" + b"[]," * 600_000 + b"[]]",
    b'{"title": ' + b"9" * 100_000 + b"}",
    b'{"title": NaN}',
    b'{"title": 1e400}',
    b'{"title": "\xff"}',
    b'{"title": "a", "title": "b"}',
    b"null",
    b"",
]


def test_t_upl_03_json_that_is_deep_wide_or_none_is_refused_in_bounded_memory(app: Flask) -> None:
    for text in TEXTS:
        with within(150):
            refused(package(text), ODD)


# Ways out of the folder


NAMES = [
        "../keluar.pdf", "assets/../../keluar.pdf", "/tmp/keluar.pdf", "C:\\keluar.pdf", "C:/keluar.pdf",
        "assets\\keluar.pdf", "..\\keluar.pdf", "assets/.pdf", f"assets/{'0' * 64}.pdf/..", f"assets/{'0' * 64}",
        f"assets/{'0' * 64}.PDF", f"ASSETS/{'0' * 64}.pdf", "manifest.json/x", "keluar.py", "__init__.py",
        "course.pickle",
        "assets/a/b.pdf", "dalam/", " course.json", "course.json\n",
    ]  # fmt: skip


def test_t_upl_05_only_names_of_ours_are_taken(app: Flask) -> None:
    for name in NAMES:
        refused(extended(name), FOREIGN)


def test_t_upl_05_a_name_that_ends_early_is_refused(app: Flask) -> None:
    good = extended("course.jsonX../../keluar")
    refused(good.replace(b"course.jsonX", b"course.json\0"), f"{FOREIGN}|{OTHER}")


def test_t_upl_05_a_link_is_refused(app: Flask) -> None:
    attributes = (stat.S_IFLNK | 0o777) << 16
    link = extended(f"assets/{'0' * 64}.pdf", b"/etc/passwd", external_attr=attributes, create_system=3)
    refused(link, "tautan")


def test_t_upl_05_two_entries_of_one_name_are_refused(app: Flask) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = extended(CONTENT)
    refused(twice, OTHER)


def test_t_upl_05_a_locked_entry_is_refused(app: Flask) -> None:
    good = bytearray(package())
    place = good.rindex(b"PK\x01\x02")
    good[place + 8] |= 1
    refused(bytes(good), "kata sandi")


# A manifest that lies


ODD_MANIFESTS: list[dict[str, Any]] = [
        {"format": "lain"}, {"version": 0}, {"version": "1"}, {"version": True}, {"course": "../x"}, {"course": 7},
        {"course": "x"}, {"course": "x" * 33}, {"category": "k3"}, {"category": {"slug": "k3"}}, {"files": []},
        {"files": {}}, {"files": {"../x": {"sha256": "0" * 64, "size": 1}}}, {"owner_id": 1},
        {"__class__": "os.system"}, {"files": {CONTENT: {"sha256": "0" * 64, "size": -1}}},
        {"files": {CONTENT: {"sha256": "0" * 64, "size": 1.5}}},
    ]  # fmt: skip


def test_t_upl_09_a_manifest_with_anything_odd_is_refused(app: Flask) -> None:
    assert [each for each in ODD_MANIFESTS if not is_odd(package(**each))] == []
    refused(package(**ODD_MANIFESTS[-1]), ODD)


def test_a_package_of_a_newer_version_says_so(app: Flask) -> None:
    refused(package(version=2), "Tuntas yang lebih baru")


def test_a_wrong_checksum_of_the_content_is_refused(app: Flask) -> None:
    good = package()
    refused(good.replace(b"Isi materi.", b"Isi jahat!!"), BROKEN)
    text = json.dumps(content()).encode()
    wrong = {CONTENT: {"sha256": "0" * 64, "size": len(text)}}
    refused(package(text, files=wrong), BROKEN)


def test_a_wrong_checksum_of_a_file_refuses_the_whole_import(author: User) -> None:
    name = f"assets/{'a' * 64}.pdf"
    said = content(lesson(), lesson(kind="document", file=name), files={name: "Lembar.pdf"})
    text = json.dumps(said).encode()
    right = json.loads(zipfile.ZipFile(io.BytesIO(package(text))).read(MANIFEST))["files"]
    listed = {**right, name: {"sha256": "a" * 64, "size": len(PDF)}}
    values = {"format": "tuntas-course", "version": 1, "course": "x" * 22, "category": None, "files": listed}
    bad = zipped({MANIFEST: json.dumps(values).encode(), CONTENT: text, name: PDF})
    import_id = upload_package(io.BytesIO(bad), name="paket.zip", actor=author)
    drain_all()
    db.session.expire_all()
    assert "“Lembar.pdf” di paket ini rusak" in (db.session.get_one(CourseImport, import_id).problem or "")
    assert _names(storage.local.path("")) == set()
    assert db.session.scalar(select(func.count()).select_from(Course)) == 0
    assert db.session.scalar(select(func.count()).select_from(Media)) == 0


def test_a_file_that_is_not_listed_or_not_there_is_refused(app: Flask) -> None:
    refused(extended(f"assets/{'0' * 64}.pdf"), BROKEN)
    name = asset(PDF, ".pdf")
    whole = package(content(files={name: "a.pdf"}), {name: PDF})
    listed = zipfile.ZipFile(io.BytesIO(whole))
    refused(zipped({each: listed.read(each) for each in (MANIFEST, CONTENT)}), BROKEN)


# Content that no export writes


ODD_COURSES: list[dict[str, Any]] = [
        {"title": ""}, {"title": " \n"}, {"title": None}, {"title": 5}, {"title": ["a"]}, {"title": "x" * 256},
        {"short_description": "x" * 501}, {"description": "x" * 200_001}, {"objectives": "satu"}, {"objectives": [1]},
        {"objectives": ["a"] * 101}, {"difficulty": "mudah"}, {"visibility": "semua"}, {"progress_mode": "cepat"},
        {"progress_mode": False}, {"manual_duration_minutes": -1}, {"manual_duration_minutes": 1.5},
        {"manual_duration_minutes": True}, {"tags": [""]}, {"tags": ["x" * 51]}, {"sections": {}}, {"sections": [[]]},
        {"sections": [{"title": "a", "lessons": [], "id": 7}]}, {"files": {"../x": "a"}}, {"files": {"a": "b"}},
        {"files": []}, {"owner_id": 1}, {"id": 1}, {"public_id": "x"}, {"status": "published"},
        {"sections": [{"title": "a", "lessons": []}] * 501},
    ]  # fmt: skip


def test_t_upl_09_a_course_with_anything_odd_is_refused(app: Flask) -> None:
    assert [each for each in ODD_COURSES if not is_odd(package(content(**each)))] == []
    refused(package(content(**ODD_COURSES[0])), ODD)


ODD_LESSONS: list[dict[str, Any]] = [
        {"title": ""}, {"kind": ""}, {"kind": 3}, {"body": None}, {"body": "x" * 200_001}, {"data": []},
        {"data": {"a": []}}, {"data": {"a": {}}}, {"data": {"a": 1}}, {"data": {"a": None}},
        {"data": {str(n): "a" for n in range(51)}}, {"file": "a.pdf"}, {"file": "/etc/passwd"}, {"file": 7},
        {"minutes": -1}, {"minutes": 1441}, {"minutes": "10"}, {"minutes": True}, {"is_required": 1},
        {"is_free_preview": "ya"}, {"id": 1}, {"section_id": 1}, {"media_id": 1},
    ]  # fmt: skip


def test_t_upl_09_a_lesson_with_anything_odd_is_refused(app: Flask) -> None:
    assert [each for each in ODD_LESSONS if not is_odd(package(content(lesson(**each))))] == []
    refused(package(content(lesson(**ODD_LESSONS[0]))), ODD)


def test_the_place_of_what_is_odd_is_named(app: Flask) -> None:
    refused(package(content(lesson(), lesson(minutes="x"))), r"course\.json\.sections\[1\]\.lessons\[2\]\.minutes")


def test_a_field_that_is_missing_is_odd(app: Flask) -> None:
    said = content()
    del said["tags"]
    refused(package(said), ODD)


def test_more_lessons_than_any_course_has_are_refused(app: Flask) -> None:
    section = {"title": "a", "lessons": [lesson()] * 1500}
    refused(package(content(sections=[section, section])), ODD)


# Anything at all


@pytest.mark.parametrize("other", [b"", b"x", b"PK\x05\x06" + bytes(18), PDF, b"\x1f\x8b" + bytes(100)])
def test_any_other_file_is_refused(app: Flask, other: bytes) -> None:
    with pytest.raises(Refused):
        upload_package(io.BytesIO(other), name="paket.zip", actor=make.admin())
    assert db.session.scalar(select(func.count()).select_from(CourseImport)) == 0


def test_a_package_that_was_cut_off_is_refused_wherever(app: Flask) -> None:
    name = asset(PDF, ".pdf")
    whole = package(content(files={name: "a.pdf"}), {name: PDF})
    for length in range(1, len(whole), 97):
        with pytest.raises(PackageRefused):
            read_package(io.BytesIO(whole[:length]))


@fuzzed
@given(st.data())
def test_a_package_with_bytes_changed_is_read_or_refused(app: Flask, data: st.DataObject) -> None:
    broken = bytearray(package())
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PackageRefused):
        read_package(io.BytesIO(bytes(broken)))
