"""Looks at what the faults left behind: what was promised and is missing, what happened twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import JSON, String, column, func, select, table

from app import create_app
from app.core.db import db
from app.events import audit
from app.events.models import AuditEntry, DeliveryStatus, StoredDelivery, StoredEvent
from tests.chaos import plan

# Python 3.11 can break off with a SystemError when two threads parse code, as werkzeug does for its routes.
_building = threading.Lock()

effects = table("settings", column("key", String), column("value", JSON))


@dataclass
class Verdict:
    """`lost` and `doubled` are sentences, one a finding; mails may be doubled, never lost."""

    acknowledged: int = 0
    unacknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    duplicate_mails: int = 0


@contextmanager
def looking(settings: dict[str, Any]) -> Iterator[Flask]:
    """An app on that database, which only reads."""
    with _building:
        app = create_app("testing", settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def open_deliveries() -> int:
    """How many deliveries somebody has still to look at."""
    query = select(func.count()).select_from(StoredDelivery).where(StoredDelivery.due_at.is_not(None))
    count = db.session.scalar(query) or 0
    db.session.rollback()
    return count


def judge(folder: Path) -> Verdict:
    """Compares the plan with the database and the outside world. Needs an app context."""
    verdict = Verdict()
    counts = Counter(tuple(key.split(":")[:2]) for key in db.session.scalars(select(effects.c.key)) if ":" in key)
    facts: Counter[tuple[str, str]] = Counter()
    for name, number in db.session.execute(select(StoredEvent.name, StoredEvent.aggregate_id)):
        facts[name, number] += 1
    mails = Counter(plan.mailed(folder))
    told = plan.acknowledged(folder)
    done = {int(number) for what, number in counts if what == "did"}
    verdict.acknowledged, verdict.unacknowledged = len(told), len(done - told)
    for number in sorted(told | done):
        _judge_act(verdict, number, counts, facts, mails)
    _judge_strays(verdict, told | done, counts, facts, mails)
    _judge_audit(verdict)
    _judge_failures(verdict)
    verdict.duplicate_mails = sum(mails.values()) - len(mails)
    return verdict


def _judge_act(verdict: Verdict, number: int, counts: Counter[Any], facts: Counter[Any], mails: Counter[int]) -> None:
    for what in plan.effects_of(number):
        _once(verdict, f"effect {what} of act {number}", counts[what, str(number)])
    for name in plan.FACTS:
        _once(verdict, f"fact {name} of act {number}", facts[name, str(number)])
    if not mails[number]:
        verdict.lost.append(f"mail of act {number}")


def _once(verdict: Verdict, what: str, times: int) -> None:
    if times == 0:
        verdict.lost.append(what)
    elif times > 1:
        verdict.doubled.append(f"{what}: {times} times")


def _judge_strays(
    verdict: Verdict, known: set[int], counts: Counter[Any], facts: Counter[Any], mails: Counter[int]
) -> None:
    """An act without its row left nothing at all: an effect without its cause counts as a lost row."""
    strays = {int(number) for _what, number in counts} | set(mails)
    strays |= {int(number) for name, number in facts if name in plan.FACTS}
    verdict.lost.extend(f"the row of act {number}, which has effects" for number in sorted(strays - known))


def _judge_audit(verdict: Verdict) -> None:
    logged = Counter(db.session.scalars(select(AuditEntry.event_id)))
    for event_id in db.session.scalars(select(StoredEvent.id)):
        _once(verdict, f"audit row of {event_id}", logged[event_id])
    state = audit.verify()
    if state.broken_at is not None:
        verdict.lost.append(f"the audit chain at {state.broken_at}: {state.reason}")


def _judge_failures(verdict: Verdict) -> None:
    """Only the hopeless are given up; a delivery that was given up otherwise is a loss."""
    rows = db.session.execute(
        select(StoredDelivery.receiver, StoredEvent.aggregate_id, StoredDelivery.last_error)
        .join(StoredEvent, StoredEvent.id == StoredDelivery.event_id)
        .where(StoredDelivery.status != DeliveryStatus.DONE)
    )
    for receiver, number, error in rows:
        if receiver != "chaos_hopeless" or not plan.is_hopeless(int(number)):
            verdict.lost.append(f"{receiver} of {number}: {error}")
