"""Who carries the deliveries: Redis + RQ where it can be had without asking, else the embedded transport."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import stat
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import config
from launcher import supervisor
from launcher.supervisor import Child
from launcher.trouble import Trouble

LONGEST_SOCKET_PATH = 100
"""The kernel takes 107 bytes (macOS 103)."""
START_SECONDS = 10.0


class Carrier(NamedTuple):
    """`why` explains the choice to the operator; `redis` is the private server, already running."""

    queue: str
    why: str
    redis: Child | None = None
    url: str = ""


def choose(instance: Path, wanted: str, url: str) -> Carrier:
    """What QUEUE (`wanted`) and REDIS_URL (`url`) force, else what the machine offers.

    Raises Trouble when `rq` is wanted and no Redis can be had.
    """
    if wanted == "embedded":
        return Carrier("embedded", "tertanam (QUEUE=embedded)")
    if url:
        return Carrier("rq", "Redis + RQ (REDIS_URL)", url=url)
    program = shutil.which("redis-server")
    if program is None:
        why_not = "redis-server tidak ditemukan"
    else:
        redis, path = _start_private(program, instance)
        if _wait_for(redis, path):
            why = f"Redis + RQ (redis-server milik sendiri, {path})"
            return Carrier("rq", why, redis, f"unix://{quote(str(path))}")
        supervisor.end([redis], seconds=1)
        why_not = f"redis-server tidak mau berjalan, lihat {instance / 'redis' / 'redis.log'}"
    if wanted == "rq":
        raise Trouble(f"QUEUE=rq memerlukan Redis, tetapi {why_not}. Isi REDIS_URL, atau hapus QUEUE")
    return Carrier("embedded", f"tertanam ({why_not})")


def _start_private(program: str, instance: Path) -> tuple[Child, Path]:
    folder = instance / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = socket_path(folder)
    path.unlink(missing_ok=True)
    places = ["--dir", str(folder), "--unixsocket", str(path), "--unixsocketperm", "700"]
    log = ["--logfile", str(folder / "redis.log")]
    redis = Child("Redis", [program, str(config.ROOT / "redis.conf"), *places, *log], last=True)
    supervisor.start(redis)
    return redis, path


def socket_path(folder: Path) -> Path:
    """`redis.sock` in the folder; when that path is too long for a socket, in a folder of ours under /tmp."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    short = Path("/tmp") / f"tuntas-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 - checked below
    short.mkdir(mode=0o700, exist_ok=True)
    state = short.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o077:
        raise Trouble(f"folder {short} milik orang lain; pindahkan Tuntas ke folder yang jalurnya lebih pendek")
    return short / "redis.sock"


def _wait_for(redis: Child, path: Path) -> bool:
    """Whether it answers in time. A long log to read again takes its time."""
    deadline = time.monotonic() + START_SECONDS
    while redis.process and redis.process.poll() is None and time.monotonic() < deadline:
        if _answers(path):
            return True
        time.sleep(0.02)
    return False


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
