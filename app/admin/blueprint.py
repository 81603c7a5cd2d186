"""The panel's blueprint, and what all of its pages know."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.admin import words
from app.events.queries import failed_count

bp = Blueprint("admin", __name__)


@bp.context_processor
def _panel() -> dict[str, Any]:
    return {"words": words, "admin_counts": {"admin.queue": failed_count()}}
