"""Redis is down from the start, stopped in between, frozen, or flushed: requests do not notice, nothing is lost."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis

from tests import servers
from tests.chaos import oracle
from tests.chaos.ground import Ground, Grounds, ground, until

ACTS = 40


@dataclass
class Outage:
    """`ring_ms`: what announcing took on the thread that states facts, the median and the longest."""

    name: str
    database: str
    verdict: oracle.Verdict
    ring_ms: tuple[float, float]
    healed_in: float
    trouble: list[str] = field(default_factory=list)


class Server:
    """A redis-server that can be stopped and started again on its port, with its data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, servers.free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process, _url = servers.start_redis(self.folder, self.port)

    def signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def stop(self) -> None:
        """Ends it at once, as when its machine dies."""
        if self.process is not None:
            self.signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None


def _down_from_the_start(server: Server, here: Ground) -> None:
    _act_to_the_end(here)
    server.start()


def _stopped_in_between(server: Server, here: Ground) -> None:
    server.start()
    _act_while(here, server.stop)
    server.start()


def _frozen(server: Server, here: Ground) -> None:
    server.start()
    _act_while(here, lambda: server.signal(signal.SIGSTOP))
    server.signal(signal.SIGCONT)


def _flushed(server: Server, here: Ground) -> None:
    server.start()
    _act_while(here, lambda: Redis.from_url(server.url).flushall())
    Redis.from_url(server.url).flushall()


OUTAGES: dict[str, Callable[[Server, Ground], None]] = {
    "Redis down from the start": _down_from_the_start,
    "Redis stopped in between": _stopped_in_between,
    "Redis frozen": _frozen,
    "Redis flushed": _flushed,
}


def play(made: Grounds, database: str, name: str) -> Outage:
    """Acts during the outage, beside a running worker; ends it, and judges when all has come to rest."""
    with ground(made, database, "rq") as here, _server(here) as server:
        here.settings["REDIS_URL"] = server.url
        worker = here.start("worker")
        OUTAGES[name](server, here)
        start = time.monotonic()
        trouble = [] if here.settle() else ["did not come to rest"]
        healed_in = time.monotonic() - start
        if worker.exitcode is not None:
            trouble.append(f"the worker ended with {worker.exitcode}")
        worker.terminate()
        if not until(lambda: worker.exitcode is not None, 20):
            worker.kill()
            trouble.append("the worker did not end by SIGTERM")
        verdict = here.judge()
        trouble += verdict.lost + verdict.doubled
        if verdict.acknowledged != ACTS:
            trouble.append(f"only {verdict.acknowledged} of {ACTS} acts returned")
        times = [float(line) for path in here.folder.glob("ring-ms-*") for line in path.read_text().split()]
    return Outage(name, database, verdict, (statistics.median(times), max(times)), healed_in, trouble)


@contextmanager
def _server(here: Ground) -> Iterator[Server]:
    server = Server(here.folder / "own-redis")
    server.folder.mkdir()
    try:
        yield server
    finally:
        server.stop()


def _act_to_the_end(here: Ground) -> None:
    here.finish("web", count=ACTS, pause=0.02)


def _act_while(here: Ground, fault: Callable[[], object]) -> None:
    """The fault comes when a third of the acts are done."""
    web = here.start("web", count=ACTS, pause=0.05)
    until(lambda: len(list(here.folder.glob("ack-0"))) == 1 and _done(here) > ACTS // 3, 60)
    fault()
    web.join(60)


def _done(here: Ground) -> int:
    return len((here.folder / "ack-0").read_text().split())
