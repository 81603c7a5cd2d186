"""Where the benchmarks run: a private SQLite file and a private PostgreSQL server, migrated, empty at every start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.core.db import db
from tests import servers

VISIBILITY = 15.0
SYNCHRONOUS = "NORMAL"


@dataclass(frozen=True)
class Place:
    """A database to measure on."""

    name: str
    url: str
    folder: Path

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def template(self) -> Path:
        return self.folder / "template.db"


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """A SQLite file in the folder."""
    folder.mkdir(parents=True)
    place = Place("SQLite", f"sqlite:///{folder / 'bench.db'}", folder)
    _migrate(place)
    (folder / "bench.db").rename(place.template)
    yield place


@contextmanager
def postgres(folder: Path) -> Iterator[Place]:
    """A PostgreSQL server of its own, fsync off as in the tests."""
    folder.mkdir(parents=True)
    with servers.postgres() as url:
        place = Place("PostgreSQL", url, folder)
        _migrate(place)
        yield place


def make_app(place: Place, **settings: object) -> Flask:
    """An app on the place's database, as it is."""
    return create_app(
        "testing",
        {
            "SQLALCHEMY_DATABASE_URI": place.url,
            "INSTANCE": place.folder,
            "SQLITE_SYNCHRONOUS": SYNCHRONOUS,
            "EVENTS_VISIBILITY": VISIBILITY,
            **settings,
        },
    )


def _migrate(place: Place) -> None:
    app = make_app(place)
    with app.app_context():
        upgrade()
        _let_go(place)


def _let_go(place: Place) -> None:
    """Closes every connection; the SQLite file is then complete in itself."""
    db.session.remove()
    if place.is_sqlite:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    db.engine.dispose()


def empty(place: Place) -> None:
    """The place as it was after the migrations."""
    if place.is_sqlite:
        path = place.folder / "bench.db"
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        shutil.copy(place.template, path)
    else:
        servers.empty(place.url)


@contextmanager
def fresh(place: Place, **settings: object) -> Iterator[Flask]:
    """An app on the emptied database, with its context open."""
    empty(place)
    app = make_app(place, **settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def modes(place: Place) -> str:
    """How durable the place is: the figures depend on it."""
    app = make_app(place)
    with app.app_context(), db.engine.connect() as connection:
        if place.is_sqlite:
            journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
            level = connection.execute(text("PRAGMA synchronous")).scalar_one()
            found = f"SQLite: {journal.upper()}, synchronous {('OFF', 'NORMAL', 'FULL')[level]}"
        else:
            version = connection.execute(text("SHOW server_version")).scalar_one()
            fsync = connection.execute(text("SHOW fsync")).scalar_one()
            found = f"PostgreSQL {version}: fsync {fsync}"
    return found
