"""T-RED-01: whatever a request brings along, nobody is led off this site."""

from __future__ import annotations

import ast
from itertools import cycle
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.core.test_security import HOSTILE
from tests.pages import PASSWORD
from tests.security.bodies import body_of
from tests.security.walk import go, visits
from tests.security.world import World, email_of

pytestmark = pytest.mark.pages

APP = Path(__file__).resolve().parents[2] / "app"
ASKING_TO_GO_ON = ["/masuk", "/daftar"]
"""Pages that read `next`."""
BROUGHT_ALONG = ("args", "form", "values", "json", "headers", "cookies", "referrer", "get_json")
READERS = {"app/core/security.py"}
"""Where an address that a request brings along may be read unguarded: where the guard is."""


def leads_away(location: str) -> bool:
    """Whether a browser that is led there from this site leaves it: an address is joined as browsers do."""
    read = location.replace("\\", "/").strip("\t\n\r\x0b\x00 ")
    parts = urlsplit(urljoin("http://localhost/masuk", "".join(each for each in read if each not in "\t\r\n")))
    return (parts.scheme, parts.netloc) != ("http", "localhost")


def test_what_leads_away_is_seen() -> None:
    for each in ("//e", r"/\e", "https:e", "\t//e", "/\t/e", "javascript:x", "https://e", "http://localhost@e"):
        assert leads_away(each), each
    assert not leads_away("/kursus?x=//e")


@pytest.mark.parametrize("path", ASKING_TO_GO_ON)
@pytest.mark.parametrize("target", HOSTILE)
def test_t_red_01_signing_in_leads_nowhere_else(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, target: str
) -> None:
    """As the form that was opened with a hostile `next` sends it, and with the same words as a field of the form."""
    monkeypatch.setitem(world.app.config, "MAIL_SERVER", "")  # else registering leads to a page about the letter
    page = world.ask("guest", "GET", path, query_string={"next": target})
    assert page.status_code == 200
    assert target in {"", " ", ".", "e", "@e", "#x"} or f'"{target}"' not in page.text
    body = (
        {"login": email_of("outsider"), "password": PASSWORD}
        if path == "/masuk"
        else body_of("guest", "accounts.register")
    )
    for query, fields in (({"next": target}, {}), ({"next": ["/", target]}, {"next": target})):
        answer = world.ask("guest", "POST", path, query_string=query, data={**body, **fields})
        assert (answer.status_code, answer.location) == (303, "/")
        world.reset()


@pytest.mark.parametrize("path", ASKING_TO_GO_ON)
@pytest.mark.parametrize("target", HOSTILE)
def test_t_red_01_who_is_signed_in_already_is_led_nowhere_else(world: World, path: str, target: str) -> None:
    answer = world.ask("outsider", "GET", path, query_string={"next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_t_red_01_no_route_leads_to_where_a_request_says_it_comes_from(world: World) -> None:
    referers = cycle(("https://jahat.test/x", "http://localhost//jahat.test"))
    names = ("next", "url", "redirect", "return", "kembali", "ke", "dari", "halaman_asal")
    brought = dict.fromkeys(names, "https://jahat.test/x")
    away = []
    for visit in visits(world):
        for actor in ("guest", "enrolled", "admin"):
            answer = go(world, actor, visit, headers={"Referer": next(referers)}, query_string=brought)
            if answer.location and leads_away(answer.location):
                away.append(f"{visit.method} {visit.path} as {actor} → {answer.location}")
        if visit.is_unsafe:
            world.reset()
    assert away == []


def test_t_red_01_every_next_is_read_through_safe_next() -> None:
    """`…args.get("next")` stands nowhere but as the argument of `safe_next`."""
    bare = []
    for path in sorted(APP.rglob("*.py")):
        tree = ast.parse(path.read_text())
        guarded = {
            id(inner)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "safe_next"
            for inner in ast.walk(call)
        }
        name = str(path.relative_to(APP.parent))
        bare += [f"{name}:{node.lineno}" for node in ast.walk(tree) if _asks_for_next(node) and id(node) not in guarded]
    assert bare == [], "wrap it: safe_next(request.args.get('next'))"


def test_t_red_01_no_redirect_takes_an_address_from_the_request() -> None:
    bare = []
    for path in sorted(APP.rglob("*.py")):
        name = str(path.relative_to(APP.parent))
        for call in ast.walk(ast.parse(path.read_text())):
            if name not in READERS and isinstance(call, ast.Call) and getattr(call.func, "id", "") == "redirect":
                source = ast.unparse(call)
                if any(f"request.{each}" in source for each in BROUGHT_ALONG) and "url_for(" not in source:
                    bare.append(f"{name}:{call.lineno}")
    assert bare == [], "redirect to url_for(…), safe_next(…) or came_from()"


def _asks_for_next(node: ast.AST) -> bool:
    asked = node.args[:1] if isinstance(node, ast.Call) else [node.slice] if isinstance(node, ast.Subscript) else []
    return "request" in ast.unparse(node) and any(
        isinstance(each, ast.Constant) and each.value == "next" for each in asked
    )
