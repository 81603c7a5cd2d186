"""Stating facts: staged on the session, written in the transaction that caused them."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert
from sqlalchemy.orm import Session, SessionTransaction

from app.core import clock
from app.core.db import HasId, committing, db, id_of
from app.core.ids import uuid7
from app.events.facts import RecordedEvent, event_type, payload_of
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.events.registry import receivers_of
from app.events.steps import step

INLINE = "inline"
"""What stands in the `queue` column of a receiver that has none."""

handling: ContextVar[RecordedEvent | None] = ContextVar("handling", default=None)
"""The fact whose receiver is running here: the cause of what is stated now."""


# Built once: what a statement costs to build is more than what it costs to run.
_INSERT_EVENTS = insert(StoredEvent)
_INSERT_DELIVERIES = insert(StoredDelivery)


class Staged(NamedTuple):
    record: RecordedEvent
    fact: Any
    within: tuple[SessionTransaction, ...]


def emit(fact: Any, *, actor: HasId | None = None) -> None:
    """States the fact: it becomes true, with its deliveries, when the outermost transaction commits.

    What a rolled-back savepoint stated is dropped with it. Without an actor it is the actor of the fact being handled,
    else the system. Raises RuntimeError outside a transaction, ValueError for a row that has no id yet.
    """
    session = db.session()
    if not session.info.get("writing"):
        raise RuntimeError(f"{type(fact).__name__} stated outside an @action")
    if current_app.config["EVENTS_ENABLED"] == "off":
        return
    kind = event_type(type(fact))
    aggregate_id = getattr(fact, kind.aggregate_field)
    if aggregate_id is None:
        raise ValueError(f"{kind.name}: {kind.aggregate_field} is None; flush before you state it")
    staged: list[Staged] = session.info.setdefault("staged", [])
    cause, event_id = handling.get(), uuid7()
    if actor is not None:
        actor_id, actor_type = id_of(actor), "user"
    elif cause is not None:
        actor_id, actor_type = cause.actor_id, cause.actor_type
    else:
        actor_id, actor_type = None, "system"
    record = RecordedEvent(
        event_id=event_id,
        event_name=kind.name,
        version=kind.version,
        aggregate_type=kind.aggregate_type or fact.aggregate_type,
        aggregate_id=str(aggregate_id),
        actor_id=actor_id,
        actor_type=actor_type,
        occurred_at=clock.now(),
        correlation_id=cause.correlation_id if cause else staged[0].record.correlation_id if staged else event_id,
        causation_id=cause.event_id if cause else None,
        payload=payload_of(fact, kind),
    )
    staged.append(Staged(record, fact, tuple(_open_transactions(session))))


def _open_transactions(session: Session) -> list[SessionTransaction]:
    found = []
    inner = session.get_nested_transaction() or session.get_transaction()
    while inner is not None:
        found.append(inner)
        inner = inner.parent
    return found


@sqlalchemy_event.listens_for(db.session, "after_soft_rollback")
def _drop_rolled_back(session: Session, ended: SessionTransaction) -> None:
    staged = session.info.get("staged")
    if staged:
        staged[:] = [each for each in staged if ended not in each.within]


@committing.connect
def _write_staged(session: Session) -> None:
    """The last step of the outermost transaction: one INSERT for the facts, one for their deliveries."""
    session.flush()
    staged: list[Staged] = session.info.pop("staged", [])
    session.info["written"] = staged
    if not staged:
        return
    step("outbox.staged")
    connection = session.connection()
    connection.execute(_INSERT_EVENTS, [_event_row(each.record) for each in staged])
    deliveries = [row for each in staged for row in _delivery_rows(each)]
    if deliveries:
        connection.execute(_INSERT_DELIVERIES, deliveries)
    step("outbox.written")


def _event_row(record: RecordedEvent) -> dict[str, Any]:
    return {
        "id": record.event_id,
        "name": record.event_name,
        "version": record.version,
        "aggregate_type": record.aggregate_type,
        "aggregate_id": record.aggregate_id,
        "subject_id": record.payload.get("user_id"),
        "actor_id": record.actor_id,
        "actor_type": record.actor_type,
        "correlation_id": record.correlation_id,
        "causation_id": record.causation_id,
        "occurred_at": record.occurred_at,
        "payload": record.payload,
    }


def _delivery_rows(staged: Staged) -> list[dict[str, Any]]:
    """Inline and rung-for ones are born due a little later: whoever should run them now gets the first chance."""
    present = clock.now()
    later = present + timedelta(seconds=current_app.config["EVENTS_VISIBILITY"])
    rings = current_app.extensions["events"].transport.rings
    rows = []
    for each in receivers_of(staged.record.event_name):
        available = each.at(staged.fact) if each.at else present
        if available is None:
            continue
        awaited = each.queue is None or (rings and each.is_rung_for)
        rows.append(
            {
                "event_id": staged.record.event_id,
                "receiver": each.name,
                "queue": each.queue or INLINE,
                "status": DeliveryStatus.PENDING,
                "attempts": 0,
                "sends": 0,
                "available_at": available,
                "due_at": later if awaited else available,
            }
        )
    return rows


def written_by(session: Session) -> list[Staged]:
    """Takes what the last committed transaction of the session stated."""
    written: list[Staged] = session.info.pop("written", [])
    return written


class Ring(NamedTuple):
    """What a transport carries: which delivery, the attempts so far, and whether nobody had it before."""

    event_id: UUID
    receiver: str
    attempts: int
    fresh: bool
