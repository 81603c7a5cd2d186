"""What is past due is sent again: deliveries that nobody took, retries, timers, leases of processes that died."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, case, select, tuple_, update

from app.core import clock
from app.core.db import db, transaction
from app.events.batches import BATCH_SENDS
from app.events.deliveries import Hold, record_failure
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import INLINE, Ring
from app.events.registry import RECEIVERS, Receiver
from app.events.steps import step

DOUBLINGS = 6
"""The interval between two sends of an unanswered delivery grows up to visibility × 2⁶ (16 minutes at 15 s)."""

# Built once, since building a statement costs more than running it.
_DUE = select(
    StoredDelivery.event_id,
    StoredDelivery.receiver,
    StoredDelivery.queue,
    StoredDelivery.attempts,
    StoredDelivery.sends,
).where(StoredDelivery.due_at <= bindparam("present"))
_DUE_OF_SOME = _DUE.where(StoredDelivery.receiver.in_(bindparam("receivers", expanding=True)))
_DUE_OF_OTHERS = _DUE.where(StoredDelivery.receiver.not_in(bindparam("receivers", expanding=True)))


def tick(limit: int, *, only: Collection[str] | None = None, without: Collection[str] | None = None) -> list[Ring]:
    """Takes up to `limit` deliveries that are due (of those receivers, or of all others) and answers them, to be sent.

    Each is made due again, later: who takes it and dies loses nothing. A delivery whose process died on its last try
    is given up here. When nothing is due it costs one index probe.
    """
    claimed = _claim(limit, only, without)
    if claimed:
        step("relay.claimed")
    rings = []
    for row in claimed:
        receiver = RECEIVERS.get(row.receiver)
        if receiver is None:
            _give_up_unknown(row)
            continue
        if row.attempts >= receiver.tries:
            died = Hold(row.event_id, receiver, DeliveryStatus.PENDING, row.attempts, row.attempts)
            record_failure(died, "WorkerDied: the process ended while it ran this")
        else:
            rings.append(Ring(row.event_id, row.receiver, row.attempts, _is_fresh(row, receiver)))
    return rings


def _give_up_unknown(row: Any) -> None:
    """A receiver that the code does not have any more: its deliveries are shown as failed, not waited for."""
    with transaction() as session:
        session.execute(
            update(StoredDelivery)
            .where(StoredDelivery.event_id == row.event_id, StoredDelivery.receiver == row.receiver)
            .values(
                status=DeliveryStatus.FAILED,
                due_at=None,
                finished_at=clock.now(),
                last_error="UnknownReceiver: nothing in the code is called so",
            ),
            execution_options={"synchronize_session": False},
        )


def _is_fresh(row: Any, receiver: Receiver) -> bool:
    """Nobody had it before: where the transport does not ring, the relay's first send is the first of all."""
    if receiver.batch:
        return bool(row.attempts == 0 and row.sends < BATCH_SENDS)
    rings = current_app.extensions["events"].transport.rings
    return bool(row.attempts == row.sends == 0 and row.queue != INLINE and not rings)


def _claim(limit: int, only: Collection[str] | None, without: Collection[str] | None) -> Sequence[Any]:
    present = clock.now()
    due = _DUE_OF_SOME if only is not None else _DUE_OF_OTHERS if without is not None else _DUE
    wanted = {"present": present, "receivers": list(only or without or ())}
    nothing = db.session.connection().execute(due.limit(1), wanted).first() is None
    db.session.rollback()
    if nothing:
        return []
    with transaction() as session:
        rows = session.execute(
            due.order_by(StoredDelivery.due_at, StoredDelivery.event_id).limit(limit).with_for_update(skip_locked=True),
            wanted,
        ).all()
        session.execute(
            update(StoredDelivery)
            .where(
                tuple_(StoredDelivery.event_id, StoredDelivery.receiver).in_(
                    [(row.event_id, row.receiver) for row in rows]
                )
            )
            .values(status=DeliveryStatus.PENDING, sends=StoredDelivery.sends + 1, due_at=_next_look(present)),
            execution_options={"synchronize_session": False},
        )
    return rows


def _next_look(present: datetime) -> Any:
    visibility = timedelta(seconds=current_app.config["EVENTS_VISIBILITY"])
    looks = {sends: present + visibility * 2**sends for sends in range(DOUBLINGS)}
    return case(looks, value=StoredDelivery.sends, else_=present + visibility * 2**DOUBLINGS)
