"""A served demo school and a real Chromium."""

from __future__ import annotations

import os
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import warm
from tests.servers import free_port, program

expect.set_options(timeout=15_000)  # two cores that run the whole suite may need more than the usual 5 s

SHOTS = Path(__file__).parent / "shots"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=[*FLAGS])
        yield browser
        browser.close()


class School:
    """A demo school on a port of this machine, with or without a worker."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.database = f"sqlite:///{folder / 'tuntas.db'}"
        self.environment = {
            **os.environ,
            "TUNTAS_PROFILE": "development",
            "INSTANCE": str(folder),
            "DATABASE_URL": self.database,
            "BASE_URL": self.address,
            "EVENTS_VISIBILITY": "2",
            "QUEUE": "embedded",
            "FLASK_APP": "wsgi",
        }

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Inside the block a `flask worker` runs."""
        process = warm.start_module("flask", "worker", environment=self.environment)
        try:
            yield
        finally:
            warm.stop(process)


@pytest.fixture
def school(seeded_file: Path, tmp_path: Path) -> Iterator[School]:
    """A demo school of the test's own."""
    with serve(seeded_file, tmp_path) as served:
        yield served


@contextmanager
def serve(seeded_file: Path, room: Path) -> Iterator[School]:
    """A copy of the demo school, served by gunicorn as in real life."""
    folder = room / "instance"
    shutil.copytree(seeded_file, folder)
    port = free_port()
    served = School(folder, port)
    told = ("-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "wsgi:app")
    process = warm.start_module("gunicorn", *told, environment=served.environment)
    try:
        _wait_for(f"{served.address}/sehat")
        yield served
    finally:
        warm.stop(process)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address):
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer within 15 s")


@pytest.fixture
def open_page(chromium: Browser, school: School) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own browser profile; violations of the CSP and script errors fail the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(width: int = 1280, theme: str = "light", javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=school.address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
            locale="id-ID",
        )
        # Nothing outside is reached, with or without a network; the CSP is asked before a request is made.
        context.route(lambda url: not url.startswith(school.address), lambda route: route.abort())
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def log_in(page: Page, email: str) -> None:
    """Signs in as a demo account."""
    page.goto("/masuk")
    page.get_by_label("Email atau nama pengguna").fill(email)
    page.locator("input[type=password]").fill("tuntas-demo")
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/")
