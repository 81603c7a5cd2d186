"""`/metrics` for a scraper, and the page of a long task."""

from __future__ import annotations

import hmac
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import anyone, current_user, signed_in
from app.events.access import task_for_viewer
from app.events.metrics import exposition
from app.events.tasks import KINDS

bp = Blueprint("events", __name__)


@bp.get("/metrics")
@anyone
def metrics() -> Response:
    """For a scraper on this machine, or one that knows the token. 404 for everyone else: it is nobody's business."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    local = request.remote_addr in {"127.0.0.1", "::1"} and not request.headers.get("X-Forwarded-For")
    if not (local or (token and hmac.compare_digest(given.encode(), token.encode()))):
        abort(404)
    return Response(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@bp.get("/pekerjaan/<uuid:task_id>")
@signed_in
def task(task_id: UUID) -> ResponseReturnValue:
    """How far it is; read again every few seconds until it is finished."""
    found = task_for_viewer(task_id, current_user)
    return render_template("events/task.html", task=found, kind=KINDS[found.kind])
