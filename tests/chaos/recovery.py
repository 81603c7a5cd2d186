"""How long after `kill -9` the last reaction has happened, with the visibility that is shipped."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.chaos import oracle
from tests.chaos.ground import Grounds, ground, until

VISIBILITY = 15.0
BAR = 20.0


@dataclass
class Recovery:
    database: str
    transport: str
    role: str
    seconds: float
    verdict: oracle.Verdict


def measure(made: Grounds, database: str, transport: str, role: str) -> Recovery:
    """A process of that role dies in the middle of a database effect, beside a healthy worker or before one."""
    plug = {"web": "delivery.effected@chaos_inline#2", "worker": "delivery.effected@chaos_queued#2"}[role]
    with ground(made, database, transport, EVENTS_VISIBILITY=VISIBILITY) as here:
        if role == "web":
            worker = here.start("worker")
            here.finish("web", count=3, plug=plug)
        else:
            here.finish("web", count=3)
            here.finish("worker", plug=plug)
            worker = here.start("worker")
        start = time.monotonic()
        with oracle.looking(here.settings):
            until(lambda: oracle.open_deliveries() == 0, 120)
        seconds = time.monotonic() - start
        worker.terminate()
        worker.join(20)
        return Recovery(database, transport, role, seconds, here.judge())
