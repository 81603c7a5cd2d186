"""Gunicorn's settings for the floor: where to listen; the rest stands on the command line."""

import os

bind = f"{os.environ['HOST']}:{os.environ['PORT']}"
errorlog = "-"
loglevel = "warning"
