"""Batched receivers: many facts in one call and one commit; a batch that fails is tried row by row."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, and_, select, update

from app.core import clock
from app.core.db import transaction
from app.events.deliveries import EVENT_COLUMNS, deliver_or_leave, recorded
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.events.outbox import Ring
from app.events.registry import RECEIVERS, Receiver
from app.events.steps import step

log = logging.getLogger(__name__)

BATCH_SENDS = 1
"""A row that was sent more often than this without an answer may be what kills the worker: it goes alone."""


def drain(name: str) -> None:
    """Calls the batched receiver until nothing fresh waits for it."""
    receiver = RECEIVERS[name]
    size = receiver.batch or 1
    while True:
        with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
            step("drain.begun")
            try:
                count = _drain_once(receiver, size)
            except Exception:
                log.exception("a batch of %s failed, trying row by row", name)
                count = _deliver_singly(receiver, size)
        if count < size:
            return


def _fresh(receiver: Receiver) -> ColumnElement[bool]:
    return and_(
        StoredDelivery.receiver == receiver.name,
        StoredDelivery.due_at.is_not(None),
        StoredDelivery.status == DeliveryStatus.PENDING,
        StoredDelivery.attempts == 0,
        StoredDelivery.sends <= BATCH_SENDS,
        StoredDelivery.available_at <= clock.now(),
    )


def _drain_once(receiver: Receiver, size: int) -> int:
    started = time.perf_counter()
    with transaction() as session:
        rows = (
            session.connection()
            .execute(
                select(*EVENT_COLUMNS)
                .join(StoredDelivery, StoredDelivery.event_id == StoredEvent.id)
                .where(_fresh(receiver))
                .order_by(StoredDelivery.event_id)
                .limit(size)
                .with_for_update(of=StoredDelivery, skip_locked=True)
            )
            .all()
        )
        if not rows:
            return 0
        receiver.call([recorded(row) for row in rows])
        step("drain.effected")
        session.execute(
            update(StoredDelivery)
            .where(StoredDelivery.receiver == receiver.name, StoredDelivery.event_id.in_([row.id for row in rows]))
            .values(
                status=DeliveryStatus.DONE,
                attempts=1,
                due_at=None,
                finished_at=clock.now(),
                duration_ms=(time.perf_counter() - started) * 1000 / len(rows),
            ),
            execution_options={"synchronize_session": False},
        )
    step("drain.done")
    return len(rows)


def _deliver_singly(receiver: Receiver, size: int) -> int:
    ids: list[UUID] = []
    with transaction() as session:
        ids.extend(
            session.scalars(
                select(StoredDelivery.event_id).where(_fresh(receiver)).order_by(StoredDelivery.event_id).limit(size)
            )
        )
    for event_id in ids:
        deliver_or_leave(Ring(event_id, receiver.name, 0, False))
    return len(ids)
