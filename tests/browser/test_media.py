"""Files of lessons in a real browser: a PDF read in the page, a recording heard to its end."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.core.db import db
from app.courses import actions
from app.courses.models import Course
from tests import files, make
from tests.browser.conftest import School, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def lessons(school: School) -> dict[str, str]:
    """The addresses of a course's lessons, by kind; the demo school's learner is in it."""
    app = create_app(
        "testing", {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{school.folder / 'tuntas.db'}", "INSTANCE": school.folder}
    )
    with app.app_context():
        course = make.course(lessons=0, slug="berkas")
        make.enrollment(learner(), course)
        found = {name: f"/belajar/berkas/{_lesson(course, name, *each)}" for name, each in FILES.items()}
        db.session.remove()
        db.engine.dispose()
    return found


FILES = {"document": (files.pdf(5), "Lembar.pdf"), "audio": (files.wav(4), "Rekaman.wav")}


def learner() -> User:
    return db.session.scalars(select(User).where(User.email == "peserta@demo.test")).one()


def _lesson(course: Course, kind: str, content: bytes, name: str) -> int:
    media = actions.store_file(io.BytesIO(content), kind, name=name, owner=course.owner)
    return int(make.lesson(course, kind=kind, media_id=media.id).id)


def test_a_pdf_is_read_in_the_page_to_its_last_page(lessons: dict[str, str], open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    log_in(page, "peserta@demo.test")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(lessons["document"])
    assert [url for url in asked if "vendor" in url or "reader" in url or "/media/" in url] == []
    page.get_by_role("link", name="Buka di sini").click()
    place = page.locator(".reader > p")
    expect(place).to_have_text("Halaman 1 dari 5")
    expect(page.locator(".reader canvas").first).to_be_visible()
    page.locator(".reader-page").nth(2).evaluate("box => box.scrollIntoView({ block: 'center' })")
    expect(place).to_have_text("Halaman 3 dari 5")
    page.locator(".reader-end").scroll_into_view_if_needed()
    expect(place).to_have_text("Halaman 5 dari 5")
    expect(page.locator(".rule")).to_contain_text("Materi ini selesai.")
    page.reload()
    expect(page.locator(".rule")).to_contain_text("Anda menyelesaikan materi ini")


def test_a_pdf_opens_as_a_file_without_javascript(lessons: dict[str, str], open_page: Callable[..., Page]) -> None:
    page = open_page(360, javascript=False)
    log_in(page, "peserta@demo.test")
    page.goto(lessons["document"])
    link = page.get_by_role("link", name="Buka di sini")
    assert (link.get_attribute("target"), str(link.get_attribute("href"))[:7]) == ("_blank", "/media/")
    expect(page.locator(".reader")).to_be_hidden()


def test_a_recording_is_fetched_when_it_is_played_and_done_when_it_was_heard(
    lessons: dict[str, str], open_page: Callable[..., Page]
) -> None:
    page = open_page(1280)
    log_in(page, "peserta@demo.test")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "/media/" in request.url else None)
    page.goto(lessons["audio"])
    player = page.locator("audio")
    assert sent == []
    player.evaluate("player => player.play()")
    expect(page.locator(".rule")).to_contain_text("Materi ini selesai.", timeout=15_000)
