"""The blueprint, and what every page and every request has of accounts."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import OperationalError

from app.accounts import access, actions
from app.accounts.access import viewer
from app.accounts.models import Theme
from app.accounts.words import role_name, zone_name
from app.core.clock import now

bp = Blueprint("accounts", __name__)
bp.before_app_request(access.enforce)
bp.add_app_template_filter(role_name)
bp.add_app_template_filter(zone_name)


@bp.record_once
def _introduce_reader(state: BlueprintSetupState) -> None:
    state.app.extensions["reader"] = viewer


@bp.app_context_processor
def _who_reads() -> dict[str, Any]:
    user = viewer()
    return {"current_user": user, "theme": user.theme if user else Theme.AUTO, "has_errand": _has_errand}


def _has_errand() -> bool:
    """Whether the reader has to do something first: then links to other pages of the account lead nowhere."""
    found = access.visit()
    return found is not None and access.first_errand(found) is not None


@bp.after_app_request
def _note_last_seen(response: Response) -> Response:
    visit = g.get("visit")
    if visit is not None and not visit.awaits_code and now() - visit.last_seen_at > actions.SEEN_EVERY:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        # When the answer has left, in a session of its own: no page waits for this write, none fails with it.
        response.call_on_close(partial(_touch, app, visit.session_id))
    return response


def _touch(app: Flask, session_id: int) -> None:
    with app.app_context(), suppress(OperationalError):
        actions.touch_session(session_id)
