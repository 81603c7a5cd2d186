"""How often a receiver may run: the generic cell rate algorithm, its state in the database for all workers together.

Receivers that name the same setting share its rate.

Source: ITU-T I.371, Annex A (virtual scheduling). `next_at` is the theoretical arrival time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.once import insert_once
from app.events.models import DeliveryStatus, ReceiverRate, StoredDelivery
from app.events.registry import RECEIVERS, Receiver

BURST = 5
"""So many may run at once after a quiet time."""


def wait_for_turn(receiver: Receiver) -> datetime | None:
    """Takes a turn and answers None; else the moment at which the delivery, behind those that wait, has its turn."""
    if receiver.rate is None:
        return None
    rate = current_app.config[receiver.rate] if isinstance(receiver.rate, str) else receiver.rate
    interval = timedelta(minutes=1) / rate
    present = clock.now()
    shared = str(receiver.rate) if isinstance(receiver.rate, str) else receiver.name
    insert_once(ReceiverRate, receiver=shared, next_at=present)
    row = db.session.get_one(ReceiverRate, shared, with_for_update=True)
    free = max(row.next_at, present)
    early = free - present - interval * (BURST - 1)
    if early <= timedelta(0):
        row.next_at = free + interval
        return None
    ahead = db.session.scalar(
        select(func.count()).where(
            StoredDelivery.receiver.in_(_who_shares(receiver)),
            StoredDelivery.status == DeliveryStatus.PENDING,
            StoredDelivery.due_at.is_not(None),
            StoredDelivery.available_at > present,
        )
    )
    return present + early + interval * (ahead or 0)


def _who_shares(receiver: Receiver) -> list[str]:
    if not isinstance(receiver.rate, str):
        return [receiver.name]
    return [each.name for each in RECEIVERS.values() if each.rate == receiver.rate]
