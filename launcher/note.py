"""The note that a database is ready, so that a start need not load the app a second time to find out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import config

NAME = "prepared"


def write(instance: Path, version: str) -> None:
    """Notes that the database stands at `version` with the newest migration of this code, and nothing is left to do."""
    (instance / NAME).write_text(f"{_newest_migration()} {version}\n")


def is_done(instance: Path, database_url: str) -> bool:
    """Whether a SQLite database is known to be ready. False means: ask; PostgreSQL is always asked."""
    note, database = instance / NAME, Path(database_url.removeprefix("sqlite:///"))
    if not database_url.startswith("sqlite:///") or not database.exists() or not note.exists():
        return False
    try:
        with closing(sqlite3.connect(database)) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return False
    return version is not None and note.read_text() == f"{_newest_migration()} {version[0]}\n"


def _newest_migration() -> str:
    return max(path.name for path in (config.ROOT / "migrations" / "versions").glob("*.py"))
