"""What the killed processes do: a `web` process acts and acknowledges, a `worker` is `flask worker`."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.core.db import db
from app.events.transport import Transport
from app.events.worker import work
from tests.chaos import plug
from tests.chaos.world import act, append


@dataclass(frozen=True)
class Job:
    """What a process is to do. `plug` kills it (see `plug.pull_at`), `pause` is the time between two acts."""

    role: str
    folder: Path
    settings: dict[str, Any]
    plug: str = ""
    trace: str = ""
    first: int = 0
    count: int = 0
    threads: int = 1
    pause: float = 0
    linger: float = field(default=0.5)


class Timed:
    """A transport that notes how long `ring` took on the thread that states facts."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.rings = inner.rings
        self.times: list[float] = []

    def ring(self, rings: list[Any]) -> None:
        start = time.perf_counter()
        self._inner.ring(rings)
        self.times.append(time.perf_counter() - start)


def run(job: Job) -> None:
    """Does the job; called in a process of its own, whose output goes to a file."""
    log = os.open(job.folder / f"log-{job.role}-{os.getpid()}", os.O_WRONLY | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    app = create_app("testing", {**job.settings, "CHAOS_FOLDER": str(job.folder)})
    if job.plug:
        plug.pull_at(job.plug)
    if job.trace:
        plug.trace_to(job.folder / job.trace)
    if job.role == "worker":
        work(app)
    else:
        _act(app, job)


def _act(app: Flask, job: Job) -> None:
    kernel = app.extensions["events"]
    kernel.transport = timed = Timed(kernel.transport)
    threads = [threading.Thread(target=_act_some, args=(app, job, offset)) for offset in range(job.threads)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    time.sleep(job.linger)  # the courier is a daemon: it may finish its sentence
    (job.folder / f"ring-ms-{job.first}").write_text("\n".join(f"{each * 1000:.3f}" for each in timed.times))


def _act_some(app: Flask, job: Job, offset: int) -> None:
    for number in range(job.first + offset, job.first + job.count, job.threads):
        start = time.perf_counter()
        with app.app_context():
            try:
                act(number)
                append(job.folder / f"ack-{job.first}", number)
            except Exception as error:  # noqa: BLE001 - an act that was refused is not acknowledged
                append_line(job.folder / "refused", f"{number} {type(error).__name__}: {error}")
                db.session.rollback()
        append_line(job.folder / f"act-ms-{job.first}", f"{(time.perf_counter() - start) * 1000:.2f}")
        time.sleep(job.pause)


def append_line(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line.splitlines()[0] + "\n")
