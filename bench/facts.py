"""The benchmark's own facts and reactions, which do as little as possible."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from app.core.db import transaction
from app.events import Delivery, emit, event, receiver


@event("bench.observed", aggregate=("bench", "bench_id"), audited=False)
class Observed:
    """Nobody reacts to it but plain observers."""

    bench_id: int
    title: str
    progress: float


@event("bench.committed", aggregate=("bench", "bench_id"), audited=False)
class Committed:
    """Two queued receivers hear of it."""

    bench_id: int
    title: str
    progress: float


@event("bench.worked", aggregate=("bench", "bench_id"), audited=False)
class Worked:
    """One queued receiver hears of it."""

    bench_id: int


@event("bench.audited", aggregate=("bench", "bench_id"))
class Audited:
    """It only goes to the audit log."""

    bench_id: int
    title: str
    progress: float


@event("bench.killed", aggregate=("bench", "bench_id"), audited=False)
class Killed:
    """Kills the worker that hears of it, once."""

    bench_id: int
    marker: str


@receiver(Committed, queue="notifications", name="bench_first")
def hear_first(event: Committed, delivery: Delivery) -> None:
    """Nothing."""


@receiver(Committed, queue="default", name="bench_second")
def hear_second(event: Committed, delivery: Delivery) -> None:
    """Nothing."""


@receiver(Worked, queue="default", name="bench_work")
def work(event: Worked, delivery: Delivery) -> None:
    """Nothing."""


@receiver(Killed, queue="default", name="bench_kill")
def kill(event: Killed, delivery: Delivery) -> None:
    """The process ends here as by a power cut, unless the marker says that one has."""
    marker = Path(event.marker)
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def state(cls: type, count: int, **fields: object) -> None:
    """States that many facts of the class, up to a thousand a commit."""
    for start in range(0, count, 1000):
        with transaction():
            for number in range(start, min(start + 1000, count)):
                emit(cls(bench_id=number + 1, **fields))
