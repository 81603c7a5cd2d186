"""A learner's life in a real browser: enrol, study, 100 %, certificate, verification; a worker runs beside it, or comes
when all is done."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import School, log_in

pytestmark = pytest.mark.browser

COURSE = "Mengelola Waktu dan Pekerjaan"
ALL_OF_WAHYU = """
WITH wahyu AS (SELECT id, email FROM users WHERE email = 'wahyu@demo.test')
SELECT 'mail: ' || subject FROM outgoing_mails WHERE recipient = (SELECT email FROM wahyu)
UNION ALL SELECT 'notification: ' || type FROM notifications WHERE user_id = (SELECT id FROM wahyu)
UNION ALL SELECT 'certificate' FROM certificates WHERE user_id = (SELECT id FROM wahyu)
UNION ALL SELECT 'fact: ' || name FROM event_store WHERE json_extract(payload, '$.user_id') = (SELECT id FROM wahyu)
    AND name IN ('enrollment.created', 'lesson.completed', 'enrollment.completed', 'certificate.issued')
"""
END = {
    "fact: enrollment.created": 1, "fact: lesson.completed": 7, "fact: enrollment.completed": 1,
    "fact: certificate.issued": 1, "certificate": 1,
    "notification: enrollment.welcome": 1, "notification: enrollment.completed": 1,
    "notification: certificate.issued": 1,
    f"mail: Selamat bergabung di {COURSE}": 1, f"mail: Selamat! Anda telah menyelesaikan {COURSE}": 1,
    f"mail: Sertifikat Anda: {COURSE}": 1,
}  # fmt: skip
"""What there is, and how often, when Wahyu has worked through the seven lessons."""


def study_to_the_end(page: Page) -> None:
    """Presses the one button at the bottom until there is nothing left to study."""
    for _ in range(30):
        done = page.get_by_role("button", name="Tandai Selesai", exact=False)
        if done.count() == 0:
            return
        here = page.url
        done.first.click()
        page.wait_for_url(lambda url, here=here: url != here)


def end_state(school: School) -> Counter[str]:
    with closing(sqlite3.connect(school.folder / "tuntas.db")) as rows:
        return Counter(each for (each,) in rows.execute(ALL_OF_WAHYU))


def wait_for_the_end(school: School) -> None:
    for _ in range(200):
        if end_state(school) == END:
            return
        time.sleep(0.1)
    assert end_state(school) == END, "after 20 s"


def live_to_the_end(page: Page) -> None:
    """Registers, enrols, and studies to the end."""
    page.goto("/daftar")
    page.get_by_label("Nama lengkap").fill("Wahyu Nur'aini")
    page.get_by_label("Email", exact=False).fill("wahyu@demo.test")
    page.locator("input[type=password]").first.fill("belajar-terus-2026")
    page.get_by_role("button", name="Daftar", exact=True).click()
    page.wait_for_url("**/")

    page.goto("/kursus")
    page.get_by_role("link", name=COURSE).first.click()
    page.wait_for_url("**/kursus/*")
    # The phone's card; the one beside the text is hidden at this width.
    page.get_by_role("button", name="Ikuti Kursus").first.click()
    page.wait_for_url("**/belajar/**")
    study_to_the_end(page)
    expect(page.get_by_text("100%").first).to_be_visible()


def test_who_has_a_history_in_the_demo_school_was_here_and_newcomers_were_not(seeded_file: Path) -> None:
    last = "(SELECT max(occurred_at) FROM event_store WHERE actor_id = users.id)"
    with closing(sqlite3.connect(seeded_file / "tuntas.db")) as school:
        people = school.execute(f"SELECT email, initial_key, last_seen_at, {last} FROM users").fetchall()
    assert {email for email, *_rest in people} >= {"admin@demo.test", "konten@demo.test", "peserta@demo.test"}
    assert [each for each in people if each[2] != each[3]] == []
    assert {(key is None, seen is None) for _email, key, seen, _last in people} == {(True, False), (False, True)}


@pytest.mark.parametrize(
    ("javascript", "runs"),
    [(True, True), (False, False)],
    ids=["with a worker beside it", "without JavaScript, the worker started later"],
)
def test_a_life_in_one_sitting(school: School, open_page: Callable[..., Page], javascript: bool, runs: bool) -> None:
    page = open_page(360, javascript=javascript)
    with ExitStack() as stack:
        if runs:
            stack.enter_context(school.worker())
        live_to_the_end(page)
        if not runs:
            assert "certificate" not in end_state(school)
            stack.enter_context(school.worker())
        wait_for_the_end(school)

    page.goto("/sertifikat")
    expect(page.get_by_text(COURSE).first).to_be_visible()
    expect(page.get_by_role("link", name="Unduh", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Periksa", exact=False).or_(
        page.get_by_role("link", name="Verifikasi", exact=False)
    ).first.click()
    expect(page.get_by_text("Sertifikat sah")).to_be_visible()
    expect(page.get_by_text("Wahyu Nur'aini").first).to_be_visible()

    admin = open_page()
    log_in(admin, "admin@demo.test")
    admin.goto("/admin/kotak-keluar")
    expect(admin.get_by_text(f"Selamat! Anda telah menyelesaikan {COURSE}").first).to_be_visible()


FOCUS_IS_SHOWN = """element => {
  if (!element.matches(':focus-visible')) return false
  for (; element; element = element.parentElement)  // a card shows the focus of its link
    if (getComputedStyle(element).outlineStyle !== 'none') return true
  return false
}"""


def tab_to(target: Locator) -> None:
    """Presses Tab until the focus is there, and is seen there."""
    for _ in range(120):
        target.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(FOCUS_IS_SHOWN), f"the focus on {target} is not shown"
            return
    raise AssertionError(f"Tab does not lead to {target}")


def log_in_by_keyboard(page: Page, email: str) -> None:
    page.goto("/masuk")
    expect(page.get_by_label("Email atau nama pengguna")).to_be_focused()
    page.keyboard.type(email)
    tab_to(page.locator("input[type=password]"))
    page.keyboard.type("tuntas-demo")
    tab_to(page.get_by_role("button", name="Masuk", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def study_by_keyboard(page: Page, course: str, *, lessons: int) -> None:
    """From the menu to the course, into it, and past its first lesson; so many of its lessons are required."""
    tab_to(page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Kursus"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/kursus")
    tab_to(page.get_by_role("link", name=course))
    page.keyboard.press("Enter")
    page.wait_for_url("**/kursus/*")
    tab_to(page.get_by_role("button", name="Ikuti Kursus"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/belajar/**")
    lesson = page.url
    expect(page.get_by_text(f"0 dari {lessons} materi wajib selesai").first).to_be_attached()
    tab_to(page.get_by_role("button", name="Tandai Selesai & Lanjut"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/belajar/" in url and url != lesson)
    expect(page.get_by_text(f"1 dari {lessons} materi wajib selesai").first).to_be_attached()


def test_the_keyboard_alone_is_enough(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    log_in_by_keyboard(page, "peserta@demo.test")
    study_by_keyboard(page, COURSE, lessons=7)


def test_the_first_tab_skips_to_the_content(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/kursus")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()
