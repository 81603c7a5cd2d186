"""The blueprint of all pages of courses."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("courses", __name__)
