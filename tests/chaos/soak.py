"""Random `kill -9` of web and worker processes under load."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess

from tests.chaos import oracle
from tests.chaos.ground import Ground, Grounds, ground
from tests.warm import stop

WEBS, WORKERS, THREADS = 2, 2, 3
PAUSE = {"embedded": 0.3, "rq": 0.8}
"""Seconds between two acts of a thread: about what two workers that keep dying can follow on two busy cores."""

BLOCK = 1_000_000
"""Acts of one web process; the next one counts on from the next block."""


@dataclass
class Soaked:
    """What a soak came to. `act_ms` are the median and the slowest percentile of an act, waiting included."""

    database: str
    transport: str
    verdict: oracle.Verdict
    killed: dict[str, int]
    refused: int
    act_ms: tuple[float, float]
    settled_in: float
    trouble: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return sum(self.killed.values())


class Crowd:
    """The processes under load, each of which is replaced when it is killed."""

    def __init__(self, here: Ground, pause: float) -> None:
        self.here, self.pause, self.blocks = here, pause, 0
        self.killed = {"web": 0, "worker": 0}
        roles = ["web"] * WEBS + ["worker"] * WORKERS
        self.members: list[tuple[str, ForkServerProcess]] = [(role, self._start(role)) for role in roles]

    def _start(self, role: str) -> ForkServerProcess:
        if role == "worker":
            return self.here.start(role)
        self.blocks += 1
        return self.here.start(role, first=self.blocks * BLOCK, count=BLOCK, threads=THREADS, pause=self.pause)

    def kill_one(self, chance: random.Random) -> None:
        index = chance.randrange(len(self.members))
        role, process = self.members[index]
        process.kill()
        process.join()
        self.killed[role] += 1
        self.members[index] = role, self._start(role)

    def end(self) -> None:
        """The web processes die in the middle of it, too; the workers finish what is left."""
        for role, process in self.members:
            if role == "web":
                process.kill()
                process.join()
                self.killed[role] += 1

    def dismiss(self) -> list[str]:
        """Ends the workers; says which had ended by themselves."""
        workers = [process for role, process in self.members if role == "worker"]
        gone = [f"a worker ended with {each.exitcode}" for each in workers if each.exitcode is not None]
        for each in workers:
            stop(each)
        return gone


def soak(made: Grounds, database: str, transport: str, seconds: float, seed: int) -> Soaked:
    """Load and kills for that long, then rest, then the verdict."""
    chance = random.Random(seed)
    with ground(made, database, transport, EVENTS_VISIBILITY=3.0) as here:
        crowd = Crowd(here, PAUSE[transport])
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.3, 2.5))
            crowd.kill_one(chance)
        crowd.end()
        start = time.monotonic()
        trouble = [] if here.settle(300) else ["did not come to rest"]
        settled_in = time.monotonic() - start
        trouble += crowd.dismiss()
        verdict = here.judge()
        refused = here.folder / "refused"
        refusals = refused.read_text().splitlines() if refused.exists() else []
        times = [float(line) for path in here.folder.glob("act-ms-*") for line in path.read_text().split()]
    trouble += verdict.lost + verdict.doubled + sorted(set(refusals))[:5]
    slow = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
    act_ms = statistics.median(times) if times else 0.0, slow
    return Soaked(database, transport, verdict, crowd.killed, len(refusals), act_ms, settled_in, trouble)
