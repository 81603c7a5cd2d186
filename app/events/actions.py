"""What an operator does with failed deliveries. Only rows change; the relay and the workers see to the rest."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from app.core import clock
from app.core.db import HasId, action, db
from app.core.errors import Refused
from app.events.deliveries import changed
from app.events.facts import event
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import emit
from app.events.totals import add_to_totals


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
    attempts = db.session.scalar(select(StoredDelivery.attempts).where(*_failed(event_id, receiver)).with_for_update())
    if attempts is None:
        raise Refused(_("Pekerjaan ini tidak lagi gagal. Muat ulang halaman untuk melihat keadaannya."))
    db.session.execute(
        update(StoredDelivery)
        .where(*_failed(event_id, receiver))
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
    add_to_totals(receiver, failed_attempts=attempts, given_up=1)
    emit(DeliveryRetried(event_id=str(event_id), receiver=receiver), actor=actor)


@action
def retry_all(receiver: str | None = None, *, actor: HasId | None = None) -> int:
    """Retries every failed delivery (of that receiver); answers how many."""
    query = select(StoredDelivery.event_id, StoredDelivery.receiver).where(
        StoredDelivery.status == DeliveryStatus.FAILED
    )
    if receiver is not None:
        query = query.where(StoredDelivery.receiver == receiver)
    found = db.session.execute(query).all()
    for event_id, name in found:
        retry(event_id, name, actor=actor)
    return len(found)


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
