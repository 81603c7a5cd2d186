"""No words of anybody become markup: every text column, every payload, every page that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.core.ids import uuid7
from app.core.markdown import TAGS
from app.events.models import StoredEvent
from tests.admin.conftest import fact
from tests.core.test_markdown import dangers
from tests.security.markup import Skeleton, difference
from tests.security.states import STATES
from tests.security.texts import (
    CLOSED,
    DIGESTS,
    FACTS,
    MARKDOWN,
    PAYLOADS,
    fill,
    open_columns,
    row_counts,
    text_columns,
)
from tests.security.walk import visits
from tests.security.world import World

pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parents[2]
READERS = ("guest", "enrolled", "owner", "admin", *STATES)
SAFE = {"app/core/markdown.py"}
"""Where markup is made of words: the sanitiser itself."""
UNSEEN = {
    "account_requests.previous_email": "for the letter to the old address",
    "certificates.revoke_reason": "for the institution; the public page says only since when",
    "enrollments.drop_reason": "for staff; there is no roster",
    "outgoing_mails.html": "downloaded as a file, in a sandbox",
    "sessions.agent": "only the names of browsers and systems that are known are shown",
    "tasks.report": "numbers are shown",
    "uploads.file_name": "of a file on its way; the browser that sends it knows it",
}
"""Open columns that no page shows yet."""
Page = tuple[str, str, str]
"""Reader, endpoint, address."""


def marker(name: str) -> str:
    """A harmless word that is found again: of that column alone."""
    return f"Zz{list(open_columns()).index(name):02}zz"


def read_pages(world: World, pages: Iterable[Page]) -> dict[Page, str]:
    """The HTML of those that are pages."""
    answers = {page: world.ask(page[0], "GET", page[2]) for page in pages}
    return {
        page: answer.text
        for page, answer in answers.items()
        if answer.mimetype == "text/html" and answer.status_code < 500 and "attachment" not in str(answer.headers)
    }


@pytest.fixture(scope="module")
def harmless(world: World) -> dict[Page, str]:
    """With harmless words: for every route pages enough to show each column that the route shows to anybody."""
    for markdown in (False, True):
        fill(marker, markdown=markdown)
    every = [(who, each.endpoint, each.path) for each in visits(world) if each.method == "GET" for who in READERS]
    kept: dict[Page, str] = {}
    seen: set[tuple[str, str]] = set()
    for page, text in read_pages(world, every).items():
        shown = {(page[1], column) for column in re.findall(r"Zz\d\dzz", text)}
        if shown - seen:
            kept[page] = text
            seen |= shown
    world.keep()
    return kept


def test_t_xss_01_every_text_column_is_attacked_or_has_a_reason_not_to_be(world: World) -> None:
    known = {*open_columns(), *CLOSED}
    digests = {name for name in text_columns() if any(each in name for each in DIGESTS)}
    assert set(text_columns()) - known - digests == set()
    assert CLOSED.keys() - set(text_columns()) == set(), "these columns are gone: take them out of texts.py"
    empty = {name.split(".")[0] for name in open_columns() if row_counts()[name.split(".")[0]] == 0}
    assert empty == set(), "tests/security/objects.py makes no row of these tables, so nothing hostile can stand in it"


def test_t_xss_01_every_open_column_is_seen_on_a_page(harmless: dict[Page, str]) -> None:
    everything = "\n".join(harmless.values())
    unseen = {name for name in open_columns() if marker(name) not in everything and not name.startswith(FACTS)}
    assert unseen == set(UNSEEN), "name columns that no page shows in UNSEEN, with the reason"


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t_xss_01_no_payload_in_any_column_becomes_markup(
    world: World, harmless: dict[Page, str], payload: str
) -> None:
    fill(lambda _name: payload, markdown=False)
    hostile = read_pages(world, harmless)
    world.reset()
    assert hostile.keys() == harmless.keys()
    changed = {page: difference(harmless[page], text) for page, text in hostile.items()}
    assert {page: parts for page, parts in changed.items() if parts} == {}
    assert "&lt;" in str(hostile.values()) or "<" not in payload


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t_xss_01_no_payload_in_markdown_becomes_more_than_the_sanitiser_allows(
    world: World, harmless: dict[Page, str], payload: str
) -> None:
    pages = [page for page, text in harmless.items() if any(marker(name) in text for name in MARKDOWN)]
    fill(lambda _name: payload, markdown=True)
    hostile = read_pages(world, pages)
    world.reset()
    assert pages
    for page, text in hostile.items():
        more = [each[2:].split() for each in difference(harmless[page], text) if each.startswith("+")]
        assert {tag for tag, *_attributes in more} <= set(TAGS), page
        assert {name for _tag, *names in more for name in names} <= {"href", "rel", "src", "alt", "loading", "class"}
        assert Skeleton(text).inline == []
    assert dangers(payload) == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t_xss_02_no_payload_in_a_fact_becomes_markup(world: World, payload: str) -> None:
    plain, evil = _fact_of("kata biasa"), _fact_of(payload)
    for template in (
        "/admin/peristiwa/{0.id}",
        "/admin/peristiwa?nomor={1}",
        "/admin/peristiwa?jenis={0.name}&nomor={1}",
    ):
        pages = [
            world.ask("admin", "GET", template.format(each, each.aggregate_id.replace("&", "%26").replace("#", "%23")))
            for each in (plain, evil)
        ]
        assert [page.status_code for page in pages] == [200, 200]
        assert difference(pages[0].text, pages[1].text) == []
    assert Skeleton(world.ask("admin", "GET", "/admin").text).inline == []


def _fact_of(word: str) -> StoredEvent:
    values = {"reason": word, "course_title": word, "title": word, "fields": [word], "changes": {"name": [word, word]}}
    number = " ".join(f"{word[:36]} {uuid7().hex[-12:]}".split())  # on one line: forms ask for it so
    return fact("course.updated", aggregate_type="course", aggregate_id=number, payload=values)


def test_t_xss_05_every_html_template_has_a_name_that_jinja_escapes() -> None:
    escaped = {".html", ".htm", ".xml", ".xhtml", ".svg"}
    files = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    marked_up = [
        path for path in files if path.suffix not in escaped and re.search(r"</?[a-z]+[^>]*>", path.read_text())
    ]
    assert [str(path) for path in marked_up] == []
    assert {path.suffix for path in files} <= {*escaped, ".txt"}


def test_t_xss_05_text_templates_are_for_the_text_of_mails_only() -> None:
    texts = {path.name for path in (ROOT / "templates").rglob("*.txt")}
    rendering = re.compile(r"""render_template\(\s*f?["']([^"']+\.txt)["']""")
    used = [(path, name) for path in (ROOT / "app").rglob("*.py") for name in rendering.findall(path.read_text())]
    assert all((ROOT / "templates" / "email" / name).exists() for name in texts)
    assert {name.split("/")[0] for _path, name in used} <= {"email"}


def test_t_xss_05_nothing_is_called_safe_but_what_the_sanitiser_made() -> None:
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false|render_template_string|env\w*\.from_string\(|\bMarkup\(")
    found = {
        str(path.relative_to(ROOT)): hits
        for folder, kind in (("app", "*.py"), ("templates", "*"))
        for path in (ROOT / folder).rglob(kind)
        if path.is_file()
        and "__pycache__" not in path.parts
        and (hits := unescaped.findall(path.read_text("utf-8", "ignore")))
    }
    assert found.keys() <= SAFE, "show that it is safe, and name it in SAFE with the reason"


def test_t_xss_05_every_template_is_escaped_by_the_app(world: World) -> None:
    chosen = world.app.jinja_env.autoescape
    assert callable(chosen)
    names = [name for name in world.app.jinja_env.list_templates() if not name.endswith(".txt")]
    assert len(names) > 80
    assert [name for name in names if not chosen(name)] == []
