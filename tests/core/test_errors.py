"""What a browser sees of refusals and errors."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
from flask import Flask, abort, get_flashed_messages
from sqlalchemy import text

from app.accounts.access import anyone
from app.core.db import transaction
from app.core.errors import Refused, StorageFull
from app.core.settings import Setting


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app with a view that refuses, one that breaks, one without a policy and one for every code."""
    app = make_app(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)

    @app.route("/benda/1/tolak", methods=["GET", "POST"])
    @anyone
    def refusing() -> str:
        raise Refused("Tidak bisa sekarang.", "title")

    @app.get("/rusak")
    @anyone
    def breaking() -> str:
        raise ZeroDivisionError("rahasia")

    @app.get("/kode/<int:code>")
    @anyone
    def coded(code: int) -> str:
        abort(code)

    @app.route("/penuh/<where>", methods=["GET", "POST"])
    @anyone
    def filling(where: str) -> str:
        if where == "berkas":
            raise OSError(errno.ENOSPC, "No space left on device")
        with transaction() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.execute(text("PRAGMA max_page_count = 1"))  # no page more than there are
                session.add(Setting(key="besar", value="x" * 1_000_000))
            else:
                session.execute(text("DO $$ BEGIN RAISE 'no space left' USING ERRCODE = 'disk_full'; END $$"))
        return "tersimpan"

    @app.get("/tanpa-aturan")
    def forgotten() -> str:
        return "rahasia"

    return app


def test_behind_a_button_a_refusal_is_a_message_on_the_page_one_came_from(app: Flask) -> None:
    with app.test_client() as client:
        answer = client.post("/benda/1/tolak", headers={"Referer": "http://localhost/kursus?q=x"})
        assert (answer.status_code, answer.location) == (303, "/kursus?q=x")
        assert get_flashed_messages(with_categories=True) == [("danger", "Tidak bisa sekarang.")]


def test_without_a_referrer_it_is_on_the_page_of_the_object(app: Flask) -> None:
    assert app.test_client().post("/benda/1/tolak").location == "/benda/1"


def test_a_page_that_is_refused_never_redirects(app: Flask) -> None:
    answer = app.test_client().get("/benda/1/tolak")
    assert answer.status_code == 422
    assert "Tidak bisa sekarang." in answer.text


def test_a_machine_gets_the_refusal_as_json(app: Flask) -> None:
    answer = app.test_client().post("/benda/1/tolak", json={})
    assert answer.status_code == 422
    assert answer.json == {"error": "Tidak bisa sekarang.", "field": "title"}


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503])
def test_every_error_has_a_page_and_a_json_form(app: Flask, code: int) -> None:
    page = app.test_client().get(f"/kode/{code}")
    assert page.status_code == code
    assert page.mimetype == "text/html"
    answer = app.test_client().get(f"/kode/{code}", headers={"Accept": "application/json"})
    assert answer.status_code == code
    assert set(answer.json) == {"error"}
    assert answer.json["error"].endswith(".")  # a sentence: the phrases of HTTP, which are English, have no full stop
    assert f"Galat {code}" in page.text or code > 500


def test_t_inf_01_what_broke_is_not_told(app: Flask) -> None:
    answer = app.test_client().get("/rusak")
    assert answer.status_code == 500
    assert "rahasia" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("where", ["berkas", "basis-data"])
def test_a_full_disk_says_so(app: Flask, where: str) -> None:
    page = app.test_client().post(f"/penuh/{where}")
    assert page.status_code == 503
    assert "Ruang simpan server penuh" in page.text
    answer = app.test_client().post(f"/penuh/{where}", json={})
    assert (answer.status_code, answer.json) == (503, {"error": StorageFull().sentence})


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    answer = app.test_client().get("/keluar")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "Alamat ini bukan halaman" in answer.text
    assert "tekan tombolnya" in answer.text


def test_a_view_without_a_policy_is_not_served(app: Flask) -> None:
    answer = app.test_client().get("/tanpa-aturan")
    assert answer.status_code == 500
    assert "rahasia" not in answer.text


def test_every_view_has_a_policy(app: Flask) -> None:
    known = {"static", "asset", "forgotten"}
    assert [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in known and not hasattr(view, "policy")
    ] == []
