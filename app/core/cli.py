"""The operator's command for a copy of the database."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.db import db


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Salin basis data SQLite ke FILE, juga saat Tuntas berjalan."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("Basis data ini PostgreSQL: pakai pg_dump.")
    if file.exists():
        raise click.ClickException(f"{file} sudah ada. Pilih nama lain.")
    os.umask(0o077)  # a copy is as private as the original
    with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))
    click.echo(f"Tersalin: {file.resolve()} ({file.stat().st_size:,} byte)".replace(",", "."))


commands = (backup,)
