"""An exam behind a portal, over a dead uplink, at its last page, at its last second: nothing that was given is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import School
from tests.browser.screens import one
from tests.browser.test_exam import begin, exam, stored

pytestmark = pytest.mark.browser


def test_a_page_that_is_no_receipt_keeps_the_answer(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    begin(page, exam(school, "multiple_choice", "short_answer"))
    portal = "<html>Masuk Wi-Fi</html>"
    page.route("**/jawab", lambda route: route.fulfill(status=200, content_type="text/html", body=portal))
    page.get_by_role("radio").nth(0).check()
    value = page.get_by_role("radio").nth(0).get_attribute("value")
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    assert stored(school, 1) is None
    page.unroute("**/jawab")
    expect(page.locator("[data-save-state]")).to_contain_text("Tersimpan", timeout=15_000)
    assert stored(school, 1) == [value]


def test_who_goes_on_over_a_dead_uplink_stays_until_the_answer_is_saved(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(360)
    begin(page, exam(school, "essay", "short_answer"))
    page.route("**/percobaan/**", lambda route: route.abort())  # the browser believes that it is on line
    page.get_by_label("Jawaban Anda").fill("Esai saya")
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    expect(page.get_by_label("Jawaban Anda")).to_have_value("Esai saya")
    page.unroute("**/percobaan/**")
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator(".eyebrow").first).to_contain_text("Soal 2 dari 2")
    assert stored(school, 1) == "Esai saya"


def test_the_clock_runs_and_the_queue_is_sent_before_handing_in(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    begin(page, exam(school, "multiple_choice"))
    page.route("**/jawab", lambda route: route.abort())
    page.get_by_role("radio").nth(0).check()
    value = page.get_by_role("radio").nth(0).get_attribute("value")
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    page.goto(f"{page.url.partition('?')[0]}/tinjau")
    expect(page.locator("body")).to_contain_text("1 soal belum dijawab.")
    before = page.locator("[data-deadline]").inner_text()
    expect(page.locator("[data-deadline]")).not_to_have_text(before)
    page.get_by_role("button", name="Kirim Jawaban").click()
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    assert one(school, "SELECT status FROM assessment_attempts ORDER BY id DESC LIMIT 1") == "in_progress"
    page.unroute("**/jawab")
    expect(page.locator("body")).to_contain_text("Semua soal sudah dijawab.", timeout=15_000)
    assert stored(school, 1) == [value]
    page.get_by_role("button", name="Kirim Jawaban").click()
    page.wait_for_url("**/hasil")


def test_before_handing_in_the_last_minutes_are_spoken_and_the_end_is_reached(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(360)
    page.clock.install()
    begin(page, exam(school, "multiple_choice"))
    page.goto(f"{page.url.partition('?')[0]}/tinjau")
    page.clock.run_for(20 * 60_000 + 1_000)
    expect(page.locator("p[role=status]")).to_have_text("Sisa waktu 10 menit")
    page.clock.run_for(9 * 60_000)
    expect(page.locator("p[role=status]")).to_have_text("Sisa waktu 1 menit")
    page.clock.run_for(61_000)
    expect(page.locator("[data-save-state]")).to_contain_text("Waktu habis")
    with page.expect_request("**/hasil"):
        page.clock.run_for(12_000)


def test_a_chosen_file_is_called_unsent_and_is_sent_before_the_end(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(360)
    page.clock.install()
    begin(page, exam(school, "file_upload"))
    file = {"name": "jawaban.txt", "mimeType": "text/plain", "buffer": b"Jawaban saya"}
    page.get_by_label("Berkas jawaban Anda").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("[data-save-state]")).to_contain_text("Berkas belum terkirim")
    page.clock.run_for(29 * 60_000 + 40_000)
    expect(page.locator("main")).to_contain_text("jawaban.txt")
    assert one(school, "SELECT media_id FROM attempt_answers ORDER BY id DESC LIMIT 1") is not None


def test_a_text_that_is_too_long_is_left_on_the_page(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    begin(page, exam(school, "short_answer", "essay"))
    field = page.get_by_label("Jawaban Anda")
    field.evaluate("element => element.removeAttribute('maxlength')")
    field.fill("x" * 501)
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator(".field-error")).to_contain_text("paling banyak 500 karakter")
    expect(field).to_have_value("x" * 501)
    field.fill("Jakarta")
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator(".eyebrow").first).to_contain_text("Soal 2 dari 2")
    assert stored(school, 1) == "Jakarta"
