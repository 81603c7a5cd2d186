"""A small world of facts and receivers for the kernel's tests: it counts what happened in a table of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import JSON, String, column, delete, insert, select, table, update

from app.core import clock
from app.core.db import action, db, transaction
from app.events import Delivery, RecordedEvent, emit, event, receiver
from app.events.models import DeliveryStatus, StoredDelivery

# Effects are written into `settings`, a plain table that every database has: key = what happened, value = JSON.
effects = table("settings", column("key", String), column("value", JSON))


@event("sample.happened", aggregate=("sample", "sample_id"))
class Happened:
    """Something happened in a test."""

    sample_id: int
    note: str = ""
    at: datetime | None = None


@event("sample.followed", aggregate=("sample", "sample_id"))
class Followed:
    """Stated by the inline receiver of `Happened`."""

    sample_id: int


@event("sample.deepened", aggregate=("sample", "sample_id"))
class Deepened:
    """Causes itself, to a depth."""

    sample_id: int
    depth: int


@event("sample.mailed", aggregate=("sample", "sample_id"))
class Mailed:
    """Wants an outside effect."""

    sample_id: int
    folder: str


@event("sample.throttled", aggregate=("sample", "sample_id"))
class Throttled:
    """Wants something whose rate nobody has set."""

    sample_id: int


@event("sample.timed", aggregate=("sample", "sample_id"))
class Timed:
    """Wants something done at a moment."""

    sample_id: int
    moment: datetime


@action
def happen(sample_id: int, note: str = "") -> None:
    """Writes a row and states the fact."""
    note_effect(f"did-{sample_id}")
    emit(Happened(sample_id=sample_id, note=note))


def note_effect(key: str) -> None:
    """One row an effect: a second one with the same key breaks the primary key."""
    db.session.execute(insert(effects).values(key=key, value=1))


def noted() -> set[str]:
    """The effects so far."""
    return set(db.session.scalars(select(effects.c.key)))


@receiver(Happened, name="sample_inline")
def follow(event: Happened, delivery: Delivery) -> None:
    if event.note == "raise inline":
        raise LookupError("as asked")
    note_effect(f"inline-{event.sample_id}")
    emit(Followed(sample_id=event.sample_id))


given_up: list[UUID] = []


def _note_given_up(event: Happened, delivery: Delivery) -> None:
    note_effect(f"given-up-{event.sample_id}")


@receiver(Happened, queue="default", tries=3, backoff=(10, 20), failed=_note_given_up, name="sample_queued")
def react(event: Happened, delivery: Delivery) -> None:
    if event.note == "raise":
        raise LookupError("as asked")
    if event.note == "raise once" and delivery.attempt == 1:
        raise LookupError("once")
    note_effect(f"queued-{event.sample_id}")


@receiver(Followed, queue="notifications", name="sample_after_followed")
def react_to_followed(event: Followed, delivery: Delivery) -> None:
    note_effect(f"after-{event.sample_id}")


@receiver(Deepened, name="sample_deepen")
def deepen(event: Deepened, delivery: Delivery) -> None:
    emit(Deepened(sample_id=event.sample_id, depth=event.depth + 1))


@receiver(Mailed, queue="notifications", effect="external", tries=3, backoff=(1,), timeout=5, name="sample_mail")
def mail(event: Mailed, delivery: Delivery) -> None:
    """Appends the key to a file: the outside world, in which nothing can be taken back."""
    with (Path(event.folder) / "sent").open("a") as sent:
        sent.write(f"{delivery.key}\n")


@receiver(Mailed, queue="notifications", rate=60, name="sample_rated")
def rated(event: Mailed, delivery: Delivery) -> None:
    note_effect(f"rated-{event.sample_id}")


@receiver(Throttled, queue="default", rate="RATE_THAT_IS_NOT_SET", name="sample_throttled")
def throttled(event: Throttled, delivery: Delivery) -> None:
    note_effect(f"throttled-{event.sample_id}")


@receiver(Timed, queue="default", at=lambda fact: fact.moment, name="sample_timer")
def ring_timer(event: Timed, delivery: Delivery) -> None:
    note_effect(f"timer-{event.sample_id}")


@receiver(Happened, queue="audit", batch=10, name="sample_batch")
def batch(events: list[RecordedEvent]) -> None:
    if any(each.payload["note"] == "raise in batch" for each in events):
        raise LookupError("as asked")
    for each in events:
        note_effect(f"batch-{each.aggregate_id}")


def many_given_up(count: int) -> None:
    """So many deliveries to `sample_queued` that have failed for good."""
    with transaction():
        for number in range(count):
            happen(number)
    with transaction() as session:
        session.execute(delete(StoredDelivery).where(StoredDelivery.receiver != "sample_queued"))
        values = {"status": DeliveryStatus.FAILED, "attempts": 3, "due_at": None, "finished_at": clock.now()}
        session.execute(update(StoredDelivery).values(**values, last_error="LookupError: as asked"))


def visibility() -> float:
    seconds: float = current_app.config["EVENTS_VISIBILITY"]
    return seconds
