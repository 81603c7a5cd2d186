"""Every test gets a database of its own: a copy of a migrated SQLite file, or an emptied PostgreSQL one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

import config
from app import create_app
from app.core.db import db
from tests import servers
from tests.facts import drain_all
from tests.fakes import Postbox, postbox
from tests.shared import SharedApps

TEMPLATES = FileSystemBytecodeCache()
"""Compiled templates are kept between apps."""
POSTGRES = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"


@pytest.fixture(scope="session")
def workdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tuntas")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL server, one a test process."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(workdir: Path) -> Iterator[str]:
    """A private redis-server."""
    with servers.redis(workdir / "redis") as url:
        yield url


def _make_app(url: str, instance: Path, **overrides: object) -> Flask:
    instance.mkdir(parents=True, exist_ok=True)
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": instance, **overrides})
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_g)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


SHARED = SharedApps(_make_app)


def _forget_g() -> None:
    """Requests inside the open context of the `app` fixture share its `g`; outside of tests each has its own."""
    for name in list(g):
        g.pop(name)


def _migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(workdir: Path) -> Path:
    """A SQLite database on which all migrations ran."""
    path = workdir / "template.db"
    _migrate(_make_app(f"sqlite:///{path}", workdir / "template", SQLITE_SYNCHRONOUS="OFF"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str, workdir: Path) -> str:
    _migrate(_make_app(postgres_url, workdir / "template-pg"))
    return postgres_url


@pytest.fixture(scope="session")
def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo school in it. Who comes first makes it; the other test processes wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "school"
    with (shared / "school.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = shared / "school-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _seed(migrated_file, unfinished)
            unfinished.rename(folder)
    return folder


def _seed(migrated_file: Path, folder: Path) -> None:
    """As `make run` does it; `largest-journal` keeps how large SQLite's journal has grown meanwhile."""
    folder.mkdir()
    shutil.copy(migrated_file, folder / "tuntas.db")
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    settings = {"TUNTAS_PROFILE": "development", "INSTANCE": str(folder), "FLASK_APP": "wsgi"}
    command = [sys.executable, "-m", "flask", "seed", "demo"]
    largest = 0
    with subprocess.Popen(command, cwd=config.ROOT, env=kept | settings) as process:
        while process.poll() is None:
            with suppress(FileNotFoundError):
                largest = max(largest, (folder / "tuntas.db-wal").stat().st_size)
            time.sleep(0.02)
    assert process.returncode == 0
    (folder / "largest-journal").write_text(str(largest))


@pytest.fixture
def database(request: pytest.FixtureRequest, workdir: Path) -> Iterator[str]:
    """The address of the test's own database, migrated and empty. It is the same for all tests of this process."""
    if POSTGRES:
        url = request.getfixturevalue("migrated_postgres")
        yield url
        servers.empty(url)
        return
    shutil.copy(request.getfixturevalue("migrated_file"), workdir / "test.db")
    yield f"sqlite:///{workdir / 'test.db'}"
    for file in workdir.glob("test.db*"):
        file.unlink()


@pytest.fixture
def make_app(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Builds apps on this test's database, for this test alone; keyword arguments are settings."""
    made = []

    def build(**overrides: object) -> Flask:
        app = _make_app(database, tmp_path / "instance", SQLITE_SYNCHRONOUS="OFF", **overrides)
        made.append(app)
        return app

    yield build
    for app in made:
        _let_go(app)


@pytest.fixture
def lend_app(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Opens the context of an app with these settings. Other tests get the same one: add no routes."""
    with ExitStack() as ending:

        def lend(**settings: object) -> Flask:
            app = SHARED.lend(database, tmp_path / "instance", SQLITE_SYNCHRONOUS="OFF", **settings)
            ending.callback(_let_go, app)
            ending.enter_context(app.app_context())
            return app

        yield lend


@pytest.fixture
def app(lend_app: Callable[..., Flask]) -> Flask:
    """The app, with its context open."""
    return lend_app()


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def _post() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
def box(_post: Postbox) -> Postbox:
    """A mail server of the outside world, with nothing in it."""
    _post.forget()
    return _post


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript. CSRF tokens are sent by `tests.pages`, as forms do."""
    return app.test_client()


@pytest.fixture
def drain(app: Flask) -> Callable[[], int]:
    """Runs what is due, until nothing is; raises what a receiver raised."""
    return drain_all
