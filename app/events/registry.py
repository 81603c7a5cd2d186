"""Who reacts to what: `@receiver` and the map of all receivers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from app.events.facts import EVENTS, EventType, event_type

F = TypeVar("F", bound=Callable[..., None])

QUEUES = ("notifications", "certificates", "default", "audit")
"""In the order in which a worker empties them."""


class ANY:
    """In the place of an event: every fact (that is audited, or not in `unless`)."""


@dataclass(frozen=True)
class Receiver:
    """A reaction. Without a queue it runs inline, right after the commit, in the process that stated the fact."""

    name: str
    call: Callable[..., None]
    events: tuple[type, ...]
    unless: tuple[type, ...]
    queue: str | None
    effect: Literal["db", "external"]
    tries: int
    backoff: tuple[float, ...]
    timeout: float
    rate: str | int | None
    at: Callable[[Any], datetime | None] | None
    failed: Callable[[Any, Delivered], None] | None
    batch: int | None

    @property
    def is_rung_for(self) -> bool:
        """Whether a transport that can announces it after the commit; the others are found when they are due.

        Timers are not due yet. Outside effects may be silent for long, and have threads that look for themselves.
        """
        return self.queue is not None and self.at is None and self.effect == "db"

    def pause(self, attempts: int) -> float:
        """Seconds to wait after that many failed attempts; the last backoff repeats."""
        return self.backoff[min(attempts, len(self.backoff)) - 1]

    def hears(self, kind: EventType) -> bool:
        if ANY in self.events:
            return kind.audited and kind.cls not in self.unless
        return kind.cls in self.events


Delivered = Any
RECEIVERS: dict[str, Receiver] = {}
_hearers: dict[str, tuple[Receiver, ...]] = {}


def receiver(
    *events: type,
    unless: tuple[type, ...] = (),
    queue: str | None = None,
    effect: Literal["db", "external"] = "db",
    tries: int = 3,
    backoff: tuple[float, ...] = (30, 60, 120),
    timeout: float = 60,
    rate: str | int | None = None,
    at: Callable[[Any], datetime | None] | None = None,
    failed: Callable[[Any, Delivered], None] | None = None,
    batch: int | None = None,
    name: str | None = None,
) -> Callable[[F], F]:
    """Makes `function(event, delivery)` a reaction to the facts; with `batch` it is `function(recorded_events)`.

    `db` effects are exactly once: the function runs inside the transaction that marks it done. `external` ones (mail,
    file) are at least once, with the stable `delivery.key`, and need a queue. `backoff` and `timeout` are seconds;
    `rate` is deliveries a minute or the setting that holds it; `at(fact)` delays until that moment, None means
    never; `failed(fact, delivery)` runs once, in the transaction that gives the delivery up after `tries`.

    Raises TypeError for a declaration that cannot work.
    """

    def register(function: F) -> F:
        package = function.__module__.split(".")[-2]
        made = Receiver(
            name or f"{package}_{function.__name__}",
            function, events, unless, queue, effect, tries, backoff, timeout, rate, at, failed, batch,
        )  # fmt: skip
        _check(made)
        RECEIVERS[made.name] = made
        _hearers.clear()
        return function

    return register


def _check(made: Receiver) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,50}", made.name) or made.name in RECEIVERS:
        raise TypeError(f"receiver name {made.name!r} is malformed or taken")
    if made.queue is not None and made.queue not in QUEUES:
        raise TypeError(f"{made.name}: unknown queue {made.queue!r}")
    if made.queue is None and (made.effect == "external" or made.batch or made.at or made.rate):
        raise TypeError(f"{made.name}: an inline receiver is a plain db effect; name a queue")
    if made.batch and made.effect == "external":
        raise TypeError(f"{made.name}: a batch is a db effect")
    for each in made.events:
        if each is not ANY:
            event_type(each)


def receivers_of(event_name: str) -> tuple[Receiver, ...]:
    """Everyone who reacts to that fact, in the order of registration."""
    if event_name not in _hearers:
        kind = EVENTS[event_name]
        _hearers[event_name] = tuple(each for each in RECEIVERS.values() if each.hears(kind))
    return _hearers[event_name]
