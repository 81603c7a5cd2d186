"""What gunicorn loads as the floor."""

import os

from bench.pages.floor import make_app

app = make_app(os.environ["DATABASE_URL"])
