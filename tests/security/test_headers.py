"""Every answer of every route wears the headers; no page carries code of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from app.accounts.access import anyone
from app.core import security
from app.core.errors import TooMany
from app.core.security import SANDBOX, SHOWN_PDF
from tests.security.crawl import crawl
from tests.security.markup import Skeleton
from tests.security.walk import go, visits
from tests.security.world import ACTORS, World

pytestmark = pytest.mark.pages

OWN_POLICIES = {security.CONTENT_SECURITY_POLICY, SANDBOX, SHOWN_PDF}
FRAMES = f"{security.CONTENT_SECURITY_POLICY}; frame-src https://www.youtube-nocookie.com"
TELLTALE = {"Server", "X-Powered-By", "X-Runtime", "X-AspNet-Version", "Via"}
ERRORS = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]


def undressed(answer: TestResponse, *, secure: bool = False) -> list[str]:
    """What is wrong with the headers."""
    headers, wrong = answer.headers, []
    if headers.get("Content-Security-Policy") not in {*OWN_POLICIES, FRAMES}:
        wrong.append(f"Content-Security-Policy: {headers.get('Content-Security-Policy')}")
    for name, value in security.HEADERS.items():
        stricter = {"no-referrer"} if name == "Referrer-Policy" else set()
        if headers.getlist(name) != [value] and headers.get(name) not in stricter:
            wrong.append(f"{name}: {headers.getlist(name)}")
    if ("Strict-Transport-Security" in headers) is not secure:
        wrong.append(f"HSTS {'is missing on https' if secure else 'is there on http'}")
    return wrong + [f"tells {name}" for name in TELLTALE & set(headers.keys())]


def test_the_policy_forbids_what_it_should() -> None:
    rules = dict(each.split(" ", 1) for each in security.CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["form-action"]) == ("'self'",) * 3
    assert (rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe" not in str(rules)
    assert SANDBOX == "sandbox; default-src 'none'"


@pytest.mark.parametrize("base_url", ["http://localhost", "https://localhost"])
def test_t_hdr_01_every_route_wears_the_headers_for_everybody(world: World, base_url: str) -> None:
    wrong = []
    for visit in visits(world):
        for actor in ("guest", "dropped", "owner", "admin") if base_url == "http://localhost" else ("guest", "admin"):
            answer = go(world, actor, visit, base_url=base_url)
            wrong += [f"{visit.path} as {actor}: {each}" for each in undressed(answer, secure=base_url[:5] == "https")]
        if visit.is_unsafe:
            world.reset()
    assert wrong == []


@pytest.fixture
def broken(make_app: Callable[..., Flask]) -> Flask:
    """An app that answers every error, as in production."""
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    @app.route("/galat/<int:code>", methods=["GET"])
    @anyone
    def fail(code: int) -> str:
        if code == 500:
            raise ValueError("rusak")
        if code == 429:
            raise TooMany("Terlalu sering.")
        abort(code)

    return app


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_t_hdr_01_every_error_wears_the_headers(broken: Flask, code: int, accept: str) -> None:
    with broken.test_client() as client:
        answer = client.get(f"/galat/{code}", headers={"Accept": accept})
        assert answer.status_code == code
        assert undressed(answer) == []
        assert answer.mimetype == accept
        assert Skeleton(answer.text if accept == "text/html" else "").inline == []


def test_t_hdr_01_redirects_and_refusals_of_the_server_itself_wear_them_too(broken: Flask) -> None:
    client = broken.test_client()
    asked = [
        client.open("/kursus", method="TRACE"),
        client.open("/kursus", method="OPTIONS"),
        client.post("/masuk", data=b"x" * 3_000_000),
        client.get("/" + "a" * 3000),
        client.get("/static/../config.py"),
        client.get("/admin"),
    ]
    for answer in asked:
        assert undressed(answer) == [], answer


def test_t_hdr_01_a_school_on_https_says_so_behind_a_proxy_that_nobody_has_named(
    make_app: Callable[..., Flask],
) -> None:
    answer = make_app(HTTPS=True).test_client().get("/masuk")
    assert undressed(answer, secure=True) == []


Crawled = Callable[[str], list[tuple[str, TestResponse]]]


@pytest.fixture(scope="module")
def crawled(world: World) -> Crawled:
    """What an actor finds by following links; each crawls once."""
    return cache(lambda actor: list(crawl(world, actor)))


@pytest.mark.parametrize("actor", ACTORS)
def test_t_hdr_02_no_page_carries_code_or_style_of_its_own(crawled: Crawled, actor: str) -> None:
    inline: dict[str, list[str]] = {}
    read = 0
    for path, answer in crawled(actor):
        if answer.mimetype == "text/html" and not _is_a_file(answer):
            read += 1
            found = Skeleton(answer.text).inline
            inline |= {path: found} if found else {}
    assert inline == {}
    assert read > 15


def _is_a_file(answer: TestResponse) -> bool:
    """A page that is only for keeping (a mail's HTML): no browser shows it on this site."""
    kept = answer.headers.get("Content-Disposition", "").startswith("attachment")
    return kept and answer.headers["Content-Security-Policy"] == SANDBOX


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor not in {"guest", "suspended"}])
def test_t_hdr_04_nothing_that_a_signed_in_person_sees_is_stored(crawled: Crawled, actor: str) -> None:
    stored = {}
    for path, answer in crawled(actor):
        kept = answer.headers.get("Cache-Control", "")
        if answer.mimetype in {"text/html", "text/csv", "application/json"} and "no-store" not in kept:
            stored[path] = kept
        if (
            path.startswith(("/media/", "/sertifikat/"))
            and answer.status_code == 200
            and answer.mimetype != "text/html"
        ):
            assert "public" not in kept, path
            assert "no-cache" in kept or "no-store" in kept or "max-age=0" in kept, path
    assert stored == {}
