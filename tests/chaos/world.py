"""The facts and receivers of the chaos. Only its processes import this: the product's map stays clean.

Every effect is a row whose key ends at random, so that a second one is not refused but counted.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import JSON, String, column, insert, table

from app.core import clock, mail
from app.core.db import action, db
from app.events import Delivery, RecordedEvent, emit, event, receiver
from tests.chaos import plan

effects = table("settings", column("key", String), column("value", JSON))

running = threading.local()
"""`name` is the receiver that this thread called last: a plug may wait for it."""


@event("chaos.acted", aggregate=("chaos", "number"))
class Acted:
    """Somebody did something and was told so."""

    number: int
    timed_at: datetime


@event("chaos.followed", aggregate=("chaos", "number"))
class Followed:
    """Stated by an inline receiver."""

    number: int


@event("chaos.echoed", aggregate=("chaos", "number"))
class Echoed:
    """Stated by a queued receiver."""

    number: int


class Stumbled(RuntimeError):
    """As planned."""


@action
def act(number: int) -> None:
    """One row and one fact; everything else follows."""
    _note("did", number)
    emit(Acted(number=number, timed_at=clock.now() + timedelta(seconds=1)))


def _note(what: str, number: int) -> None:
    db.session.execute(insert(effects).values(key=f"{what}:{number}:{os.urandom(8).hex()}", value=1))


@receiver(Acted, name="chaos_inline", timeout=1)
def follow(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_inline"
    _note("inline", event.number)
    emit(Followed(number=event.number))


@receiver(Acted, name="chaos_stumbling_inline", tries=20, backoff=(0.2,), timeout=1)
def stumble_inline(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_stumbling_inline"
    if plan.stumbles_inline(event.number):
        if delivery.attempt == 1:
            raise Stumbled
        _note("stumbled_inline", event.number)


@receiver(Acted, queue="default", name="chaos_queued", tries=20, timeout=1)
def echo(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_queued"
    _note("queued", event.number)
    emit(Echoed(number=event.number))


@receiver(Echoed, queue="certificates", name="chaos_echoed", tries=20, timeout=1)
def hear_echo(event: Echoed, delivery: Delivery) -> None:
    running.name = "chaos_echoed"
    _note("echoed", event.number)


@receiver(Acted, queue="default", name="chaos_stumbling", tries=20, backoff=(0.2,), timeout=1)
def stumble(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_stumbling"
    if plan.stumbles_queued(event.number):
        if delivery.attempt == 1:
            raise Stumbled
        _note("stumbled_queued", event.number)


def _note_given_up(event: Acted, delivery: Delivery) -> None:
    _note("given_up", event.number)


@receiver(Acted, queue="default", name="chaos_hopeless", tries=2, backoff=(0.2,), timeout=1, failed=_note_given_up)
def despair(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_hopeless"
    if plan.is_hopeless(event.number):
        raise Stumbled


@receiver(Followed, queue="notifications", name="chaos_followed", tries=20, timeout=1)
def react_to_followed(event: Followed, delivery: Delivery) -> None:
    running.name = "chaos_followed"
    _note("followed", event.number)


@receiver(Acted, queue="notifications", name="chaos_rated", rate=30_000, tries=20, timeout=1)
def take_turns(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_rated"
    _note("rated", event.number)


@receiver(Acted, queue="default", name="chaos_timed", at=lambda fact: fact.timed_at, tries=20, timeout=1)
def come_due(event: Acted, delivery: Delivery) -> None:
    running.name = "chaos_timed"
    _note("timed", event.number)


@receiver(Acted, queue="audit", batch=20, name="chaos_batch", tries=20, timeout=1)
def collect(events: list[RecordedEvent]) -> None:
    running.name = "chaos_batch"
    for each in events:
        _note("batched", int(each.aggregate_id))


@receiver(Acted, queue="notifications", effect="external", name="chaos_mail", tries=20, backoff=(0.5,), timeout=1)
def send_mail(event: Acted, delivery: Delivery) -> None:
    """A mail, or without a server a line in a file: the outside world, in which nothing can be taken back."""
    running.name = "chaos_mail"
    if mail.is_configured():
        subject, key = f"act {event.number}", mail.message_id(delivery.key)
        mail.send(mail.Letter("Chaos", "siti@contoh.test", subject, text="", html="", message_id=key))
        return
    append(Path(current_app.config["CHAOS_FOLDER"]) / "mailed", event.number)


def append(path: Path, number: int) -> None:
    """One line in one write, on the disk before this returns."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(file, f"{number}\n".encode())
    os.fsync(file)
    os.close(file)
