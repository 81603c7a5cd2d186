"""How long a delivery waits whose worker was killed in the middle of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select

from app.core.db import db
from app.events.models import DeliveryStatus, StoredDelivery
from bench.facts import Killed, state
from bench.places import VISIBILITY, Place, fresh
from bench.table import Row, at_most

LONGEST = 60.0


def recovery(place: Place) -> Row:
    """A worker kills itself in the receiver, another starts at once; from the kill to the mark "done"."""
    marker = place.folder / "killed"
    marker.unlink(missing_ok=True)
    with fresh(place):
        state(Killed, 1, marker=str(marker))
        _start_worker(place).wait(30)
        died = time.monotonic()
        if not marker.exists():
            raise RuntimeError("the worker did not reach the receiver")
        second = _start_worker(place)
        try:
            _until_done(died + LONGEST)
        finally:
            second.terminate()
            second.wait(15)
    return at_most("recovery after kill -9", place.name, VISIBILITY, time.monotonic() - died, 20, "s")


def _start_worker(place: Place) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "bench.worker", "worker"],
        cwd=Path(__file__).parents[2],
        env=os.environ
        | {
            "TUNTAS_PROFILE": "development",
            "DATABASE_URL": place.url,
            "SQLITE_SYNCHRONOUS": "NORMAL",
            "INSTANCE": str(place.folder),
            "EVENTS_VISIBILITY": str(VISIBILITY),
            "REDIS_URL": "",
            "QUEUE": "",
        },
        stderr=subprocess.DEVNULL,
    )


def _until_done(end: float) -> None:
    unfinished = select(StoredDelivery.event_id).where(StoredDelivery.status != DeliveryStatus.DONE)
    while db.session.execute(unfinished).first() is not None:
        if time.monotonic() > end:
            raise RuntimeError("the delivery was not finished")
        db.session.rollback()
        time.sleep(0.05)
