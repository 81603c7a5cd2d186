"""Every page, in both themes, on a phone and on a desk: accessible, within its policy, never wider than the screen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SHOTS, School, log_in

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

pytestmark = pytest.mark.browser


def one(school: School, query: str) -> Any:
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        return connection.execute(query).fetchone()[0]


def addresses(school: School) -> dict[str, list[str]]:
    """Whose pages there are; ids are looked up in the demo school."""
    begun = one(school, "SELECT slug FROM courses WHERE title LIKE 'Keselamatan%'")
    other = one(school, "SELECT slug FROM courses WHERE title LIKE 'Pembukuan%'")

    def lesson(kind: str, slug: str = begun) -> str:
        found = one(
            school,
            "SELECT lessons.id FROM lessons JOIN course_sections s ON s.id = section_id"
            f" JOIN courses c ON c.id = s.course_id WHERE c.slug = '{slug}' AND kind = '{kind}' LIMIT 1",
        )
        return f"/belajar/{slug}/{found}"

    finished = one(school, "SELECT slug FROM courses WHERE title LIKE 'Layanan%'")
    mine = "FROM certificates JOIN users ON users.id = user_id WHERE email = 'peserta@demo.test'"
    code = one(school, f"SELECT code {mine}")
    fact = UUID(one(school, "SELECT id FROM event_store WHERE name = 'enrollment.completed' LIMIT 1"))
    mail = one(school, "SELECT id FROM outgoing_mails LIMIT 1")
    return {
        "guest": [
            "/", "/masuk", "/daftar", "/kursus", "/kursus?q=zzzz", f"/kursus/{begun}", lesson("text"), "/v",
            f"/v/{code}", "/v/0000000000", "/tidak-ada",
        ],
        "peserta@demo.test": [
            "/", "/kursus", f"/kursus/{begun}", f"/kursus/{other}", lesson("text"), lesson("document"),
            lesson("youtube", finished), f"/belajar/{begun}/mengapa", "/sertifikat", "/notifikasi", "/akun",
        ],
        "admin@demo.test": [
            "/", "/admin", "/admin/peristiwa", f"/admin/peristiwa/{fact}", "/admin/antrean", "/admin/audit",
            "/admin/kotak-keluar", f"/admin/kotak-keluar/{mail}", "/admin/pengaturan", "/admin/styleguide",
        ],
    }  # fmt: skip


def check(page: Page) -> list[str]:
    """What axe finds on the page, a line each."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible_and_fit(school: School, open_page: Callable[..., Page], width: int, theme: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    problems = []
    for who, paths in addresses(school).items():
        page = open_page(width, theme)
        if who != "guest":
            log_in(page, who)
        for path in paths:
            page.goto(path)
            name = f"{who.partition('@')[0]}{path.split('?')[0].replace('/', '_')}"[:80]
            page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
            problems += [f"{who} {path}: {line}" for line in check(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                problems.append(f"{who} {path}: scrolls sideways at {width} px")
    assert problems == []


def test_nothing_scrolls_sideways_on_the_smallest_phone(school: School, open_page: Callable[..., Page]) -> None:
    wide = []
    for who, paths in addresses(school).items():
        page = open_page(320)
        if who != "guest":
            log_in(page, who)
        for path in paths:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(f"{who} {path}")
    assert wide == []


def test_a_cold_learner_page_is_light(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    log_in(page, "peserta@demo.test")
    requests: list[str] = []
    sizes: list[int] = []
    fresh = page.context.browser.new_context(storage_state=page.context.storage_state(), base_url=school.address)  # type: ignore[union-attr]
    cold = fresh.new_page()
    cold.on("requestfinished", lambda request: (requests.append(request.url), sizes.append(sum(_weight(request)))))
    cold.goto("/", wait_until="networkidle")
    fresh.close()
    assert len(requests) <= 10, requests
    assert sum(sizes) <= 80_000, list(zip(requests, sizes, strict=True))


def _weight(request: Any) -> tuple[int, int]:
    sizes = request.sizes()
    return sizes["responseBodySize"], sizes["responseHeadersSize"]
