"""Every answer of every route wears the headers; no page carries code of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort

from app.accounts.access import anyone
from app.core import security
from app.core.errors import TooMany
from app.core.security import SANDBOX
from tests.security.dress import undressed
from tests.security.markup import Skeleton
from tests.security.walk import go, visits
from tests.security.world import World

pytestmark = pytest.mark.pages

ERRORS = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]


def test_the_policy_forbids_what_it_should() -> None:
    rules = dict(each.split(" ", 1) for each in security.CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["form-action"]) == ("'self'",) * 3
    assert (rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe" not in str(rules)
    assert SANDBOX == "sandbox; default-src 'none'"


def test_t_hdr_01_every_route_says_on_https_that_it_stays_there(world: World) -> None:
    wrong = []
    for visit in visits(world):
        answer = go(world, "guest", visit, base_url="https://localhost")
        wrong += [f"{visit.path}: {each}" for each in undressed(answer, secure=True)]
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
