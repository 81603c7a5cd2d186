"""Services go away: Redis stopped, frozen, flushed; PostgreSQL drops its connections; SQLite is locked for long; the
mail server is away, silent, refuses, or hangs up.

Without Redis or mails requests do not notice; without the database they fail, whole. Nothing told done is lost. A full
disk is no case here: it takes root to make one; the tests of the storage let the writing fail.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from redis import Redis

from tests import servers
from tests.chaos import oracle
from tests.chaos.ground import Ground, Grounds, ground, until
from tests.chaos.postman import MailServer

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


@dataclass
class Services:
    """What a case leans on beside its database."""

    redis: Server
    mails: MailServer


def _down_from_the_start(services: Services, here: Ground) -> None:
    _act_to_the_end(here)
    services.redis.start()


def _stopped_in_between(services: Services, here: Ground) -> None:
    services.redis.start()
    _act_while(here, services.redis.stop)
    services.redis.start()


def _frozen(services: Services, here: Ground) -> None:
    services.redis.start()
    _act_while(here, lambda: services.redis.signal(signal.SIGSTOP))
    services.redis.signal(signal.SIGCONT)


def _flushed(services: Services, here: Ground) -> None:
    services.redis.start()
    _act_while(here, lambda: Redis.from_url(services.redis.url).flushall())
    Redis.from_url(services.redis.url).flushall()


def _dropped(services: Services, here: Ground) -> None:
    """What a restart of PostgreSQL is to its clients, four times."""

    def drop_all() -> None:
        address = here.settings["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    services.redis.start()
    _act_while(here, lambda: [(drop_all(), time.sleep(0.2)) for _ in range(4)])


def _locked(services: Services, here: Ground) -> None:
    """Somebody (a backup, a forgotten shell) holds SQLite's write lock for longer than we wait for it."""

    def hold() -> None:
        with closing(sqlite3.connect(here.folder / "case.db", isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(8)
            connection.execute("ROLLBACK")

    services.redis.start()
    _act_while(here, hold)


def _mails(begin: Callable[[MailServer], object]) -> Fault:
    """The mail server has that fault, until every act is done; mails alone may wait for it."""

    def fault(services: Services, here: Ground) -> None:
        services.redis.start()
        _act_while(here, lambda: begin(services.mails))
        services.mails.start()

    return fault


def _hang_up(mails: MailServer) -> None:
    mails.hangs_up_after_data = True


Fault = Callable[[Services, Ground], None]

OUTAGES: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "Redis down from the start": (_down_from_the_start, ("sqlite", "postgres")),
    "Redis stopped in between": (_stopped_in_between, ("sqlite", "postgres")),
    "Redis frozen": (_frozen, ("sqlite", "postgres")),
    "Redis flushed": (_flushed, ("sqlite", "postgres")),
    "connections dropped": (_dropped, ("postgres",)),
    "database locked for 8 s": (_locked, ("sqlite",)),
    "SMTP refused": (_mails(MailServer.stop), ("sqlite", "postgres")),
    "SMTP silent": (_mails(MailServer.fall_silent), ("sqlite", "postgres")),
    "SMTP answers 4xx": (_mails(lambda mails: mails.answers.update(RCPT="451 later")), ("sqlite", "postgres")),
    "SMTP answers 5xx": (_mails(lambda mails: mails.answers.update(DATA="554 no")), ("sqlite", "postgres")),
    "SMTP dropped after DATA": (_mails(_hang_up), ("sqlite", "postgres")),
}
"""What goes away, and the databases on which it can."""

REFUSING = {"connections dropped", "database locked for 8 s"}
"""In these an act may be refused."""


def play(made: Grounds, database: str, name: str) -> Outage:
    """Acts during the outage, beside a running worker; ends it, and judges when all has come to rest."""
    with ground(made, database, "rq") as here, _services(here) as services:
        here.settings |= {"REDIS_URL": services.redis.url, **services.mails.settings}
        worker = here.start("worker")
        OUTAGES[name][0](services, here)
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
        if verdict.acknowledged != ACTS and name not in REFUSING:
            trouble.append(f"only {verdict.acknowledged} of {ACTS} acts returned")
        times = [float(line) for path in here.folder.glob("ring-ms-*") for line in path.read_text().split()]
    return Outage(name, database, verdict, (statistics.median(times), max(times)), healed_in, trouble)


@contextmanager
def _services(here: Ground) -> Iterator[Services]:
    services = Services(Server(here.folder / "own-redis"), MailServer(here.folder))
    services.redis.folder.mkdir()
    services.mails.start()
    try:
        yield services
    finally:
        services.redis.stop()
        services.mails.stop()


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
