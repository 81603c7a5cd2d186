"""Headers, forged requests, hosts, own addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from app.core import security
from app.core.security import allow_frame, came_from, safe_next
from tests import make
from tests.pages import Person

HOSTILE = [
    "", " ", "//e", "///e", "////e", r"/\e", r"\/e", r"\\e", r"/\/e", "/\\\\e", "https:e", "https://e", "HTTPS://e",
    "http:/e", "https:///e", "javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///etc",
    "ftp://e", "mailto:a@b", "e", "e.com", "www.e.com", "@e", "?next=x", "#x", ".", "..", "../x", "\t/e", "/\t/e",
    "/\n/e", "/\r\n/e", "\n//e", "/\x00/e", "/\x0b/e", "/\u2028/e", " /e", "\u00a0//e", "http://[", "//[", "/\x7f",
    "/\u200e\\e", "https://localhost@e", "//localhost", "//localhost:80/x", "https://localhost/kursus",
]  # fmt: skip
CONTROLS = st.characters(whitelist_categories=("Cc", "Cs", "Zl", "Zp"))


@pytest.mark.parametrize("target", HOSTILE)
def test_t_red_01_a_hostile_next_leads_home(target: str) -> None:
    assert safe_next(target) == "/"


@pytest.mark.parametrize(
    "target", ["/", "/kursus", "/kursus?q=a%20b&halaman=2", "/kursus/dasar-k3#materi", "/a:b", "/x?u=https://e"]
)
def test_an_own_path_is_kept(target: str) -> None:
    assert safe_next(target) == target


@given(st.text(alphabet=st.sampled_from("/\\:@.?#eE\t\n\r htps"), max_size=12))
def test_what_passes_is_a_path_of_this_site_for_every_browser(target: str) -> None:
    passed = safe_next(target)
    assert passed.startswith("/")
    assert not passed.startswith("//")
    assert "\\" not in passed
    assert passed.isprintable()


def _came_from(app: Flask, path: str, referrer: str | None) -> str:
    headers = {"Referer": referrer} if referrer is not None else {}
    with app.request_context(EnvironBuilder(path=path, method="POST", headers=headers).get_environ()):
        return came_from()


def test_one_goes_back_to_the_own_page_one_came_from(app: Flask) -> None:
    assert _came_from(app, "/kursus/a/ikuti", "http://localhost/kursus/a?x=1") == "/kursus/a?x=1"


@pytest.mark.parametrize(
    "referrer", [None, "https://jahat.test/x", "//x", "http://[", "http://localhost/kursus/a/ikuti"]
)
def test_without_one_one_goes_to_the_page_of_the_object(app: Flask, referrer: str | None) -> None:
    assert _came_from(app, "/kursus/a/ikuti", referrer) == "/kursus/a"


def test_t_hdr_01_every_answer_wears_the_headers(client: FlaskClient) -> None:
    for path in ("/kursus", "/tidak-ada", "/masuk", "/static/img/favicon.svg", "/media/x", "/keluar"):
        with client.get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == security.CONTENT_SECURITY_POLICY, path
        assert {name: headers[name] for name in security.HEADERS} == security.HEADERS, path
        assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    headers = client.get("/masuk", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_t_hdr_04_a_signed_in_page_is_not_stored(app: Flask) -> None:
    person = Person(app)
    person.logs_in(str(make.user().email))
    assert person.opens("/akun").response.headers["Cache-Control"] == "no-store"


def test_a_frame_is_allowed_for_one_answer_only(app: Flask) -> None:
    with app.test_request_context("/"):
        allow_frame("https://www.youtube-nocookie.com")
        allowed = app.process_response(app.response_class("x", mimetype="text/html"))
    assert allowed.headers["Content-Security-Policy"].endswith("; frame-src https://www.youtube-nocookie.com")
    assert "frame-src" not in app.test_client().get("/masuk").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Origin": "null"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://jahat.test"}, 403),
        ({"Origin": "http://localhost.jahat.test"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_t_csr_03_a_write_of_another_site_is_refused(
    make_app: Callable[..., Flask], headers: dict[str, str], status: int
) -> None:
    client = make_app(WTF_CSRF_ENABLED=False).test_client()
    answered = client.post("/keluar", headers=headers).status_code
    assert answered == (303 if status == 302 else status)


def test_t_aut_07_an_unknown_host_is_refused(make_app: Callable[..., Flask]) -> None:
    client = make_app(TRUSTED_HOSTS=["belajar.sch.id"]).test_client()
    assert client.get("/masuk", base_url="http://belajar.sch.id").status_code == 200
    answer = client.get("/masuk", base_url="http://jahat.test")
    assert (answer.status_code, answer.data) == (400, b"400 Bad Request\n")
    assert client.get("/masuk", headers={"X-Forwarded-Host": "belajar.sch.id"}).status_code == 400


def test_a_proxy_is_believed_only_when_it_was_named(make_app: Callable[..., Flask]) -> None:
    told = {"X-Forwarded-For": "10.0.0.9", "X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in make_app().test_client().get("/masuk", headers=told).headers
    assert "Strict-Transport-Security" in make_app(PROXIES=1).test_client().get("/masuk", headers=told).headers


@pytest.mark.parametrize(
    "path", ["/kursus/%00", "/media/a%00b", "/belajar/%00", "/sertifikat/%00.pdf", "/v/%00", "/belajar/x/99999999999"]
)
def test_an_address_that_cannot_be_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
