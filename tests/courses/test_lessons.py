"""How each kind of lesson is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.accounts.models import User
from app.core import clock
from app.core.clock import now
from app.core.i18n import addressed_to
from app.courses.lessons import KINDS
from app.courses.lessons.conference import ConferenceForm, place_of
from app.courses.models import Lesson
from app.progress.actions import record_progress
from app.progress.recording import Report
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


class TestPlayers:
    """Videos and recordings of our own."""

    def lesson(self, kind: str, **file: object) -> dict[str, object]:
        given = {"mime": "video/mp4", "original_name": "Film.mp4", "seconds": 754, "content": b"x" * 2_500_000}
        return {"kind": kind, "media_id": make.media(**{**given, **file}).id}

    def test_a_video_loads_nothing_before_it_is_played(self, app: Flask) -> None:
        page = page_of(app, **self.lesson("video"), body="Tonton **dulu**.")
        assert page.sees("MP4 · 2,5 MB 12.34")
        assert 'preload="none"' in page.response.text
        assert "<strong>dulu</strong>" in page.response.text
        assert page.links["Unduh"].endswith("?unduh=1")

    def test_a_recording_has_its_own_player(self, app: Flask) -> None:
        page = page_of(app, **self.lesson("audio", mime="audio/mpeg", original_name="Rekaman.mp3", seconds=3725))
        assert "<audio " in page.response.text
        assert page.sees("MP3 · 2,5 MB 1.02.05")

    @pytest.mark.parametrize("kind", ["video", "audio"])
    def test_without_its_file_it_says_so(self, app: Flask, kind: str) -> None:
        assert page_of(app, kind=kind).sees("Berkas materi ini belum diunggah.")

    @pytest.mark.parametrize(
        ("position", "mark"), [(0, None), (75, "#t=75"), (748, "#t=748"), (749, None), (754, None)]
    )
    def test_it_goes_on_where_it_was_left_but_for_the_end(self, app: Flask, position: int, mark: str | None) -> None:
        course, learner = make.course(lessons=0), make.user()
        lesson = make.lesson(course, **self.lesson("video"))
        enrollment = make.enrollment(learner, course)
        with clock.at(now() - timedelta(hours=1)):
            record_progress(enrollment, lesson, Report(position=position), actor=learner)
        page = Person(app).logs_in(str(learner.email)).opens(f"/belajar/{course.slug}/{lesson.id}")
        assert (f'{mark}"' in page.response.text) if mark else ("#t=" not in page.response.text)
        assert page.sees("Dilanjutkan dari") is bool(mark)

    @pytest.mark.parametrize("kind", ["video", "audio"])
    def test_the_rule_names_the_share_only_where_it_can_be_measured(self, app: Flask, kind: str) -> None:
        course, learner = make.course(lessons=0), make.user()
        make.enrollment(learner, course)
        person = Person(app).logs_in(str(learner.email))
        for seconds, said in ((60, True), (None, False)):
            lesson = make.lesson(course, **self.lesson(kind, seconds=seconds))
            assert person.opens(f"/belajar/{course.slug}/{lesson.id}").sees("minimal 90%") is said

    def test_the_share_is_measured_on_the_stored_length_and_the_setting(self, app: Flask) -> None:
        course, learner = make.course(), make.user()
        lesson = make.lesson(course, **self.lesson("video", seconds=100))
        enrollment = make.enrollment(learner, course)
        app.config["WATCHED_ENOUGH"] = 50
        start = now()
        for after, position, done in ((0, 10, False), (60, 49, False), (120, 50, True)):
            with clock.at(start + timedelta(seconds=after)):
                row = record_progress(enrollment, lesson, Report(position=position), actor=learner)
            assert (row.completed_at is not None) is done


class TestMeetings:
    LINK = "https://us02web.zoom.us/j/123456789?pwd=rahasia"

    def opened(self, app: Flask, reader: User | None, **data: object) -> Person:
        course = make.course(lessons=0)
        data = {"link": self.LINK, "starts_at": "2026-08-17T02:05:00+00:00", **data}
        lesson = make.lesson(course, kind="conference", data=data, body="Kode masuk: 77", is_free_preview=True)
        person = Person(app)
        if reader is not None:
            person.logs_in(str(reader.email))
            if not reader.is_staff:
                make.enrollment(reader, course)
        return person.opens(f"/belajar/{course.slug}/{lesson.id}")

    def test_those_inside_see_the_link_and_the_time_in_their_zone(self, app: Flask) -> None:
        for reader, time in (
            (make.user(), "Senin, 17 Agustus 2026 pukul 09.05 WIB"),
            (make.user(timezone="Asia/Jayapura"), "Senin, 17 Agustus 2026 pukul 11.05 WIT"),
            (make.admin(), "pukul 09.05 WIB"),
        ):
            page = self.opened(app, reader)
            assert page.links["Buka pertemuan"] == self.LINK
            assert page.sees(time)
            assert page.sees("Pertemuan lewat Zoom")
            assert page.sees("Kode masuk: 77")

    def test_who_looks_at_the_preview_sees_neither(self, app: Flask) -> None:
        page = self.opened(app, None)
        assert page.sees("terlihat sesudah Anda mengikuti kursus ini")
        for secret in ("zoom", "rahasia", "09.05", "Kode masuk"):
            assert secret not in page.response.text

    def test_a_meeting_without_a_link_says_so(self, app: Flask) -> None:
        assert self.opened(app, make.admin(), link="").sees("Tautan pertemuan ini belum diisi.")

    @pytest.mark.parametrize(
        ("link", "place"),
        [
            ("https://zoom.us/j/1", "Zoom"),
            ("https://meet.google.com/abc", "Google Meet"),
            ("https://rapat.sekolah.sch.id/a", "rapat.sekolah.sch.id"),
            ("https://zoom.us.jahat.test/", "zoom.us.jahat.test"),
            ("http://zoom.us/j/1", None),
            ("javascript:alert(1)", None),
            ("https://a@zoom.us/", None),
            ("https://[", None),
            ("//zoom.us", None),
            ("https://zoom.us/\n", None),
            ("", None),
        ],
    )
    def test_a_link_leads_where_it_says(self, link: str, place: str | None) -> None:
        assert place_of(link) == place

    def test_its_author_types_the_time_of_his_own_clock(self, app: Flask) -> None:
        with app.test_request_context(), addressed_to(make.user(timezone="Asia/Makassar")):
            typed = {"title": "Temu", "link": self.LINK, "starts_at": "2026-08-17T10:05", "body": ""}
            form = ConferenceForm(formdata=MultiDict(typed), meta={"csrf": False})
            assert form.validate()
            assert form.values()["data"] == {"link": self.LINK, "starts_at": "2026-08-17T02:05:00+00:00"}
            stored = ConferenceForm.own_initial(Lesson(data=form.values()["data"], body=""))
            shown = ConferenceForm(formdata=None, data=stored, meta={"csrf": False})
            assert shown.starts_at.data == datetime(2026, 8, 17, 10, 5)  # noqa: DTZ001 - as a browser's field has it
            wrong = ConferenceForm(formdata=MultiDict({**typed, "link": "http://x"}), meta={"csrf": False})
            assert not wrong.validate()


def test_a_pdf_names_its_pages_and_is_read_in_the_page(app: Flask) -> None:
    media = make.media(pages=12)
    page = page_of(app, kind="document", media_id=media.id)
    assert page.sees("12 halaman")
    assert page.links["Buka di sini"] == f"/media/{media.public_id}"
    assert 'data-reader="/static/js/reader.mjs' in page.response.text
    assert "pdf.min.mjs" not in page.response.text.partition("<body")[0]


def test_reading_to_the_last_page_completes_the_lesson(app: Flask) -> None:
    course, learner = make.course(), make.user()
    lesson = make.lesson(course, kind="document", media_id=make.media(pages=3).id)
    enrollment = make.enrollment(learner, course)
    for page, done in ((2, False), (99, True)):
        row = record_progress(enrollment, lesson, Report(page=page), actor=learner)
        assert (row.completed_at is not None) is done
    assert row.highest_page_reached == 3


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_is_whole(app: Flask, name: str) -> None:
    kind = KINDS[name]
    empty = Lesson(kind=name, body="", data={}, media_id=None)
    assert not kind.has_content(empty)
    assert kind.rule(empty)
    app.jinja_env.get_template(kind.template)
    with app.test_request_context():
        assert set(kind.form.OWN) <= set(kind.form(meta={"csrf": False})._fields)
