"""How each kind of lesson is shown."""

from __future__ import annotations

from flask import Flask

from app.courses.models import Lesson
from tests import make
from tests.pages import Person


def page_of(app: Flask, query: str = "", **fields: object) -> Person:
    course = make.course(lessons=0)
    lesson: Lesson = make.lesson(course, is_free_preview=True, **fields)
    return Person(app).opens(f"/belajar/{course.slug}/{lesson.id}{query}")


def test_a_text_is_shown_as_sanitised_markdown(app: Flask) -> None:
    page = page_of(app, body="# Judul\n\n**tebal** <script>alert(1)</script>")
    assert "<h2>Judul</h2>" in page.response.text
    assert "<strong>tebal</strong> &lt;script&gt;" in page.response.text


def test_a_video_costs_nothing_until_it_is_asked_for(app: Flask) -> None:
    fields = {"kind": "youtube", "data": {"video_id": "dQw4w9WgXcQ"}}
    card = page_of(app, **fields)
    assert card.sees("Putar video · memakai kuota")
    assert "<iframe" not in card.response.text
    assert "frame-src" not in card.response.headers["Content-Security-Policy"]
    player = card.follows("Putar video · memakai kuota")
    assert 'src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ' in player.response.text
    policy = player.response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-src https://www.youtube-nocookie.com")


def test_a_document_says_what_it_is_and_what_it_weighs(app: Flask) -> None:
    media = make.media(content=b"%PDF-" + b"x" * 1_195, original_name="Lembar kerja.pdf")
    page = page_of(app, kind="document", media_id=media.id, body="Cetak **dulu**.")
    assert page.sees("Lembar kerja.pdf")
    assert page.sees("PDF · 1,2 kB")
    assert "<strong>dulu</strong>" in page.response.text
    assert page.links["Buka di sini"] == f"/media/{media.public_id}"
    assert page.links["Unduh"] == f"/media/{media.public_id}?unduh=1"


def test_what_a_browser_cannot_show_is_only_offered_as_a_download(app: Flask) -> None:
    media = make.media(content=b"a;b", original_name="nilai.csv", mime="text/csv")
    page = page_of(app, kind="document", media_id=media.id)
    assert "Buka di sini" not in page.links
    assert "Unduh" in page.links


def test_a_document_without_its_file_says_so(app: Flask) -> None:
    assert page_of(app, kind="document").sees("Berkas materi ini belum diunggah.")


def test_a_file_name_is_never_markup(app: Flask) -> None:
    evil = '"><img src=x onerror=alert(1)>.pdf'
    page = page_of(app, kind="document", media_id=make.media(original_name=evil).id)
    assert evil not in page.response.text
