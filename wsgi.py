"""What gunicorn and `flask` load."""

import config
from app import create_app

try:
    app = create_app()
except config.WrongSettings as error:
    # The operator reads what is wrong and its cure, not a traceback: `flask check` says so too.
    raise SystemExit(f"Tuntas tidak dapat berjalan: {error}") from error
