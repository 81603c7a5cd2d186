"""Readies the database in one process: `python -m launcher.prepare`. All of it may be done again at any time.

Development: every migration, then the demo school. Production: every migration, then, while there is no admin, a
one-time link for the first one; a database with demo accounts is refused.
"""

from __future__ import annotations

from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade
from sqlalchemy import ColumnElement, exists, select, text

from app import create_app
from app.accounts.models import Role, User
from app.admin.checks import refuse_grave
from app.core.db import db
from launcher import note
from launcher.trouble import say


def main() -> None:
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
    main()
