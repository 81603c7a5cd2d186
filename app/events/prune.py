"""Finished deliveries are counted and forgotten after some days; facts and failed deliveries stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, tuple_

from app.core import clock
from app.core.db import transaction
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.totals import add_to_totals

STEP = 5000


def prune() -> int:
    """Moves deliveries that were done `EVENTS_KEEP_DAYS` ago into `receiver_totals`. Answers how many."""
    before = clock.now() - timedelta(days=current_app.config["EVENTS_KEEP_DAYS"])
    pruned = 0
    while count := _prune_some(before):
        pruned += count
    return pruned


def _prune_some(before: datetime) -> int:
    with transaction() as session:
        old = (
            select(StoredDelivery.event_id, StoredDelivery.receiver)
            .where(StoredDelivery.finished_at < before, StoredDelivery.status == DeliveryStatus.DONE)
            .limit(STEP)
        )
        keys = [tuple(row) for row in session.execute(old)]
        if not keys:
            return 0
        chosen = tuple_(StoredDelivery.event_id, StoredDelivery.receiver).in_(keys)
        sums = session.execute(
            select(
                StoredDelivery.receiver,
                func.count(),
                func.sum(StoredDelivery.attempts - 1),
                func.sum(StoredDelivery.duration_ms),
            )
            .where(chosen)
            .group_by(StoredDelivery.receiver)
        ).all()
        for receiver, delivered, failed, duration in sums:
            add_to_totals(receiver, delivered=delivered, failed_attempts=failed, duration_ms=duration)
        session.execute(sql_delete(StoredDelivery).where(chosen), execution_options={"synchronize_session": False})
    return len(keys)
