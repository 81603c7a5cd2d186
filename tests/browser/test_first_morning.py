"""The first morning of a school in a real browser: a table of people, slips, a first sign-in, a second step."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.core.sheets import xlsx_bytes
from tests.browser.conftest import School, log_in
from tests.browser.screens import both_screens, problems_of

pytestmark = pytest.mark.browser

TABLE = [
    ("Nama Lengkap", "NIS", "Surel", "Peran"),
    ("Yusuf Nur'aini", "0081234567", "", "Peserta"),
    ("Kadek Ayu", "0081234568", "kadek@contoh.test", ""),
    ("", "0081234569", "", ""),
    ("Guru Baru", "", "guru@contoh.test", "Kepala"),
]


@both_screens
def test_a_school_brings_its_people_in(
    school: School, open_page: Callable[..., Page], tmp_path: Path, width: int
) -> None:
    with school.worker():
        admin, problems = open_page(width, "dark"), []
        log_in(admin, "admin@demo.test")
        problems += import_table(admin, tmp_path)
        login, password = slip(admin)
        assert login == "0081234567"

        person = open_page(width)
        sign_in(person, login, password)
        person.wait_for_url("**/sandi-baru")
        problems += problems_of(person, "first password")
        person.locator("input[type=password]").fill("kuda liar hijau")
        person.get_by_role("button", name="Simpan", exact=True).click()
        person.wait_for_url("**/")

        codes = turn_on_two_steps(person, problems)
        other = open_page(width)
        sign_in(other, login, "kuda liar hijau")
        other.wait_for_url("**/masuk/kode")
        problems += problems_of(other, "second step")
        other.goto("/akun")
        assert other.url.endswith("/masuk/kode"), "half-way in there is nothing to see"
        other.goto("/masuk/kode?pemulihan=1")
        other.locator("input[name=code]").fill(codes[0])
        other.get_by_role("button", name="Masuk", exact=True).click()
        other.wait_for_url("**/")
        other.goto("/akun/perangkat")
        expect(other.get_by_text("Sedang dipakai")).to_be_visible()
        problems += problems_of(other, "two devices")
        admin.goto("/admin/peserta?q=0081234567")
        admin.get_by_role("link", name="Yusuf Nur'aini").click()
        expect(admin.get_by_text("Kata sandi diganti").first).to_be_visible()
        problems += problems_of(admin, "timeline")
    assert problems == []


def import_table(admin: Page, folder: Path) -> list[str]:
    table = folder / "peserta.xlsx"
    table.write_bytes(xlsx_bytes("Peserta", TABLE))
    admin.goto("/admin/peserta/impor")
    admin.locator("input[type=file]").set_input_files(table)
    admin.get_by_role("button", name="Unggah dan periksa").click()
    admin.wait_for_url(re.compile("/impor/[0-9a-f-]{36}"))
    check = admin.url
    problems = problems_of(admin, "import check")
    expect(admin.get_by_text("Nama kosong.")).to_be_visible()
    expect(admin.get_by_text('Peran "Kepala" tidak dikenal', exact=False)).to_be_visible()
    admin.get_by_role("button", name=re.compile("^Impor")).click()
    admin.wait_for_url("**/pekerjaan/*")
    expect(admin.get_by_text("2 akun dibuat.")).to_be_visible(timeout=30_000)
    problems += problems_of(admin, "import task")
    admin.goto(check)
    return problems + problems_of(admin, "import result")


def slip(admin: Page) -> tuple[str, str]:
    """The login and the first password on the slip of the person without email."""
    admin.get_by_role("link", name=re.compile("^Cetak kartu")).click()
    card = admin.locator(".slip", has_text="Yusuf")
    login, password = (each.inner_text() for each in card.locator("dd").all())
    admin.emulate_media(media="print")
    assert admin.locator(".breadcrumb").is_hidden(), "on paper there are slips only"
    admin.emulate_media(media="screen")
    return login, password


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Email atau nama pengguna").fill(login)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()


def turn_on_two_steps(person: Page, problems: list[str]) -> list[str]:
    """Answers the recovery codes."""
    person.goto("/akun/dua-langkah")
    person.locator("input[type=password]").fill("kuda liar hijau")
    person.get_by_role("button", name="Nyalakan").click()
    person.wait_for_url("**/pasang")
    problems += problems_of(person, "two factor setup")
    (secret,) = set(re.findall(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b", person.locator("main").inner_text()))
    person.locator("input[name=code]").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    person.get_by_role("button", name="Nyalakan").click()
    expect(person.get_by_text("Kode pemulihan").first).to_be_visible()
    problems += problems_of(person, "recovery codes")
    codes = re.findall(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b", person.locator("main").inner_text())
    assert len(codes) == 10
    return codes
