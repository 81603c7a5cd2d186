"""Pages that only come after something: refused, revoked, given up, on its way. Accessible, in both themes, on both
screens."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import School, log_in
from tests.browser.screens import both_screens, one, press, problems_of, visit
from tests.browser.test_pages import lesson_in

pytestmark = pytest.mark.browser


def change(school: School, statement: str) -> tuple[str, ...]:
    """Changes a row of the demo school; what RETURNING says of it."""
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        changed: tuple[str, ...] = connection.execute(statement).fetchone()
    return changed


def typed_wrongly(page: Page) -> list[str]:
    """A wrong password, a password that everybody knows."""
    visit(page, "/masuk")
    page.get_by_label("Email atau nama pengguna").fill("peserta@demo.test")
    page.locator("input[type=password]").fill("bukan ini")
    assert press(page, "Masuk") in {401, 422}
    problems = problems_of(page, "guest wrong password")
    visit(page, "/daftar")
    page.get_by_label("Nama lengkap").fill("Wahyu Nur'aini")
    page.get_by_label("Email", exact=False).fill("wahyu@demo.test")
    page.locator("input[type=password]").first.fill("password123")
    assert press(page, "Daftar") == 422
    return problems + problems_of(page, "guest daftar refused")


def certificates_without_force(page: Page, school: School) -> list[str]:
    problems = []
    others = "(SELECT min(id) FROM certificates WHERE revoked_at IS NULL AND expires_at IS NULL)"
    for state in ("revoked_at = issued_at", "expires_at = issued_at"):
        (code,) = change(school, f"UPDATE certificates SET {state} WHERE id = {others} RETURNING code")
        visit(page, f"/v/{code}")
        assert page.get_by_text("Sertifikat sah").count() == 0
        problems += problems_of(page, f"guest v {state.partition('_')[0]}")
    return problems


def left_courses(page: Page, begun: str, document: str) -> list[str]:
    """The course that one has left: its question, its card, its lesson, what is missing in it."""
    visit(page, f"/kursus/{begun}/berhenti")
    assert press(page, "Berhenti") == 303
    problems = problems_of(page, "peserta dropped course")
    visit(page, document, 403)
    assert page.get_by_role("button", name="Ikuti Lagi").is_visible()
    problems += problems_of(page, "peserta dropped lesson")
    visit(page, f"/belajar/{begun}/mengapa")
    return problems + problems_of(page, "peserta dropped why")


def on_its_way(page: Page, school: School) -> list[str]:
    """The certificate of a completed course, as long as no worker has made it."""
    (course,) = change(
        school,
        "DELETE FROM certificates WHERE id = (SELECT min(c.id) FROM certificates c JOIN users u ON u.id = c.user_id"
        " WHERE u.email = 'peserta@demo.test') RETURNING course_title",
    )
    slug = one(school, f"SELECT slug FROM courses WHERE title = '{course}'")
    visit(page, f"/sertifikat?kursus={slug}")
    assert page.get_by_text("Sedang disiapkan", exact=True).is_visible()
    return problems_of(page, "peserta certificate on its way")


def given_up(page: Page, school: School) -> list[str]:
    """A reaction has failed for good; an admin discards it and forgets the reason."""
    event_id, receiver = change(
        school,
        "UPDATE deliveries SET status = 'failed', attempts = 3, due_at = NULL, finished_at = available_at,"
        " last_error = 'ConnectionRefusedError: [Errno 111] Connection refused'"
        " WHERE rowid = (SELECT min(rowid) FROM deliveries) RETURNING event_id, receiver",
    )
    visit(page, "/admin/antrean")
    problems = problems_of(page, "admin queue with failures")
    visit(page, f"/admin/antrean/{UUID(event_id)}/{receiver}/abaikan")
    problems += problems_of(page, "admin discard")
    page.locator("form[method=post] textarea, form[method=post] input[name=reason]").first.fill(" ")
    assert press(page, "Abaikan") == 422
    return problems + problems_of(page, "admin discard refused")


def verified(page: Page) -> list[str]:
    visit(page, "/admin/audit")
    assert press(page, "Verifikasi") == 200
    return problems_of(page, "admin audit verified")


@both_screens
def test_rare_pages_are_accessible_and_fit(school: School, open_page: Callable[..., Page], width: int) -> None:
    guest, learner, admin = (open_page(width) for _ in range(3))
    problems = typed_wrongly(guest) + certificates_without_force(guest, school)
    log_in(learner, "peserta@demo.test")
    begun = one(school, "SELECT slug FROM courses WHERE title LIKE 'Keselamatan%'")
    problems += left_courses(learner, begun, lesson_in(school, begun, "document")) + on_its_way(learner, school)
    log_in(admin, "admin@demo.test")
    problems += given_up(admin, school) + verified(admin)
    assert problems == []
