"""Covers, health, and what machines ask for at the root."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.core.batik import cover_svg
from app.core.clock import now
from app.core.db import transaction
from app.events.models import WorkerBeat
from tests.statements import statements


def test_a_cover_is_the_same_for_ever_and_asks_nothing_of_the_database(client: FlaskClient) -> None:
    with statements() as seen:
        answer = client.get("/sampul/dasar-k3.svg")
    assert seen == []
    assert answer.mimetype == "image/svg+xml"
    assert answer.text == cover_svg("dasar-k3")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("seed", ["A", "a_b", "a%20b", "%3Cscript%3E", "a" * 256, "a%0a", "ä", "a.b"])
def test_a_seed_is_a_slug(client: FlaskClient, seed: str) -> None:
    assert client.get(f"/sampul/{seed}.svg").status_code == 404


def test_the_longest_slug_has_a_cover(client: FlaskClient) -> None:
    assert client.get(f"/sampul/{'a' * 255}.svg").status_code == 200


def test_sehat_asks_nothing_of_anything(client: FlaskClient) -> None:
    with statements() as seen:
        answer = client.get("/sehat")
    assert (answer.status_code, answer.text, seen) == (200, "ok\n", [])


def test_ready_says_whether_a_worker_lives(client: FlaskClient) -> None:
    answer = client.get("/sehat/siap")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": True, "migrations": True, "worker": False, "space": True},
    )
    with transaction() as session:
        session.add(WorkerBeat(name="pekerja-1", seen_at=now()))
    assert client.get("/sehat/siap").json == {"database": True, "migrations": True, "worker": True, "space": True}
    assert answer.headers["Cache-Control"] == "no-store"


def test_old_tables_are_not_ready(client: FlaskClient) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/sehat/siap")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": True, "migrations": False, "worker": False, "space": True},
    )
    assert client.get("/sehat").status_code == 200


def test_a_missing_database_is_not_ready_and_tells_nothing_of_itself(make_app: Callable[..., Flask]) -> None:
    gone = make_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg://tuntas:rahasia@127.0.0.1:1/tuntas")
    answer = gone.test_client().get("/sehat/siap")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": False, "migrations": False, "worker": False, "space": True},
    )
    assert gone.test_client().get("/sehat").status_code == 200


def test_a_full_disk_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=49 * 2**20))
    answer = client.get("/sehat/siap")
    assert (answer.status_code, answer.json["space"]) == (503, False)


def test_robots_keep_out_of_what_is_personal(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /v/", "Disallow: /admin"} <= set(lines)


def test_there_is_a_favicon(client: FlaskClient) -> None:
    with client.get("/favicon.ico") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
