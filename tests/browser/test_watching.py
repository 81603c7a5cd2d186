"""Pantau in a real browser: a learner's answer appears by itself, streamed or asked for, and a lost session is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import School, log_in
from tests.browser.screens import problems_of
from tests.browser.test_exam import begin, exam, saved

pytestmark = pytest.mark.browser

SILENCE = 11_000
"""Milliseconds after which the page does not trust a stream that has said nothing."""


class Watching:
    """A teacher's page on an exam that a learner takes, and what that page has asked for since it was opened."""

    def __init__(self, school: School, open_page: Callable[..., Page]) -> None:
        self.learner, self.page, self.asked = open_page(360), open_page(1280), list[str]()
        address = exam(school, "multiple_choice", "true_false")
        begin(self.learner, address)
        log_in(self.page, "admin@demo.test")
        self.address = f"/kelola{address}/pantau"

    def open(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url.partition("/pantau")[2]))
        self.page.goto(self.address)
        self.shows("0 dari 2")

    def shows(self, answered: str) -> None:
        expect(self.page.locator("[data-watch]")).to_contain_text(answered)

    def becomes(self, hidden: bool) -> None:
        """Another tab is looked at, or this one again."""
        self.page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            hidden,
        )


@pytest.fixture
def watching(school: School, open_page: Callable[..., Page]) -> Watching:
    return Watching(school, open_page)


def test_an_answer_appears_by_itself_but_not_under_the_hands_of_the_teacher(watching: Watching) -> None:
    with watching.page.expect_response("**/pantau/aliran") as stream:
        watching.open()
    assert (stream.value.status, stream.value.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    person = watching.page.locator("[data-watch] a").first
    person.focus()
    watching.learner.get_by_role("radio").first.check()
    saved(watching.learner)
    watching.page.wait_for_timeout(SILENCE)  # what is not new is heard too
    watching.shows("0 dari 2")
    expect(person).to_be_focused()
    person.blur()
    watching.shows("1 dari 2")
    expect(watching.page.locator("[data-lost]")).to_be_hidden()
    assert [path for path in watching.asked if path] == ["/aliran"]


def test_nothing_is_streamed_to_a_page_that_nobody_looks_at(watching: Watching) -> None:
    with watching.page.expect_response("**/pantau/aliran"):
        watching.open()
    with watching.page.expect_event("requestfailed", lambda request: request.url.endswith("/aliran")):
        watching.becomes(hidden=True)
    watching.learner.get_by_role("radio").first.check()
    saved(watching.learner)
    watching.shows("0 dari 2")
    watching.becomes(hidden=False)
    watching.shows("1 dari 2")


def test_where_nothing_is_streamed_the_page_asks_and_tells_when_it_is_not_answered(
    school: School, watching: Watching
) -> None:
    watching.page.route("**/pantau/aliran", lambda route: route.fulfill(status=204))
    watching.open()
    watching.learner.get_by_role("radio").first.check()
    saved(watching.learner)
    watching.shows("1 dari 2")
    assert [path for path in watching.asked if path][:2] == ["/aliran", "?bagian=1"]
    left = watching.page.locator("[data-left]").inner_text()
    expect(watching.page.locator("[data-left]")).not_to_have_text(left)
    with closing(sqlite3.connect(school.folder / "tuntas.db")) as connection, connection:
        connection.execute("DELETE FROM sessions")
    expect(watching.page.get_by_role("alert")).to_contain_text("Tidak tersambung", timeout=15_000)
    watching.shows("1 dari 2")
    problems = problems_of(watching.page, "watch lost")
    watching.page.set_viewport_size({"width": 360, "height": 800})
    assert problems + problems_of(watching.page, "watch lost on a phone") == []
