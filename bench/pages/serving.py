"""The product and the floor under the same gunicorn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.pages import load
from bench.places import Place
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
KEYS = {name: f"bench-{name.lower()}-{'k' * 32}" for name in ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")}
GTHREAD = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "5", "--preload"]


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds_to_first_200: float


def environment(place: Place, **more: str) -> Mapping[str, str]:
    """The product's settings in production, without Redis and mail."""
    return os.environ | {
        "TUNTAS_PROFILE": "production",
        "DATABASE_URL": place.url,
        "INSTANCE": str(place.folder),
        "BASE_URL": "http://127.0.0.1:8000",
        "REDIS_URL": "",
        "QUEUE": "",
        "HOST": "127.0.0.1",
        **KEYS,
        **more,
    }


def _gunicorn(arguments: list[str], place: Place, name: str, probe: str) -> Server:
    port, log = free_port(), place.folder / f"{name}.log"
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments],
            cwd=ROOT, env=environment(place, PORT=str(port)), stdout=out, stderr=out,
        )  # fmt: skip
    while True:
        if _answers(port, probe):
            return Server(process, port, log, time.monotonic() - started)
        if process.poll() is not None or time.monotonic() - started > 30:
            process.kill()
            raise RuntimeError(f"gunicorn did not start: {log.read_text()[-2000:]}")
        time.sleep(0.01)


def _answers(port: int, path: str) -> bool:
    return load.send(port, [load.get(path)]).statuses[200] == 1


@contextmanager
def product(place: Place) -> Iterator[Server]:
    """The product as `gunicorn.conf.py` serves it."""
    server = _gunicorn(["wsgi:app"], place, "product", "/sehat")
    try:
        yield server
    finally:
        stop(server.process)


@contextmanager
def floor(place: Place) -> Iterator[Server]:
    """The bare app, with the same workers and threads."""
    port_from_env = ["--config", "python:bench.pages.floor_gunicorn"]
    server = _gunicorn([*port_from_env, *GTHREAD, "bench.pages.floor_wsgi:app"], place, "floor", "/page15")
    try:
        yield server
    finally:
        stop(server.process)


@contextmanager
def worker(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """`flask worker` on the same database."""
    with (place.folder / "worker.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
            cwd=ROOT, env=environment(place), stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> float:
    """SIGTERM; answers the seconds until the process has ended."""
    started = time.monotonic()
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return time.monotonic() - started


def children_of(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(server: Server) -> float:
    """What the server's workers have spent so far, in steps of 10 ms."""
    spent = 0
    for pid in children_of(server.process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """The proportional set size: what the process would free, and its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no Pss of {pid}")
