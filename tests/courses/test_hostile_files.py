"""T-UPL: files that were made to do harm. Each is tried as every kind of lesson and as a picture."""

from __future__ import annotations

import io
import random
import socket
import struct
import subprocess
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from app.accounts.models import Role
from app.core import storage
from app.core.db import db
from app.core.security import SHOWN_PDF
from app.courses import actions
from app.courses.file_rules import FILE_RULES
from app.courses.file_types import TYPES, WrongFile, type_of
from app.courses.models import Media, Upload
from app.courses.pictures import NotAPicture, as_webp
from app.courses.probing import pages_of, seconds_of
from tests import files, make
from tests.core.test_sheets_attacks import within
from tests.facts import drain_all
from tests.pages import Person
from tests.servers import program

SCRIPT = b"<script>window.__xss = 1</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
XXE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'


def bomb_png(width: int = 20_000, height: int = 20_000) -> bytes:
    """A few kilobytes that would be drawn on 400 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def packed(names: dict[str, bytes], comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
        archive.comment = comment
    return made.getvalue()


def many_entries(count: int = 100_000) -> bytes:
    """A directory of as many entries, each of the same empty file."""
    one = packed({"[Content_Types].xml": b""})
    start = one.index(b"PK\x01\x02")
    entry, end = one[start : one.index(b"PK\x05\x06")], one[one.index(b"PK\x05\x06") :]
    return one[:start] + entry * count + end[:8] + struct.pack("<HHI", 65535, 65535, len(entry) * 1000) + end[16:]


WORD = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
HOSTILE: dict[str, tuple[str, bytes]] = {
    "html": ("a.html", HTML),
    "html as pdf": ("a.pdf", HTML),
    "html as film": ("a.mp4", HTML),
    "html as sound": ("a.mp3", HTML),
    "svg": ("a.svg", SVG),
    "svg as picture": ("a.png", SVG),
    "xhtml": ("a.xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>"),
    "gif and script": ("a.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"),
    "program": ("a.exe", b"MZ\x90\x00" + bytes(60)),
    "program as document": ("a.docx", b"MZ\x90\x00" + bytes(60)),
    "playlist that reads files": ("a.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
    "playlist in webm": ("a.webm", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nconcat:http://127.0.0.1/\n"),
    "quicktime as film": ("a.mp4", files.mp4(brand=b"qt  ")),
    "photo as film": ("a.m4v", files.box(b"ftyp", b"heic", bytes(4))),
    "matroska as webm": ("a.webm", files.webm().replace(b"webm", b"mkv0")),
    "sound without a frame": ("a.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + HTML),
    "pixel bomb": ("a.png", bomb_png()),
    "zip bomb": ("a.docx", packed({**WORD, "word/media/a.bin": bytes(50_000_000)})),
    "100,000 entries": ("a.xlsx", many_entries()),
    "nested zip": ("a.pptx", packed({"a.zip": packed({"b.zip": bytes(1000)})})),
    "xml bomb as svg": ("a.svg", LAUGHS),
    "external entity as text document": ("a.odt", XXE),
    "no letters at all": ("a.txt", bytes(100)),
    "half an archive": ("a.docx", packed(WORD)[:-30]),
    "locked text document": ("a.odt", files.locked(files.odt())),
    "text document that does not unpack": ("a.odt", files.odt().replace(b"mimetypeK", b"mimetype\xff")),
    "text document that unpacks without a bound": ("a.odt", files.odt(zipfile.ZIP_BZIP2)),
}
"""Name → file name and content; nothing of this is taken anywhere."""


@pytest.mark.parametrize(("name", "content"), HOSTILE.values(), ids=HOSTILE.keys())
def test_t_upl_01_a_hostile_file_is_taken_nowhere_and_leaves_nothing(app: Flask, name: str, content: bytes) -> None:
    owner = make.user(Role.TRAINER)
    with within(40):
        for purpose in FILE_RULES:
            with pytest.raises(WrongFile):
                actions.store_file(io.BytesIO(content), purpose, name=name, owner=owner)
        with pytest.raises(NotAPicture):
            actions.store_image(io.BytesIO(content), name, owner=owner)
    drain_all()
    assert [each for each in Path(app.config["INSTANCE"]).rglob("*.*") if each.is_file()] == []


def test_there_are_more_than_twenty() -> None:
    assert len(HOSTILE) >= 20


def kept(content: bytes, name: str) -> Media:
    return actions.store_file(io.BytesIO(content), "document", name=name, owner=make.user(Role.TRAINER))


def test_t_upl_01_a_pdf_that_is_html_too_is_only_ever_a_pdf(app: Flask) -> None:
    media = kept(b"%PDF-1.7\n" + HTML, "a.pdf")
    course = make.course()
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
    answer = app.test_client().get(f"/media/{media.public_id}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == SHOWN_PDF
    assert media.pages is None


def test_t_upl_01_of_a_picture_nothing_but_the_picture_is_kept(app: Flask) -> None:
    made = io.BytesIO()
    details = Image.Exif()
    details[0x010E] = "<script>alert(1)</script>"
    Image.new("RGB", (60, 40), 9).save(made, "JPEG", exif=details, comment=SCRIPT)
    content = made.getvalue() + SCRIPT + packed({"a.html": HTML})
    assert content.count(b"<script>") >= 3
    media = actions.store_image(io.BytesIO(content), '"><script>.jpg', owner=make.user(Role.TRAINER))
    assert b"script" not in storage.read(media.stored_name)
    assert media.mime == "image/webp"


@pytest.mark.parametrize("size", [(20_000, 20_000), (30_000, 3_000), (6_000, 4_001)])
def test_t_upl_02_a_pixel_bomb_is_refused_before_it_is_drawn(app: Flask, size: tuple[int, int]) -> None:
    bomb = bomb_png(*size)
    assert len(bomb) < 1000
    with within(5), pytest.raises(NotAPicture):
        as_webp(io.BytesIO(bomb))


def test_t_upl_03_a_zip_bomb_is_known_by_its_directory(app: Flask) -> None:
    for names in ({**WORD, "word/a": bytes(30_000_000)}, {**WORD, **{f"word/{n}": b"" for n in range(2001)}}):
        with within(40), pytest.raises(WrongFile):
            kept(packed(names), "a.docx")


@pytest.mark.parametrize("words", [LAUGHS, XXE])
def test_t_upl_04_xml_in_a_document_is_never_read(app: Flask, words: bytes) -> None:
    content = packed({**WORD, "word/document.xml": words})
    with within(5):
        media = kept(content, "a.docx")
    assert storage.read(media.stored_name) == content


@pytest.mark.parametrize("name", ["../../x.html", "/etc/passwd", "C:\\x", "word/../../../x"])
def test_t_upl_05_paths_in_a_document_lead_nowhere(app: Flask, name: str) -> None:
    media = kept(packed({**WORD, name: HTML}), "a.docx")
    drain_all()
    found = [
        each for each in Path(app.config["INSTANCE"]).parent.rglob("*") if each.is_file() and "files" in each.parts
    ]
    assert [each.name for each in found if not each.name.startswith("test.db")] == [
        media.stored_name.rpartition("/")[2]
    ]


def test_t_upl_08_the_size_of_a_sheet_is_never_believed(app: Flask) -> None:
    sheet = b'<worksheet><dimension ref="A1:XFD1048576"/></worksheet>'
    with within(5):
        media = kept(packed({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": sheet}), "a.xlsx")
    assert media.mime.endswith("spreadsheetml.sheet")


class TestTooMuch:
    """T-UPL-06: what is too large is refused by its length, before it is read."""

    @pytest.fixture
    def lesson(self, app: Flask) -> str:
        course = make.course(published=False)
        return f"/kelola/kursus/{course.slug}/materi/{make.lessons_of(course)[0].id}"

    def send(self, person: Person, address: str, length: int, **more: Any) -> int:
        class Unread(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise AssertionError("the body was read")

        answer = person.client.post(
            address, input_stream=Unread(), content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(length)}, **more,
        )  # fmt: skip
        return answer.status_code

    def test_t_upl_06_a_gigabyte_is_refused_from_everybody(self, app: Flask, lesson: str) -> None:
        people = [Person(app), *(Person(app).logs_in(str(each.email)) for each in (make.user(), make.admin()))]
        for person in people:
            for address in (lesson, "/kelola/gambar", "/kelola/unggahan", "/masuk"):
                assert self.send(person, address, 1_000_000_000) == 413, address

    def test_t_upl_06_only_staff_may_send_more_than_two_megabytes(self, app: Flask, lesson: str) -> None:
        for person in (Person(app), Person(app).logs_in(str(make.user().email))):
            assert self.send(person, "/kelola/gambar", 3_000_000) == 413
            assert self.send(person, lesson, 3_000_000) == 413

    def test_t_upl_06_two_thousand_parts_are_too_many(self, app: Flask) -> None:
        person = Person(app).logs_in(str(make.admin().email))
        parts = {f"a{number}": "x" for number in range(2000)}
        answer = person.client.post("/kelola/gambar", data=parts, content_type="multipart/form-data")
        assert answer.status_code == 413


def test_t_upl_06_a_body_that_stops_is_given_up(app: Flask) -> None:
    owner = make.user(Role.TRAINER)
    upload = actions.start_upload("a.pdf", 1000, "document", owner=owner)
    person = Person(app).logs_in(str(owner.email))
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    app.config["BODY_TIMEOUT"] = 0.1
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        theirs.send(b"%PDF-")
        answer = person.client.put(
            f"/kelola/unggahan/{upload.id}?mulai=0", headers={"X-CSRFToken": token},
            environ_overrides={"gunicorn.socket": ours, "wsgi.input": body, "CONTENT_LENGTH": "1000"},
        )  # fmt: skip
    assert answer.status_code == 400
    assert db.session.get_one(Upload, upload.id).received == 0


def changed(content: bytes, chance: random.Random) -> bytes:
    """With a few bytes changed, and at times cut off."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        made[chance.randrange(len(made))] = chance.choice((0, 1, 255, chance.randrange(256)))
    return bytes(made[: chance.randrange(1, len(made))] if chance.random() < 0.3 else made)


