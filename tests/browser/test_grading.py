"""Grading in a real browser: files are looked at where they are graded, and what was graded is found again."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.assessments.actions.answering import hand_in_file, save_answer
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer, keep_phrase
from app.assessments.actions.starting import start_attempt
from app.assessments.queries.attempts import answers_of
from app.core.db import db
from tests import files, make
from tests.assessments.conftest import right_values
from tests.browser.conftest import School, log_in
from tests.browser.screens import both_screens, problems_of

pytestmark = pytest.mark.browser

KINDS = ("file_upload", "file_upload", "essay", "multiple_choice", "true_false", "numeric", "matching")
FILES = ((files.picture(size=(600, 800)), "Siti - area.png"), (files.pdf(3), "Siti - tugas.pdf"))


@dataclass
class HandedIn:
    """Where the work of one learner is seen."""

    picture: str
    document: str
    sitting: str
    results: str


@pytest.fixture
def handed_in(school: School) -> HandedIn:
    """A picture, a document, an essay that is graded, and answers that a key graded."""
    app = create_app(
        "testing", {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{school.folder / 'tuntas.db'}", "INSTANCE": school.folder}
    )
    with app.app_context():
        admin = db.session.scalars(select(User).where(User.email == "admin@demo.test")).one()
        course = make.course(owner=admin)
        learner = make.enrollment(make.user(name="Siti Rahasia"), course).user
        assessment = make.assessment(course, kinds=KINDS, title="Ujian berkas", max_attempts=0)
        attempt = start_attempt(assessment, actor=learner)
        answers = answers_of(attempt)
        for answer, (content, name) in zip(answers, FILES, strict=False):
            hand_in_file(attempt, answer, io.BytesIO(content), name, actor=learner)
        for answer in answers[len(FILES) :]:
            save_answer(attempt, answer, right_values(answer), actor=learner)
        submit_attempt(attempt, actor=learner)
        grade_answer(answers[2], Decimal(4), feedback="Urut dan lengkap.", actor=admin)
        start_attempt(assessment, actor=learner)
        keep_phrase("Baca lagi bab dua.", actor=admin)
        found = HandedIn(
            picture=f"/penilaian/{answers[0].id}?asesmen={assessment.id}",
            document=f"/penilaian/{answers[1].id}?asesmen={assessment.id}",
            sitting=f"/kelola/percobaan/{attempt.public_id}",
            results=f"/kelola/asesmen/{assessment.id}/hasil",
        )
        db.session.remove()
        db.engine.dispose()
    return found


@both_screens
def test_files_are_looked_at_where_they_are_graded(
    handed_in: HandedIn, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    log_in(page, "admin@demo.test")
    page.goto(f"{handed_in.picture}&anonim=1")
    picture = page.get_by_role("img", name="Berkas jawaban")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 600)
    problems = problems_of(page, "grading a picture")
    page.goto(f"{handed_in.document}&anonim=1")
    expect(page.get_by_text("Siti")).to_have_count(0)
    page.get_by_role("link", name="Buka di sini").click()
    expect(page.locator(".reader > p")).to_have_text("Halaman 1 dari 3")
    expect(page.locator(".reader canvas").first).to_be_visible()
    problems += problems_of(page, "grading a document")
    page.get_by_role("link", name="Sebelumnya").click()
    expect(picture).to_be_visible()
    assert problems == []


@both_screens
def test_what_was_graded_is_found_from_the_results(
    handed_in: HandedIn, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    log_in(page, "admin@demo.test")
    page.goto(handed_in.results)
    problems = problems_of(page, "results with attempts")
    page.get_by_role("link", name="Percobaan 1").click()
    page.wait_for_url(f"**{handed_in.sitting}")
    problems += problems_of(page, "an ended attempt")
    page.get_by_role("link", name="Ubah nilai").first.click()
    expect(page.get_by_text("Urut dan lengkap.")).to_be_visible()
    page.goto("/penilaian")
    page.get_by_text("Kalimat siap pakai").click()
    problems += problems_of(page, "queue with sentences")
    assert problems == []
