"""An exam in a real browser: the page is killed, the network goes, there is no mouse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.assessments.models import Show
from app.core.db import db
from tests import make
from tests.browser.conftest import School, log_in
from tests.browser.screens import both_screens, one, problems_of

pytestmark = pytest.mark.browser

LEARNER = "peserta@demo.test"


@contextmanager
def inside(school: School) -> Iterator[None]:
    """Inside the block the school's rows are those of `db`."""
    app = create_app(
        "testing", {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{school.folder / 'tuntas.db'}", "INSTANCE": school.folder}
    )
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def exam(school: School, *kinds: str) -> str:
    """The address of an exam with these questions, which the demo school's learner may take."""
    with inside(school):
        course = make.course(slug="ujian")
        make.enrollment(db.session.scalars(select(User).where(User.email == LEARNER)).one(), course)
        made = make.assessment(course, kinds=kinds, time_limit_minutes=30, show_keys=Show.NOW)
        return f"/asesmen/{made.id}"


def begin(page: Page, address: str) -> None:
    log_in(page, LEARNER)
    page.goto(address)
    page.get_by_role("button", name="Kerjakan", exact=True).click()
    expect(page.locator(".navigator")).to_be_visible()
    page.wait_for_load_state()  # the script is there


def saved(page: Page) -> None:
    """Waits until the last answer has its receipt."""
    expect(page.locator("[data-save-state]")).to_contain_text("Tersimpan")


def stored(school: School, position: int) -> Any:
    """What the server has as the answer to that question."""
    return json.loads(one(school, f"SELECT coalesce(response, 'null') FROM attempt_answers WHERE position = {position}"
                                  " AND attempt_id = (SELECT max(id) FROM assessment_attempts)"))  # fmt: skip


def deadline(page: Page) -> str | None:
    return page.locator("[data-deadline]").get_attribute("data-deadline")


def test_who_is_thrown_out_at_question_seven_goes_on_from_another_browser(
    school: School, open_page: Callable[..., Page]
) -> None:
    address = exam(school, *["multiple_choice"] * 8)
    phone = open_page(360)
    begin(phone, address)
    until = deadline(phone)
    chosen = []
    for number in range(1, 8):
        expect(phone.locator(".eyebrow").first).to_contain_text(f"Soal {number} dari 8")
        choice = phone.get_by_role("radio").nth(number % 3)
        choice.check()
        chosen.append(choice.get_attribute("value"))
        if number < 7:
            phone.get_by_role("button", name="Berikutnya").last.click()
    saved(phone)
    phone.close()  # the battery is empty
    other = open_page(1280)
    log_in(other, LEARNER)
    other.goto(address)
    other.get_by_role("button", name="Lanjutkan").click()
    expect(other.locator(".eyebrow").first).to_contain_text("Soal 8 dari 8")
    assert deadline(other) == until
    expect(other.locator(".navigator .is-answered")).to_have_count(7)
    path = other.url.partition("?")[0]
    for number, value in enumerate(chosen, start=1):
        other.goto(f"{path}?soal={number}")
        expect(other.locator("input:checked")).to_have_attribute("value", str(value))


def test_what_is_answered_without_a_network_is_sent_in_its_order(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(360)
    begin(page, exam(school, "multiple_choice", "short_answer"))
    path = page.url.partition("?")[0]
    page.context.set_offline(True)
    page.get_by_role("radio").nth(0).check()
    page.get_by_role("radio").nth(1).check()
    last = page.get_by_role("radio").nth(1).get_attribute("value")
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    page.get_by_role("button", name="Berikutnya").last.click()
    expect(page.locator("[data-save-state]")).to_contain_text("Belum tersimpan")
    assert stored(school, 1) is None
    page.close()  # and that was all: the queue lies in the browser
    again = page.context.new_page()
    page.context.set_offline(False)
    sent: list[str] = []
    again.on("request", lambda request: sent.append(str(request.post_data)) if "/jawab" in request.url else None)
    again.goto(f"{path}?soal=2")
    saved(again)
    again.get_by_label("Jawaban Anda").fill("Jakarta")
    again.get_by_label("Jawaban Anda").press("Tab")
    expect(again.locator(".navigator [aria-current].is-answered")).to_have_count(1)
    again.wait_for_timeout(500)
    assert [json.loads(body)["question"] for body in sent] == ["1", "2"]
    assert (stored(school, 1), stored(school, 2)) == ([last], "Jakarta")


def test_an_answer_that_changes_while_the_last_one_is_on_its_way_is_not_lost(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(360)
    begin(page, exam(school, "multiple_choice"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/jawab", hold)
    with page.expect_request("**/jawab"):
        page.get_by_role("radio").nth(0).check()
    page.get_by_role("radio").nth(2).check()
    last = page.get_by_role("radio").nth(2).get_attribute("value")
    with page.expect_response("**/jawab"), page.expect_request("**/jawab"):
        held[0].continue_()
    page.wait_for_function("() => localStorage.length === 0")
    saved(page)
    assert stored(school, 1) == [last]


def test_a_whole_exam_by_keyboard(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(1280)
    address = exam(school, "multiple_choice", "true_false", "matching", "short_answer", "essay")
    log_in(page, LEARNER)
    page.goto(address)
    press(page, page.get_by_role("button", name="Kerjakan", exact=True))
    for keys in (["Space"], ["Space"], ["ArrowDown", "Tab", "ArrowDown"], ["J", "a"], ["A", "P", "D"]):
        place = page.locator(".eyebrow").first.inner_text()
        reach(page, page.locator("[name=answer]").first)
        for key in keys:
            page.keyboard.press(key)
        press(page, page.locator(".bottom-bar button.btn-primary, .bottom-bar .btn-primary").last)
        expect(page.locator("body")).not_to_contain_text(place)
    expect(page.locator("body")).to_contain_text("Semua soal sudah dijawab.")
    press(page, page.get_by_role("button", name="Kirim Jawaban"))
    expect(page.locator("body")).to_contain_text("menunggu dinilai")


@both_screens
def test_the_pages_of_an_attempt_are_accessible_and_fit(
    school: School, open_page: Callable[..., Page], width: int
) -> None:
    kinds = list(make.TYPICAL)
    page = open_page(width)
    begin(page, exam(school, *kinds))
    path, problems = page.url.partition("?")[0], []
    for number, kind in enumerate(kinds, start=1):
        page.goto(f"{path}?soal={number}")
        problems += problems_of(page, f"attempt {kind}")
    page.goto(f"{path}/tinjau")
    problems += problems_of(page, "attempt summary")
    page.get_by_role("button", name="Kirim Jawaban").click()
    page.wait_for_url("**/hasil")
    problems += problems_of(page, "attempt result")
    assert problems == []


def reach(page: Page, target: Locator) -> None:
    """Tab after Tab until it has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not come to {target}")


def press(page: Page, button: Locator) -> None:
    reach(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")
