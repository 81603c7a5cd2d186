"""What an operator does with failed deliveries. Only rows change; the relay and the workers see to the rest."""

from __future__ import annotations

import time
from collections import Counter
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, tuple_, update

from app.core import clock
from app.core.db import HasId, action, db
from app.core.errors import Refused
from app.events.deliveries import changed
from app.events.facts import event
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import emit
from app.events.tasks import STEP_ROWS
from app.events.totals import add_to_totals

BREATH = 0.03
"""Seconds between two steps: other processes ask SQLite for its lock now and then, and would always find it taken."""


@event("delivery.retried", aggregate=("delivery", "event_id"), severity="warning")
class DeliveryRetried:
    """Somebody sent a given-up delivery on its way again."""

    event_id: str
    receiver: str


@event("delivery.discarded", aggregate=("delivery", "event_id"), severity="warning")
class DeliveryDiscarded:
    """Somebody decided that a given-up delivery need not happen."""

    event_id: str
    receiver: str
    reason: str


@action
def retry(event_id: UUID, receiver: str, *, actor: HasId | None = None) -> None:
    """The failed delivery is due now as if it were new, with all its tries before it.

    Raises Refused when it is not a failed one.
    """
    if not _retry_some([(event_id, receiver)], actor):
        raise Refused(_("Pekerjaan ini tidak lagi gagal. Muat ulang halaman untuk melihat keadaannya."))


def retry_all(receiver: str | None = None, error: str | None = None, *, actor: HasId | None = None) -> int:
    """Retries every failed delivery (of that receiver, for that class of error); answers how many.

    Each hundred is a transaction of its own, so that others write in between. Others may retry the same at once.
    """
    query = select(StoredDelivery.event_id, StoredDelivery.receiver).where(
        StoredDelivery.status == DeliveryStatus.FAILED
    )
    if receiver is not None:
        query = query.where(StoredDelivery.receiver == receiver)
    if error is not None:
        query = query.where(StoredDelivery.last_error.startswith(f"{error}:", autoescape=True))
    keys = [(event_id, name) for event_id, name in db.session.execute(query)]
    retried = 0
    for start in range(0, len(keys), STEP_ROWS):
        if start:
            time.sleep(BREATH)
        retried += _retry_some(keys[start : start + STEP_ROWS], actor)
    return retried


@action
def _retry_some(keys: list[tuple[UUID, str]], actor: HasId | None) -> int:
    """Those of the deliveries that are still failed; answers how many."""
    key = tuple_(StoredDelivery.event_id, StoredDelivery.receiver)
    rows = db.session.execute(
        select(StoredDelivery.event_id, StoredDelivery.receiver, StoredDelivery.attempts)
        .where(key.in_(keys), StoredDelivery.status == DeliveryStatus.FAILED)
        .with_for_update(skip_locked=True)
    ).all()
    db.session.execute(
        update(StoredDelivery)
        .where(key.in_([(row.event_id, row.receiver) for row in rows]))
        .values(
            status=DeliveryStatus.PENDING,
            attempts=0,
            sends=0,
            available_at=clock.now(),
            due_at=clock.now(),
            finished_at=None,
            duration_ms=None,
        ),
        execution_options={"synchronize_session": False},
    )
    for name, count in Counter(row.receiver for row in rows).items():
        attempts = sum(row.attempts for row in rows if row.receiver == name)
        add_to_totals(name, failed_attempts=attempts, given_up=count)
    for row in rows:
        emit(DeliveryRetried(event_id=str(row.event_id), receiver=row.receiver), actor=actor)
    return len(rows)


@action
def discard(event_id: UUID, receiver: str, reason: str, *, actor: HasId | None = None) -> None:
    """The failed delivery will not happen; the reason stays. Raises Refused without one, or when it did not fail."""
    if not reason.strip():
        raise Refused(_("Tulis alasannya, agar orang lain mengerti keputusan ini."), field="reason")
    gone = update(StoredDelivery).where(*_failed(event_id, receiver))
    if not changed(db.session, gone.values(status=DeliveryStatus.DISCARDED, finished_at=clock.now())):
        raise Refused(_("Pekerjaan ini tidak lagi gagal. Muat ulang halaman untuk melihat keadaannya."))
    emit(DeliveryDiscarded(event_id=str(event_id), receiver=receiver, reason=reason.strip()), actor=actor)


def _failed(event_id: UUID, receiver: str) -> tuple[ColumnElement[bool], ...]:
    return (
        StoredDelivery.event_id == event_id,
        StoredDelivery.receiver == receiver,
        StoredDelivery.status == DeliveryStatus.FAILED,
    )
