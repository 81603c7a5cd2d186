"""`/metrics`: for a scraper on this machine, or one that knows the token."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, current_app, request

from app.accounts.access import anyone
from app.events.metrics import exposition

bp = Blueprint("events", __name__)


@bp.get("/metrics")
@anyone
def metrics() -> Response:
    """404 for everyone else: that there are metrics is nobody's business."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    local = request.remote_addr in {"127.0.0.1", "::1"} and not request.headers.get("X-Forwarded-For")
    if not (local or (token and hmac.compare_digest(given.encode(), token.encode()))):
        abort(404)
    return Response(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
