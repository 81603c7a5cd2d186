"""Where a case takes place: a fresh database, a Redis of its own, processes that can be killed."""

from __future__ import annotations

import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import upgrade
from redis import Redis

from app import create_app
from app.core.db import db
from tests import servers, warm
from tests.chaos import oracle
from tests.chaos.process import Job, run
from tests.warm import ended, stop

DATABASES = ("sqlite", "postgres")
TRANSPORTS = ("embedded", "rq")


@dataclass
class Grounds:
    """The servers of a whole run, from which cases are made. May be used by several threads."""

    folder: Path
    postgres: str = ""
    redis: str = ""
    _free: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    _cloning: threading.Lock = field(default_factory=threading.Lock)
    _made: int = 0

    def fresh_database(self, kind: str) -> tuple[Path, str]:
        """A folder and the address of a migrated, empty database."""
        with self._cloning:
            self._made += 1
            folder = self.folder / f"case-{self._made}"
            folder.mkdir()
            if kind == "sqlite":
                shutil.copy(self.folder / "template.db", folder / "case.db")
                return folder, f"sqlite:///{folder / 'case.db'}"
            name = f"case_{self._made}"
            with psycopg.connect(self.postgres.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE tuntas_template")
            return folder, self.postgres.rpartition("/")[0] + f"/{name}"


@dataclass
class Ground:
    """One case's place. `settings` are what its processes get."""

    folder: Path
    settings: dict[str, Any]
    _started: int = 0

    def start(self, role: str, **job: Any) -> ForkServerProcess:
        """A process of that role, in the background."""
        return warm.start(run, Job(role, self.folder, self.settings, **job))

    def finish(self, role: str, seconds: float = 60, **job: Any) -> int:
        """Runs a process to its end; answers its exit code, negative for a signal."""
        return ended(self.start(role, **job), seconds)

    def settle(self, seconds: float = 90) -> bool:
        """Waits until nothing is due or running any more; whether that came to pass."""
        with oracle.looking(self.settings):
            return until(lambda: oracle.open_deliveries() == 0, seconds)

    def recover(self, seconds: float = 90) -> bool:
        """A fresh worker works until nothing is left, then ends by SIGTERM."""
        worker = self.start("worker")
        try:
            return self.settle(seconds)
        finally:
            stop(worker)

    def judge(self) -> oracle.Verdict:
        with oracle.looking(self.settings):
            return oracle.judge(self.folder)


def until(done: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


@contextmanager
def grounds(folder: Path, databases: tuple[str, ...] = DATABASES) -> Iterator[Grounds]:
    """Starts the servers and migrates the templates."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Grounds(folder)
    for number in range(16):
        made._free.put(number)
    with servers.redis(folder / "redis") as made.redis:
        if "sqlite" in databases:
            _migrate(folder, f"sqlite:///{folder / 'template.db'}")
        if "postgres" not in databases:
            yield made
            return
        with servers.postgres() as made.postgres:
            with psycopg.connect(made.postgres.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("CREATE DATABASE tuntas_template")
            _migrate(folder, made.postgres.rpartition("/")[0] + "/tuntas_template")
            yield made


def _migrate(folder: Path, url: str) -> None:
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": folder})
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@contextmanager
def ground(made: Grounds, database: str, transport: str, **settings: Any) -> Iterator[Ground]:
    """A place for one case; its Redis is an emptied database of the run's server."""
    folder, url = made.fresh_database(database)
    number = made._free.get()
    redis_url = f"{made.redis.rpartition('/')[0]}/{number}"
    Redis.from_url(redis_url).flushdb()
    try:
        yield Ground(
            folder,
            {
                "SQLALCHEMY_DATABASE_URI": url,
                "INSTANCE": folder,
                "REDIS_URL": redis_url if transport == "rq" else "",
                "EVENTS_VISIBILITY": 1.0,
                "EVENTS_POLL": 0.1,
                **settings,
            },
        )
    finally:
        made._free.put(number)
