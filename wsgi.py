"""What gunicorn and `flask` load."""

import click

import config
from app import create_app
from app.admin.checks import refuse_grave
from app.core.db import db

try:
    app = create_app()
except config.WrongSettings as error:
    # The operator reads what is wrong and its cure, not a traceback: `flask check` says so too.
    raise SystemExit(f"Tuntas tidak dapat berjalan: {error}") from error

command = click.get_current_context(silent=True)
if command is None or command.info_name == "run":
    # A server loads us, and not one of the commands that mend what is grave. gunicorn forks after this: the connection
    # of the question is not for its children.
    with app.app_context():
        try:
            refuse_grave()
        finally:
            db.engine.dispose()
