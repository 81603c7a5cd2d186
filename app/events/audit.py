"""The audit log: every audited fact as a row, chained by HMAC to the row before.

row.hash = HMAC-SHA256(key, previous hash + canonical JSON of the row), and the head carries HMAC-SHA256(key, its seq
and hash). Who cannot read the key cannot alter, remove or cut off rows without `verify()` naming the first one. What it
cannot see is a whole database put back to an earlier day; keep an export elsewhere for that.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import committed, db
from app.events.facts import EVENTS, RecordedEvent
from app.events.models import AuditEntry, AuditHead, DeliveryStatus, ReceiverTotal, StoredDelivery
from app.events.registry import ANY, receiver

log = logging.getLogger("tuntas.events")

START = "0" * 64
VERIFY_STEP = 5000

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_INSERT_ENTRIES = insert(AuditEntry)


class ChainState(NamedTuple):
    """`checked` rows are in order; `broken_at` is the first that is not, with the reason, or None."""

    checked: int
    broken_at: int | None
    reason: str


@receiver(ANY, queue="audit", batch=500, tries=10, name="record_audit")
def record_audit(events: list[RecordedEvent]) -> None:
    """Adds the facts to the log, in one INSERT, and moves the locked head."""
    session = db.session()
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1).with_for_update()).one()
    seq, previous = head.seq, head.hash
    key, created = _key(), clock.now()
    rows = []
    for each in events:
        seq += 1
        row = _row(seq, each, created)
        row["hash"] = previous = _hash(key, previous, row)
        rows.append(row)
    session.connection().execute(_INSERT_ENTRIES, rows)
    moved = {"seq": seq, "hash": previous, "seal": _seal(key, seq, previous)}
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(moved))
    session.info["audited"] = events


@committed.connect
def _log_audited(session: Session) -> None:
    """Each row also goes as one JSON line to the logger `tuntas.events`."""
    for each in session.info.pop("audited", ()):
        log.info(json.dumps(each.to_dict(), ensure_ascii=True, default=str))


def _key() -> bytes:
    key: str = current_app.config["AUDIT_KEY"]
    return key.encode()


def _row(seq: int, record: RecordedEvent, created: datetime) -> dict[str, Any]:
    kind = EVENTS.get(record.event_name)
    return {
        "seq": seq,
        "event_id": record.event_id,
        "event_name": record.event_name,
        "aggregate_type": record.aggregate_type,
        "aggregate_id": record.aggregate_id,
        "actor_id": record.actor_id,
        "severity": kind.severity if kind else "info",
        "details": record.payload,
        "occurred_at": record.occurred_at,
        "created_at": created,
    }


def _hash(key: bytes, previous: str, row: dict[str, Any]) -> str:
    body = _canonical(
        [
            row["seq"],
            row["event_id"].hex,
            row["event_name"],
            row["aggregate_type"],
            row["aggregate_id"],
            row["actor_id"],
            row["severity"],
            row["details"],
            row["occurred_at"].isoformat(),
            row["created_at"].isoformat(),
        ]
    )
    return hmac.digest(key, (previous + body).encode(), "sha256").hex()


def _seal(key: bytes, seq: int, last: str) -> str:
    return hmac.digest(key, f"head {seq} {last}".encode(), "sha256").hex()


def verify() -> ChainState:
    """Recalculates the whole chain, in steps that keep memory small."""
    head = db.session.execute(
        select(AuditHead.seq, AuditHead.hash, AuditHead.seal).where(AuditHead.id == 1)
    ).one_or_none()
    if head is None:
        return ChainState(0, 1, "missing")
    key, previous, checked = _key(), START, 0
    while rows := list(_rows_after(checked)):
        for row in rows:
            if row.seq != checked + 1:
                return ChainState(checked, checked + 1, "missing")
            if not hmac.compare_digest(_hash(key, previous, row._asdict()), row.hash):
                return ChainState(checked, row.seq, "altered")
            checked, previous = row.seq, row.hash
    if checked < max(head.seq, _written()):
        return ChainState(checked, checked + 1, "missing")
    if (head.seq, head.hash) != (checked, previous) or (checked and head.seal != _seal(key, checked, previous)):
        return ChainState(checked, checked, "altered")
    return ChainState(checked, None, "")


def _written() -> int:
    """How many facts the receiver has put into the log: it is as long as that."""
    done = select(func.count()).where(
        StoredDelivery.receiver == "record_audit", StoredDelivery.status == DeliveryStatus.DONE
    )
    pruned = select(ReceiverTotal.delivered).where(ReceiverTotal.receiver == "record_audit")
    return (db.session.scalar(done) or 0) + (db.session.scalar(pruned) or 0)


def _rows_after(seq: int) -> Iterable[Any]:
    columns = [AuditEntry.__table__.c[name] for name in COLUMNS]
    return db.session.execute(select(*columns).where(AuditEntry.seq > seq).order_by(AuditEntry.seq).limit(VERIFY_STEP))


COLUMNS = (
    "seq",
    "event_id",
    "event_name",
    "aggregate_type",
    "aggregate_id",
    "actor_id",
    "severity",
    "details",
    "occurred_at",
    "created_at",
    "hash",
)
