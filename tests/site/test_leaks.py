"""T-INF-01: what a stranger learns of the inside: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.access import anyone

INSIDES = re.compile(
    r"Traceback|File &#34;|File \"|\.py\b|sqlite|psycopg|SELECT |werkzeug|jinja|flask/|gunicorn|rahasia-dalam|/usr/",
    re.IGNORECASE,
)
TELLTALE = {"Server", "X-Powered-By", "X-Runtime", "X-Debug"}
FORGOTTEN = [
    "/.git/config", "/.git/HEAD", "/.env", "/config.py", "/wsgi.py", "/instance/tuntas.db", "/static/../config.py",
    "/static/%2e%2e/config.py", "/static/js/menus.js.map", "/aset/x.js.map", "/static/css/ORDER.map", "/console",
    "/__debug__", "/debug", "/server-status", "/phpinfo.php", "/requirements.txt", "/Makefile", "/admin/.git",
]  # fmt: skip


def looks_clean(answer: object) -> bool:
    text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    return not INSIDES.search(text) and not TELLTALE & set(answer.headers.keys())  # type: ignore[attr-defined]


@pytest.fixture
def broken(make_app: Callable[..., Flask]) -> FlaskClient:
    """A browser at an app in which one page breaks; errors are answered, not raised, as in production."""
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    @app.get("/rusak")
    @anyone
    def break_down() -> str:
        raise ValueError("rahasia-dalam SELECT password FROM users")

    return app.test_client()


@pytest.mark.parametrize("path", FORGOTTEN)
def test_t_inf_01_nothing_that_lies_around_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert looks_clean(answer)


def test_t_inf_01_an_unexpected_error_tells_nothing(broken: FlaskClient) -> None:
    for headers in ({}, {"Accept": "application/json"}):
        answer = broken.get("/rusak", headers=headers)
        assert answer.status_code == 500
        assert looks_clean(answer), answer.text


def test_t_inf_01_the_error_page_is_in_the_reader_s_language(broken: FlaskClient) -> None:
    assert "Terjadi kesalahan pada sistem" in broken.get("/rusak").text
    assert "Halaman tidak ditemukan" in broken.get("/tidak-ada").text


@pytest.mark.parametrize("path", ["/", "/tidak-ada", "/masuk", "/sehat", "/sehat/siap", "/robots.txt", "/sampul/a.svg"])
def test_t_inf_01_no_header_names_the_software(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert TELLTALE & set(answer.headers.keys()) == set()
        assert not INSIDES.search(answer.text)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("10.0.0.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("203.0.113.9", {"Authorization": "Bearer "}),
        ("203.0.113.9", {"Authorization": "Bearer salah"}),
        ("203.0.113.9", {"X-Forwarded-For": "127.0.0.1"}),
    ],
)
def test_t_inf_01_metrics_are_not_found_from_outside(
    client: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404
    assert looks_clean(answer)
    assert "deliveries_pending" not in answer.text


def test_metrics_are_for_this_machine_and_for_whoever_knows_the_token(make_app: Callable[..., Flask]) -> None:
    client = make_app(METRICS_TOKEN="kunci").test_client()
    assert "deliveries_pending" in client.get("/metrics").text
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    answer = client.get("/metrics", headers={"Authorization": "Bearer kunci"}, environ_base=outside)
    assert "audit_chain_ok 1.0" in answer.text


def test_t_inf_01_debug_is_off_unless_asked_for(app: Flask) -> None:
    assert app.debug is False
