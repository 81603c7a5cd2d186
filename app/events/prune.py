"""What a worker tidies up once an hour. Finished deliveries are counted and forgotten after some days; facts and failed
deliveries stay. Higher packages add what is theirs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, tuple_

from app.core import clock
from app.core.db import transaction
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.totals import add_to_totals

log = logging.getLogger(__name__)

STEP = 5000

Chore = Callable[[], int]
CHORES: list[Chore] = []


def chore(function: Chore) -> Chore:
    """Makes the function one that every worker calls at its start and once an hour; it answers how many rows went."""
    CHORES.append(function)
    return function


def tidy() -> None:
    """Does all chores; one that fails keeps none of the others from being done."""
    for each in CHORES:
        try:
            each()
        except Exception:
            log.exception("%s failed, as it was tidying up", each.__name__)


@chore
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
