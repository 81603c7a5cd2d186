"""Readies the database in one process: `python -m launcher.prepare`. All of it may be done again at any time.

Development: every migration, then the demo school. Production: every migration, then, while there is no admin, a
one-time link for the first one; a database with demo accounts is refused.
"""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade
from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.accounts.models import Role, User
from app.admin.checks import refuse_grave
from app.core.db import db
from app.core.errors import StorageFull, is_full
from launcher import note
from launcher.trouble import say


def main() -> int:
    """Readies the database; answers the exit code. A refusal and a full disk are one line on the terminal."""
    try:
        prepare()
    except click.ClickException as refusal:
        say(refusal.message)
        return 1
    except (OSError, SQLAlchemyError, StorageFull) as error:
        if not is_full(error):
            raise
        say("Disk penuh: kosongkan ruang, lalu jalankan lagi.")
        return 1
    return 0


def prepare() -> None:
    app = create_app()
    with app.app_context():
        upgrade()
        finished = _ready_real(app) if app.config["PROFILE"] == "production" else _ready_demo(app)
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if finished:
        note.write(app.config["INSTANCE"], str(version))


def _ready_demo(app: Flask) -> bool:
    _command(app, "seed", "demo")
    return True


def _ready_real(app: Flask) -> bool:
    """Whether there is an admin already. Raises SystemExit for what is grave, as a database with demo accounts."""
    refuse_grave()
    if _has_people(User.role == Role.LMS_ADMIN):
        return True
    say("Belum ada admin. Siapkan akunnya lewat tautan ini:")
    _command(app, "create-admin")
    return False


def _has_people(condition: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(condition))))


def _command(app: Flask, *words: str) -> None:
    """`flask <words>` in this process, on this app."""
    app.cli.main(list(words), prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    sys.exit(main())
