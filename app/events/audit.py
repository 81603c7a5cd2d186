"""The audit log: every audited fact as a row, chained by HMAC to the row before.

row.hash = HMAC-SHA256(key, previous hash + canonical JSON of the row). Who cannot read the key cannot alter, remove or
cut off rows without `verify()` naming the first one.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import insert, select, update

from app.core import clock
from app.core.db import db
from app.events.facts import EVENTS, RecordedEvent
from app.events.models import AuditEntry, AuditHead
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
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=previous))
    if log.isEnabledFor(logging.INFO):
        for each in events:
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


def verify() -> ChainState:
    """Recalculates the whole chain, in steps that keep memory small."""
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)).one()
    key, previous, checked = _key(), START, 0
    while rows := list(_rows_after(checked)):
        for row in rows:
            if row.seq > head.seq:
                break
            if row.seq != checked + 1:
                return ChainState(checked, checked + 1, "missing")
            if not hmac.compare_digest(_hash(key, previous, row._asdict()), row.hash):
                return ChainState(checked, row.seq, "altered")
            checked, previous = row.seq, row.hash
        else:
            continue
        break
    if checked < head.seq:
        return ChainState(checked, checked + 1, "missing")
    if previous != head.hash:
        return ChainState(checked, checked, "altered")
    return ChainState(checked, None, "")


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
