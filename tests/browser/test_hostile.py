"""Hostile data and hostile sites, before a real browser: nothing runs, nothing is asked of another host."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import cycle
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Request

from app import create_app
from app.core.db import db
from tests.browser.conftest import School, log_in
from tests.browser.test_pages import addresses
from tests.security.texts import fill

pytestmark = pytest.mark.browser

CANARY = "canary.test"
PAYLOADS = (
    f'"><img src=//{CANARY}/a onerror="window.__xss=1"><script>window.__xss=1;alert(1)</script>',
    "'-alert(1)-'\"><svg onload=window.__xss=1><iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    f"[x](javascript:window.__xss=1) ![y](http://{CANARY}/b) </title><script src=//{CANARY}/c></script>{{{{7*7}}}}",
)
SPARED = {"users.email", "outgoing_mails.html"}
"""With one people sign in, the other is downloaded as a file."""


def poison(school: School) -> None:
    """Puts a payload into every text that somebody may have written, the next row gets the next one."""
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": school.database, "INSTANCE": school.folder})
    payloads = cycle(PAYLOADS)
    with app.app_context():
        for markdown in (False, True):
            fill(lambda _name: next(payloads), markdown=markdown, spared=SPARED)
        db.engine.dispose()


def upload_people(page: Page) -> list[str]:
    """Three tables that wait for their import; answers their pages."""
    log_in(page, "admin@demo.test")
    found = []
    for number in range(3):
        page.goto("/admin/peserta/impor")
        table = f"Nama;NIS\nAyu {number};777{number}\nBudi {number};x y\nCitra {number};778{number}\n"
        page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": table.encode()})
        page.get_by_role("button", name="Unggah dan periksa").click()
        page.get_by_text("Periksa dulu").wait_for()
        found.append(urlsplit(page.url).path)
    return found


STRANGE = "script:not([src]), [onerror], [onload], iframe[srcdoc], a[href^='javascript:'], [src*='canary']"


def test_t_xss_01_nothing_that_is_stored_runs_in_a_browser(school: School, open_page: Callable[..., Page]) -> None:
    pages = addresses(school)
    pages["admin@demo.test"] += upload_people(open_page())
    poison(school)
    told: list[str] = []
    shown = 0

    def refuse(dialog: Dialog) -> None:
        told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note(request: Request) -> None:
        if CANARY in request.url:
            told.append(request.url)

    for person, paths in pages.items():
        page = open_page()
        page.on("dialog", refuse)
        page.on("request", note)
        if person != "guest":
            log_in(page, person)
        for path in paths:
            answer = page.goto(path)
            told += [f"{path}: {answer.status}"] if answer and answer.status >= 500 else []
            if page.evaluate("'__xss' in window"):
                told.append(f"{path}: a script ran")
            shown += "__xss" in page.inner_text("body")
            strange = page.eval_on_selector_all(STRANGE, "all => all.map(each => each.outerHTML)")
            told += [f"{path}: {each}" for each in strange]
    assert told == []
    assert shown > 20, "the pages do not show what was stored"


class _Framer(BaseHTTPRequestHandler):
    """A page of another site that frames ours."""

    target = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<iframe src='{self.target}'></iframe>".encode())

    def log_message(self, *_arguments: object) -> None:
        """Silent."""


def test_t_hdr_03_no_other_site_frames_our_pages(school: School, chromium: object) -> None:
    _Framer.target = f"{school.address}/masuk"
    with HTTPServer(("127.0.0.1", 0), _Framer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()  # type: ignore[attr-defined]
        refusals: list[str] = []
        page.on("console", lambda message: refusals.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        frame = page.frames[-1]
        assert "masuk" not in frame.url
        assert frame.locator("form").count() == 0
        assert any("frame-ancestors" in each for each in refusals)
        page.close()
        server.shutdown()


def test_t_hdr_04_back_after_signing_out_shows_nothing_of_the_person(
    school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    log_in(page, "peserta@demo.test")
    page.goto("/akun")
    assert page.get_by_text("peserta@demo.test").count() > 0
    page.evaluate("document.querySelector(\"form[action='/keluar']\").submit()")
    page.wait_for_url("**/masuk")
    page.go_back()
    page.wait_for_load_state()
    assert page.get_by_text("peserta@demo.test").count() == 0
