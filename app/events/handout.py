"""After the commit: rings for the queued receivers, runs the inline ones, tells the plain observers."""

from __future__ import annotations

import logging
import threading
from collections import deque

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.core.db import committed
from app.events.deliveries import deliver_or_leave
from app.events.facts import EVENTS
from app.events.outbox import Ring, Staged, written_by
from app.events.registry import receivers_of
from app.events.steps import step

log = logging.getLogger(__name__)

MAX_DEPTH = 16
"""How far inline receivers may cause one another before the relay takes over."""

_this_thread = threading.local()


@committed.connect
def hand_out(session: Session) -> None:
    """Hands out what the transaction stated. Facts that receivers state join the line; nothing recurses."""
    written = written_by(session)
    if not written:
        return
    waiting: deque[tuple[Staged, int]] | None = getattr(_this_thread, "waiting", None)
    if waiting is not None:
        waiting.extend((each, _this_thread.depth + 1) for each in written)
        return
    step("handout.begun")
    waiting = _this_thread.waiting = deque((each, 0) for each in written)
    try:
        while waiting:
            staged, _this_thread.depth = waiting.popleft()
            _hand_out_one(staged, _this_thread.depth)
    finally:
        _this_thread.waiting = None


def _hand_out_one(staged: Staged, depth: int) -> None:
    record = staged.record
    receivers = receivers_of(record.event_name)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    kernel = app.extensions["events"]
    queued = [Ring(record.event_id, each.name, 0, True) for each in receivers if each.is_rung_for]
    if queued and kernel.transport.rings and kernel.mode == "on":
        kernel.transport.ring(queued)
    if depth > MAX_DEPTH:
        log.warning("%s: more than %d facts deep, left to the relay", record.event_name, MAX_DEPTH)
        return
    for each in receivers:
        if each.queue is None:
            # The action has been committed: nothing that fails now is the caller's business.
            deliver_or_leave(Ring(record.event_id, each.name, 0, True))
    _tell_observers(app, staged)


def _tell_observers(app: Flask, staged: Staged) -> None:
    """Plain blinker: whoever connected to the fact's signal hears of it, after the commit, best effort."""
    signal = EVENTS[staged.record.event_name].signal
    if not signal.receivers:
        return
    for observer in signal.receivers_for(app):
        try:
            observer(app, event=staged.fact, record=staged.record)
        except Exception:
            log.exception("an observer of %s failed", staged.record.event_name)
