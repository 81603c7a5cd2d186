"""What went wrong is a fact too: an unexpected error of a request, or a delivery that was given up."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, got_request_exception, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.db import db, transaction
from app.events.facts import event
from app.events.models import StoredEvent
from app.events.outbox import emit

log = logging.getLogger(__name__)

QUIET = timedelta(minutes=1)


@event("action.failed", aggregate=("action", "action"), severity="error")
class ActionFailed:
    """A page answered 500, or a delivery failed for the last time. At most once a minute per action."""

    action: str
    error: str


def init_app(app: Flask) -> None:
    got_request_exception.connect(_state_request_failure, app, weak=False)


def state_failure(action: str, error: str) -> None:
    """States `ActionFailed` inside the open transaction, unless the same action failed within the last minute."""
    action = action[:50]
    last = db.session.scalar(
        select(StoredEvent.occurred_at)
        .where(StoredEvent.aggregate_type == "action", StoredEvent.aggregate_id == action)
        .order_by(StoredEvent.seq.desc())
        .limit(1)
    )
    if last is None or last < clock.now() - QUIET:
        emit(ActionFailed(action=action, error=error[:200]))


def _state_request_failure(app: Flask, exception: BaseException, **_extra: Any) -> None:
    """The error page comes first: where the database itself is what failed, the log alone keeps the failure."""
    db.session.rollback()
    try:
        with app.app_context(), transaction():
            state_failure(request.endpoint or request.path, type(exception).__name__)
    except SQLAlchemyError:
        log.exception("the failure of %s could not be stored", request.endpoint)
