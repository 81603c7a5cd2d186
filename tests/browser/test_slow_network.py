"""A quiz over 400 kbit/s with 300 ms of latency: it can soon be answered, and nothing that was answered is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page, expect

from app.assessments.actions.bank import change_question, content_of
from app.assessments.models import Assessment
from app.assessments.queries.assessments import items_of
from app.core.db import db
from app.courses.actions import store_image
from tests.browser.conftest import School, log_in
from tests.browser.screens import one
from tests.browser.test_exam import LEARNER, exam, inside, stored

pytestmark = pytest.mark.browser

SLOW = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Milliseconds, and bytes a second."""
KINDS = ("multiple_choice", "true_false", "short_answer", "multiple_choice", "numeric", "essay")
USABLE_WITHIN = 3.0
"""Seconds from the press until the first question can be answered, nothing being in the cache."""
HEAVIEST = 80_000
"""Bytes of all that an attempt's page needs, but for what its author has put into the question."""
PICTURE = (150_000, 400_000)
"""Bytes of the picture in the first question: for itself it takes 3 s or more."""
RECEIPT = re.compile(r"Tersimpan \d\d\.\d\d\.\d\d")
USABLE = """() => Math.max(
  performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
) / 1000"""
"""The scripts have run, and something was drawn."""


def add_picture(school: School, address: str) -> int:
    """The first question shows a picture as large as those of lessons; its bytes."""
    with inside(school):
        assessment = db.session.get_one(Assessment, int(address.rpartition("/")[2]))
        question = items_of(assessment.id)[0].question
        assert question is not None
        content, file = content_of(question.current), BytesIO()
        Image.effect_noise((800, 600), 60).save(file, "PNG")
        file.seek(0)
        media = store_image(file, "bengkel.png", owner=assessment.owner)
        text = f"{content.text}\n\n![Bengkel](/media/{media.public_id})"
        change_question(question, replace(content, text=text), actor=assessment.owner)
        return media.size


def on_a_slow_phone(page: Page) -> tuple[Page, CDPSession]:
    """A page of who is signed in on the other one, with nothing in its cache. It may keep things: nothing is routed."""
    browser = page.context.browser
    assert browser is not None
    phone = browser.new_context(
        base_url=page.url, storage_state=page.context.storage_state(), viewport={"width": 360, "height": 800}
    ).new_page()
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.send("Network.emulateNetworkConditions", SLOW)
    return phone, wire


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]")


def saved(page: Page) -> None:
    """Waits until nothing is left to be sent, and the receipt says so."""
    page.wait_for_function("() => localStorage.length === 0")
    expect(state(page)).to_contain_text(RECEIPT, timeout=15_000)


def onward(page: Page, place: int) -> None:
    """The next question, at once: no receipt is waited for."""
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator(".eyebrow").first).to_contain_text(f"Soal {place} dari {len(KINDS)}", timeout=15_000)


def choose(page: Page, *places: int) -> str:
    """One choice after the other, as fast as they can be pressed; the last one's value."""
    for place in places:
        page.get_by_role("radio").nth(place).check()
    return str(page.get_by_role("radio").nth(places[-1]).get_attribute("value"))


def test_a_cold_attempt_can_soon_be_answered_and_its_picture_keeps_nobody_waiting(
    school: School, open_page: Callable[..., Page]
) -> None:
    address, page = exam(school, *KINDS), open_page(360)
    picture = add_picture(school, address)
    assert PICTURE[0] <= picture <= PICTURE[1]
    log_in(page, LEARNER)
    page.goto(address)
    page.get_by_role("button", name="Kerjakan", exact=True).click()
    phone, wire = on_a_slow_phone(page)
    loaded: dict[str, int] = {}
    wire.on("Network.loadingFinished", lambda told: loaded.update({told["requestId"]: told["encodedDataLength"]}))
    phone.goto(page.url, wait_until="domcontentloaded")
    chosen = choose(phone, 1)
    saved(phone)
    arrived = phone.evaluate("() => document.querySelector('.question-text img').complete")
    usable = phone.evaluate(USABLE)
    phone.wait_for_load_state("networkidle")
    whole = sum(loaded.values())
    print(f"usable after {usable:.2f} s, {whole - picture} bytes and a picture of {picture}, {len(loaded)} requests")
    assert stored(school, 1) == [chosen]
    assert not arrived, "the answer was saved while the picture was still on its way"
    assert usable <= USABLE_WITHIN
    assert whole - picture <= HEAVIEST
    phone.context.close()


def test_every_answer_of_a_quiz_taken_over_a_slow_and_broken_network_is_kept(
    school: School, open_page: Callable[..., Page]
) -> None:
    address, page = exam(school, *KINDS), open_page(360)
    log_in(page, LEARNER)
    phone, wire = on_a_slow_phone(page)
    phone.goto(address)
    phone.get_by_role("button", name="Kerjakan", exact=True).click()
    expect(phone.locator(".navigator")).to_be_visible(timeout=15_000)
    phone.wait_for_load_state("domcontentloaded")

    answers = {1: [choose(phone, 0, 1, 2, 1)]}
    saved(phone)
    assert stored(school, 1) == answers[1], "by the script alone"
    onward(phone, 2)
    answers[2] = choose(phone, 1, 0)
    onward(phone, 3)
    phone.get_by_label("Jawaban Anda").fill("Bandung")
    phone.get_by_label("Jawaban Anda").fill("Jakarta")
    answers[3] = "Jakarta"
    onward(phone, 4)

    choose(phone, 2)
    wire.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
    answers[4] = [choose(phone, 0, 1)]
    expect(state(phone)).to_contain_text("Belum tersimpan")
    phone.get_by_role("button", name="Berikutnya").last.click()
    expect(phone.locator(".eyebrow").first).to_contain_text("Soal 4")
    assert stored(school, 4) != answers[4]
    wire.send("Network.emulateNetworkConditions", SLOW)
    saved(phone)
    assert stored(school, 4) == answers[4]

    onward(phone, 5)
    phone.get_by_label("Jawaban Anda").fill("87,4")
    answers[5] = "87,4"
    onward(phone, 6)
    phone.get_by_label("Jawaban Anda").fill("Mulai dari menghilangkan bahayanya.")
    answers[6] = "Mulai dari menghilangkan bahayanya."
    phone.get_by_role("button", name="Tinjau Jawaban").click()
    expect(phone.locator("body")).to_contain_text("Semua soal sudah dijawab.", timeout=15_000)
    phone.get_by_role("button", name="Kirim Jawaban").click()
    expect(phone.locator("body")).to_contain_text("menunggu dinilai", timeout=15_000)
    assert {place: stored(school, place) for place in answers} == answers
    assert one(school, "SELECT status FROM assessment_attempts ORDER BY id DESC LIMIT 1") == "submitted"
    phone.context.close()
