"""`flask backup`: a whole copy of the database, as private as the original."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.core.db import db
from tests import make


@pytest.fixture(autouse=True)
def _on_sqlite(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("pg_dump copies PostgreSQL")


def test_a_copy_holds_what_the_database_holds(app: Flask, tmp_path: Path) -> None:
    make.user(email="ayu@contoh.test")
    copy = tmp_path / "cadangan.db"
    done = app.test_cli_runner().invoke(args=["backup", str(copy)])
    assert (done.exit_code, "Tersalin" in done.output) == (0, True)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("ayu@contoh.test",)]
    assert copy.stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_left_alone(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "cadangan.db"
    copy.write_text("milik saya")
    done = app.test_cli_runner().invoke(args=["backup", str(copy)])
    assert (done.exit_code, "sudah ada" in done.output) == (1, True)
    assert copy.read_text() == "milik saya"
