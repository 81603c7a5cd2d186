"""A process that hands in an attempt, or works the queue, and dies at a named point."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from flask_mail import email_dispatched

from app import create_app
from app.assessments.actions.closing import submit_attempt
from app.assessments.models import Attempt
from app.core import clock
from app.core.db import db
from app.events.relay import tick
from app.events.steps import stepped
from app.events.worker import run
from tests.facts import drain_all

ACCEPTED = "smtp.accepted"
"""The mail server has said that it has the letter; nothing of ours has been told yet."""


def die(*_anything: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run_and_die(role: str, point: str, attempt_id: int, moment: datetime | None, settings: dict[str, Any]) -> None:
    """Never returns when the point is reached; called in a process of its own.

    `role` is `web`, `worker`, or the name of the one receiver that it works for; `moment` is what its clock shows, if
    not the time.
    """
    app = create_app("testing", settings)
    with app.app_context(), clock.at(moment) if moment else nullcontext():
        stepped.connect(lambda name: die() if name == point else None, weak=False)
        if point == ACCEPTED:
            email_dispatched.connect(die)
        if role == "web":
            attempt = db.session.get_one(Attempt, attempt_id)
            submit_attempt(attempt, actor=attempt.user)
        elif role == "worker":
            drain_all()
        else:
            run(tick(500, only={role}))
