"""Receivers that take their time, for the worker's tests. `flask worker` loads them through FLASK_APP."""

from __future__ import annotations

import time
from pathlib import Path

from app import create_app
from app.core.db import action
from app.events import Delivery, emit, event, receiver
from tests.events.sample import note_effect

__all__ = ["create_app"]


@event("slow.worked", aggregate=("slow", "number"))
class Worked:
    """Wants a database effect that takes long, within its limit or beyond it."""

    number: int
    seconds: float
    folder: str


@event("slow.limited", aggregate=("slow", "number"))
class Limited:
    """Wants a database effect that may take a second."""

    number: int
    seconds: float


@event("slow.sent", aggregate=("slow", "number"))
class Sent:
    """Wants an outside effect that is silent for long."""

    number: int
    seconds: float
    folder: str


@event("slow.asked", aggregate=("slow", "number"))
class Asked:
    """Wants something quick."""

    number: int


@action
def state(fact: object) -> None:
    emit(fact)


@receiver(Worked, queue="default", timeout=300, name="slow_work")
def work(event: Worked, delivery: Delivery) -> None:
    note_effect(f"worked-{event.number}")
    (Path(event.folder) / "started").touch()
    time.sleep(event.seconds)


@receiver(Limited, queue="default", timeout=1, tries=2, backoff=(0.1,), name="slow_limited")
def work_within_limits(event: Limited, delivery: Delivery) -> None:
    note_effect(f"limited-{event.number}")
    time.sleep(event.seconds)


@receiver(Sent, queue="notifications", effect="external", timeout=300, name="slow_send")
def send(event: Sent, delivery: Delivery) -> None:
    (Path(event.folder) / "started").touch()
    time.sleep(event.seconds)


@receiver(Asked, queue="default", name="slow_answer")
def answer(event: Asked, delivery: Delivery) -> None:
    note_effect(f"answered-{event.number}")
