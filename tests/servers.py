"""Private servers from the machine's own programs. In CI their absence is a failure, elsewhere a visible skip."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError


def program(name: str) -> str:
    """The path of a program of this machine; without it the test is skipped, in CI failed."""
    found = shutil.which(name)
    if found is None:
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
            if (folder / name).exists():
                return str(folder / name)
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed; CI needs it")
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _server_user(folder: str) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, whose folder it is."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of its own; yields the address of an empty database."""
    initdb, server = program("initdb"), program("postgres")
    # Not below pytest's own folder: each new session of pytest closes that to other users.
    with TemporaryDirectory(prefix="tuntas-postgres-", ignore_cleanup_errors=True) as folder:
        user, data, port = _server_user(folder), f"{folder}/data", free_port()
        subprocess.run(
            [initdb, "-D", data, "-U", "tuntas", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, cwd=folder, **user,
        )  # fmt: skip
        options = ["-c", "fsync=off", "-c", "max_connections=200", "-c", f"unix_socket_directories={folder}"]
        process = subprocess.Popen(
            [server, "-D", data, "-p", str(port), "-h", "127.0.0.1", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **user,
        )  # fmt: skip
        address = f"127.0.0.1:{port}/postgres"
        try:
            _until(lambda: psycopg.connect(f"postgresql://tuntas@{address}").close(), psycopg.OperationalError)
            yield f"postgresql+psycopg://tuntas@{address}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A redis-server of its own, without a password, on a loopback port."""
    folder.mkdir(parents=True, exist_ok=True)
    process, url = start_redis(folder, free_port())
    try:
        yield url
    finally:
        process.terminate()
        process.wait(10)


def start_redis(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """Starts a redis-server with AOF and `noeviction` on that port; the caller ends it."""
    process = subprocess.Popen(
        [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder,
         "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"redis://127.0.0.1:{port}/0"
    _until(lambda: Redis.from_url(url).ping(), RedisConnectionError)
    return process, url


def _until(attempt: object, error: type[Exception], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            attempt()  # type: ignore[operator]
            return
        except error:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


KEPT_ROWS = {"alembic_version", "audit_head"}


def empty(url: str) -> None:
    """Empties every table of a migrated PostgreSQL database, and counts from 1 again."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if name not in KEPT_ROWS
        ]
        # TRUNCATE makes a new file for every table and index, however few rows there were. As a replica the session
        # may delete what is only ever appended to, in any order.
        connection.execute("SET session_replication_role = replica")
        connection.execute(";".join(f"DELETE FROM {name}" for name in names))
        used = "FROM pg_sequences WHERE last_value IS NOT NULL"
        connection.execute(f"SELECT setval(format('%I', sequencename), start_value, false) {used}")
        connection.execute("UPDATE audit_head SET seq = 0, hash = repeat('0', 64), seal = ''")
