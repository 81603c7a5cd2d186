"""What is wrong with a page that is open: for people who cannot see it well, and on its screen."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SHOTS, School

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
REST = {"resultTypes": ["violations"], "iframes": False}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (
    ("light", {"runOnly": TAGS, **REST}),
    # The other theme has other colours and nothing else: the rules on colours are asked again.
    ("dark", {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **REST}),
)
STUCK = """() => [...document.querySelectorAll('main .section-head')].filter(head => {
  let here = head
  while (!here.previousElementSibling && here.parentElement.tagName !== 'MAIN') here = here.parentElement
  const above = here.previousElementSibling?.getBoundingClientRect(), own = head.getBoundingClientRect()
  return above?.height && above.right > own.left && above.left < own.right && Math.abs(own.top - above.bottom) < 8
}).map(head => head.textContent.trim())"""
"""Headings that touch what stands above them."""

both_screens = pytest.mark.parametrize("width", [360, 1280])


def one(school: School, query: str) -> Any:
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        return connection.execute(query).fetchone()[0]


def check(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds on the page, a line each."""
    if not page.evaluate("'axe' in window"):
        page.context.add_init_script(AXE)  # for the pages to come
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules).then(({ violations }) => violations)", rules)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}" for each in found for node in each["nodes"][:3]
    ]


def problems_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open, in either theme. Its pictures are kept under this name where something
    is, and always with SHOTS=1.

    The window is as high as the page meanwhile: no sticky bar covers anything. Without motion, a colour is there at
    once.
    """
    problems, window = [], page.viewport_size
    assert window is not None
    width = window["width"]
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    problems += [f"{name} ({width} px): the heading “{each}” sticks to what is above" for each in page.evaluate(STUCK)]
    for theme, rules in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = check(page, rules)
        problems += [f"{name} ({width} px, {theme}): {line}" for line in found]
        if found or "SHOTS" in os.environ:
            file = re.sub(r"[^a-z0-9.-]", "_", name.lower())[:80]
            page.screenshot(path=SHOTS / f"{file}-{width}-{theme}.png", full_page=True)
    page.set_viewport_size(window)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        problems.append(f"{name} ({width} px): scrolls sideways")
    return problems


def visit(page: Page, path: str, status: int = 200) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, path


def press(page: Page, name: str) -> int:
    """Presses the button and waits for what comes; the status of the answer to the form."""
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    return answered.value.status
