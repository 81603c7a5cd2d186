"""Lihat sebagai peserta: once the address says so, the links between the pages of a course say so too."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

from app.courses.views.blueprint import bp

PAGES = {"courses.detail", "progress.lesson", "progress.study"}


@bp.app_url_defaults
def stay_a_learner(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in PAGES and has_request_context() and request.endpoint in PAGES and "sebagai" in request.args:
        values.setdefault("sebagai", "peserta")
