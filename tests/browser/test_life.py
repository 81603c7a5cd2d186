"""A learner's life in a real browser: enrol, study, 100 %, certificate, verification; a worker runs beside it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import School, log_in

pytestmark = pytest.mark.browser

COURSE = "Mengelola Waktu dan Pekerjaan"


def study_to_the_end(page: Page) -> None:
    """Presses the one button at the bottom until there is nothing left to study."""
    for _ in range(30):
        done = page.get_by_role("button", name="Tandai Selesai", exact=False)
        if done.count() == 0:
            return
        done.first.click()
        page.wait_for_load_state()


def wait_for_certificate(page: Page) -> None:
    for _ in range(40):
        page.goto("/sertifikat")
        if page.get_by_text(COURSE).count() and page.get_by_role("link", name="Unduh", exact=False).count():
            return
        time.sleep(0.5)
    raise AssertionError("no certificate within 20 s")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_life_in_one_sitting(school: School, open_page: Callable[..., Page], javascript: bool) -> None:
    with school.worker():
        page = open_page(360, javascript=javascript)
        page.goto("/daftar")
        page.get_by_label("Nama lengkap").fill("Wahyu Nur'aini")
        page.get_by_label("Email", exact=False).fill("wahyu@demo.test")
        page.locator("input[type=password]").first.fill("belajar-terus-2026")
        page.get_by_role("button", name="Daftar", exact=True).click()

        page.goto("/kursus")
        page.get_by_role("link", name=COURSE).first.click()
        page.get_by_role("button", name="Ikuti Kursus").click()
        if page.url.endswith("mengelola-waktu-dan-pekerjaan"):
            page.get_by_role("link", name="Lanjutkan Belajar").first.click()
        study_to_the_end(page)
        expect(page.get_by_text("100%").first).to_be_visible()
        wait_for_certificate(page)

        page.get_by_role("link", name="Periksa", exact=False).or_(
            page.get_by_role("link", name="Verifikasi", exact=False)
        ).first.click()
        expect(page.get_by_text("Sertifikat sah")).to_be_visible()
        expect(page.get_by_text("Wahyu Nur'aini").first).to_be_visible()

        admin = open_page()
        log_in(admin, "admin@demo.test")
        admin.goto("/admin/kotak-keluar")
        expect(admin.get_by_text(f"Selamat! Anda telah menyelesaikan {COURSE}").first).to_be_visible()


def test_the_keyboard_alone_is_enough(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/masuk")
    page.get_by_label("Email atau nama pengguna").focus()
    page.keyboard.type("peserta@demo.test")
    page.locator("input[type=password]").focus()
    page.keyboard.type("tuntas-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.get_by_role("link", name="Lanjutkan Belajar").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/belajar/**")
    lesson = page.url
    page.get_by_role("button", name="Tandai Selesai", exact=False).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != lesson)
    expect(page.locator(":focus-visible, body").first).to_be_attached()
