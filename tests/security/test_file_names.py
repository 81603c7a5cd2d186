"""T-XSS-07: what a person calls a file is shown as text, and neither names a file here nor writes a header."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.http import parse_options_header

from app.core import storage
from app.core.db import db
from app.courses.actions import store_file
from app.courses.models import Lesson, Media
from tests import make
from tests.pages import Person

NAMES = {
    "markup": '"><img src=x onerror=alert(1)>.pdf',
    "folders": r"..\..\x.pdf",
    "slashes": "../../etc/x.pdf",
    "lines": "a\r\nSet-Cookie: b=1.pdf",
    "long": "x" * 300 + ".pdf",
    "turned": "laporan\u202efdp.exe.pdf",
    "nul": "a\0b.pdf",
    "other letters": "Lembar “kerja” é 学.pdf",
}
hostile = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())


def kept(name: str) -> Media:
    """A document with that name, in a lesson that everybody may read."""
    course = make.course(lessons=0)
    media = store_file(io.BytesIO(b"%PDF-1.7 isi"), "document", name=name, owner=course.owner)
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
    return media


@hostile
def test_t_xss_07_a_file_lies_under_a_random_name(app: Flask, name: str) -> None:
    first, second = kept(name), kept(name)
    for media in (first, second):
        assert re.fullmatch(r"media/[0-9a-f]{32}\.pdf", media.stored_name)
        assert storage.read(media.stored_name) == b"%PDF-1.7 isi"
    assert first.stored_name != second.stored_name


@hostile
def test_t_xss_07_its_own_name_is_one_line_without_folders(app: Flask, name: str) -> None:
    shown = kept(name).original_name
    assert not set(shown) & set("/\\\r\n\0")
    assert len(shown) <= 255
    assert shown.endswith(".pdf")


@hostile
@pytest.mark.parametrize("wish", ["", "?unduh=1"])
def test_t_xss_07_the_header_names_it_as_rfc_6266_says(app: Flask, name: str, wish: str) -> None:
    media = kept(name)
    with app.test_client().get(f"/media/{media.public_id}{wish}") as answer:
        header = answer.headers["Content-Disposition"]
        assert "Set-Cookie" not in answer.headers
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == ("attachment" if wish else "inline")
    written = re.search(r"filename\*=UTF-8''([^;]+)", header)
    assert (unquote(written[1]) if written else options["filename"]) == media.original_name


@hostile
def test_t_xss_07_the_page_shows_it_as_text(app: Flask, name: str) -> None:
    media = kept(name)
    lesson = db.session.scalars(select(Lesson).where(Lesson.media_id == media.id)).one()
    page = Person(app).opens(f"/belajar/{lesson.section.course.slug}/{lesson.id}")
    assert page.sees(media.original_name)
    assert "<img src=x" not in page.response.text
