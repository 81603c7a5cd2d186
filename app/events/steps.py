"""The named points of a fact's way. A debug log, and the place where the crash tests pull the plug."""

from __future__ import annotations

import logging

from blinker import Signal

log = logging.getLogger("tuntas.steps")

stepped: Signal = Signal("Sent with the name of the point that was just reached.")

STEPS = (
    # the process that states the fact
    "outbox.staged",
    "outbox.written",
    "handout.begun",
    "courier.taken",
    "courier.rung",
    # whoever runs a delivery
    "delivery.begun",
    "delivery.leased",
    "delivery.effected",
    "delivery.marked",
    "delivery.done",
    "delivery.failing",
    "delivery.failed",
    "drain.begun",
    "drain.effected",
    "drain.done",
    # the relay
    "relay.claimed",
    "relay.sent",
)


def step(name: str) -> None:
    """Says that the point was reached."""
    if stepped.receivers:
        stepped.send(name)
    if log.isEnabledFor(logging.DEBUG):
        log.debug(name)
