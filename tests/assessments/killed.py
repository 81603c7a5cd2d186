"""A process that hands in an attempt, or works the queue, and dies at a named point of the kernel."""

from __future__ import annotations

import os
import signal
import sys

from app import create_app
from app.assessments.actions.closing import submit_attempt
from app.assessments.models import Attempt
from app.core.db import db
from app.events.steps import stepped
from tests.facts import drain_all


def main(url: str, instance: str, role: str, point: str, attempt_id: str) -> None:
    """Never returns when the point is reached."""
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": instance})
    with app.app_context():
        stepped.connect(lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == point else None, weak=False)
        if role == "web":
            attempt = db.session.get_one(Attempt, int(attempt_id))
            submit_attempt(attempt, actor=attempt.user)
        else:
            drain_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