SOUND = {
    "a.pdf": files.pdf(1),
    "a.mp4": files.mp4(),
    "a.wav": files.wav(1)[:300],
    "a.mp3": files.mp3(1)[:600],
    "a.webm": files.webm(),
    "a.docx": files.docx(),
    "a.odt": files.odt(),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_file_with_bytes_changed_is_judged_or_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", "")  # ffprobe has a process of its own
    chance, path = random.Random(name), tmp_path / name
    for _ in range(60):
        path.write_bytes(changed(SOUND[name], chance))
        with suppress(WrongFile), path.open("rb") as file:
            type_of(file, name, TYPES)
        pages_of(path, TYPES[path.suffix])
        seconds_of(path, TYPES[path.suffix])


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of every small fault of Exif
@pytest.mark.parametrize("content", [files.photo(), *map(files.picture, ("PNG", "WEBP", "GIF"))])
def test_a_picture_with_bytes_changed_is_drawn_or_refused(app: Flask, content: bytes) -> None:
    chance, drawn = random.Random(len(content)), 0
    for _ in range(60):
        with suppress(NotAPicture):
            as_webp(io.BytesIO(changed(content, chance)))
            drawn += 1
    assert drawn < 60


class TestPictures:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
    @pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "CMYK", "1"])
    def test_every_usual_picture_is_taken(self, app: Flask, form: str, mode: str) -> None:
        try:
            content = files.picture(form, (300, 200), mode)
        except (OSError, ValueError):
            pytest.skip(f"{form} has no {mode}")
        with Image.open(io.BytesIO(as_webp(io.BytesIO(content)))) as drawn:
            assert drawn.size == (300, 200)

    def test_a_photo_is_turned_upright(self, app: Flask) -> None:
        made, turned = io.BytesIO(), Image.Exif()
        turned[0x0112] = 6
        Image.new("RGB", (300, 200)).save(made, "JPEG", exif=turned)
        made.seek(0)
        with Image.open(io.BytesIO(as_webp(made))) as drawn:
            assert drawn.size == (200, 300)

    def test_a_photo_with_damaged_exif_is_refused_with_a_sentence(self, app: Flask) -> None:
        resolution_as_text = files.photo().replace(b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02")
        assert resolution_as_text != files.photo()
        with pytest.raises(NotAPicture, match="yang utuh"):
            as_webp(io.BytesIO(resolution_as_text))

    def test_what_is_clear_stays_clear(self, app: Flask) -> None:
        with Image.open(io.BytesIO(as_webp(io.BytesIO(files.picture("PNG", mode="RGBA"))))) as drawn:
            assert drawn.mode == "RGBA"

    def test_more_than_ten_megabytes_are_refused(self, app: Flask) -> None:
        with pytest.raises(NotAPicture, match="10 MB"):
            as_webp(io.BytesIO(bytes(10_000_001)))


class TestLengths:
    """What a lesson's completion is measured on comes from the file."""

    @pytest.mark.parametrize(
        ("name", "content", "purpose", "length"),
        [
            ("a.pdf", files.pdf(12), "document", (12, None)),
            ("a.mp4", files.mp4(754), "video", (None, 754)),
            ("a.m4v", files.mp4(61, b"M4V "), "video", (None, 61)),
            ("a.m4a", files.mp4(5, b"M4A "), "audio", (None, 5)),
            ("a.mp3", files.mp3(30), "audio", (None, 29)),
            ("a.wav", files.wav(2), "audio", (None, 2)),
            ("a.csv", b"a;b\n1;2\n", "document", (None, None)),
            ("a.mp4", files.mp4(0), "video", (None, None)),
            ("a.webm", files.webm(), "video", (None, None)),
        ],
    )
    def test_it_is_read_from_every_kind(
        self, app: Flask, name: str, content: bytes, purpose: str, length: tuple[int | None, int | None]
    ) -> None:
        media = actions.store_file(io.BytesIO(content), purpose, name=name, owner=make.user(Role.TRAINER))
        assert (media.pages, media.seconds) == length

    @pytest.mark.parametrize("end", [20, 40, 100, 300])
    @pytest.mark.parametrize("content", [files.pdf(), files.mp4(), files.wav(), files.mp3()])
    def test_of_half_a_file_nothing_is_made_up(self, app: Flask, tmp_path: Path, content: bytes, end: int) -> None:
        half = tmp_path / "half"
        half.write_bytes(content[:end])
        for mime in ("application/pdf", "video/mp4", "audio/mpeg", "audio/ogg", "audio/wav"):
            pages, seconds = pages_of(half, mime), seconds_of(half, mime)
            assert pages is None or pages > 0
            assert seconds is None or seconds > 0

    def test_a_film_cut_inside_its_head_has_no_length(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        film, half = files.mp4(), tmp_path / "half"
        for end in range(film.index(b"moov"), film.index(b"mvhd") + 16):
            half.write_bytes(film[:end])
            assert seconds_of(half, "video/mp4") is None

    @pytest.mark.parametrize("said", [b"-3", b"0", b"99999999"])
    def test_the_pages_of_a_pdf_are_counted_and_not_believed(self, app: Flask, said: bytes) -> None:
        content = files.pdf(3).replace(b"/Count 3", b"/Count " + said)
        media = actions.store_file(io.BytesIO(content), "document", name="a.pdf", owner=make.user(Role.TRAINER))
        assert media.pages == 3

    def test_ffprobe_tells_what_the_file_does_not(self, app: Flask, tmp_path: Path) -> None:
        film = tmp_path / "film.webm"
        made = ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-t", "3", "-c:v", "libvpx", str(film)]
        program("ffprobe")
        subprocess.run([program("ffmpeg"), *made], check=True)
        with film.open("rb") as content:
            media = actions.store_file(content, "video", name="film.webm", owner=make.user(Role.TRAINER))
        assert media.seconds == 3
