"""Real starts: gunicorn, the worker and Redis, on a folder of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import cast

import psycopg
import pytest
from redis import Redis

from app.core.security import HEADERS
from tests.launcher.processes import ROOT, lives, offspring, running, until
from tests.servers import free_port, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@dataclass
class Start:
    """A launcher that runs, where it answers, and what it says."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def find(self, words: str) -> list[int]:
        """The running processes with these words in their command line."""
        return [pid for pid, command in offspring(self.process.pid).items() if words in command]

    def headers(self, path: str) -> Message:
        """What the server's answer wears."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return cast(Message, response.headers)

    def answers(self, path: str = "/sehat", host: str = "localhost") -> int:
        """The status; 0 while nobody answers."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(asked, timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0


@contextmanager
def started(folder: Path, command: str = "serve", **environment: str) -> Iterator[Start]:
    """A start whose pages answer and whose worker runs."""
    port = free_port()
    settings = {"INSTANCE": str(folder), "PORT": str(port), "QUEUE": "embedded", "SQLITE_SYNCHRONOUS": "OFF"}
    output = folder.with_suffix(f".{port}.out")
    with running([sys.executable, "-m", "launcher", command], output, **settings | environment) as process:
        start = Start(process, port, output)
        until(lambda: "Tuntas siap" in start.said() or process.poll() is not None)
        until(lambda: process.poll() is not None or start.find("flask worker"))
        assert process.poll() is None, start.said()
        yield start


def refused(folder: Path, *words: str, **environment: str) -> str:
    """What a start says that ends at once; without words it is `serve`."""
    settings = {"INSTANCE": str(folder), "PORT": str(free_port()), "QUEUE": "embedded"} | environment
    kept = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-m", "launcher", *(words or ["serve"])],
        cwd=ROOT, env=kept | settings, text=True, timeout=60,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    return done.stdout


def test_a_school_starts_lives_on_and_starts_again(tmp_path: Path) -> None:
    with started(tmp_path / "school") as first:
        assert re.search(rf"http://\S+:{first.port}/siapkan/\S+", first.said())
        assert "@demo.test" not in first.said()
        assert "Antrean: tertanam (QUEUE=embedded)" in first.said()
        assert first.answers() == 200
        assert first.answers(host="evil.test") == 400
        worn = first.headers("/masuk")  # T-HDR-01: here alone gunicorn has its say
        assert HEADERS.items() <= dict(worn).items()
        assert "Server" not in worn
        keys = sorted(path.read_text() for path in (tmp_path / "school/keys").iterdir())
        assert str(first.process.pid) in refused(tmp_path / "school")
        for words, name in (("wsgi:app", "Web"), ("flask worker", "Pekerja")):
            old = first.find(words)
            os.kill(min(old), signal.SIGKILL)
            until(lambda old=old, words=words: (now := first.find(words)) and not set(now) & set(old))
            until(lambda: first.answers() == 200)
            assert f"{name} berhenti (sinyal 9)" in first.said()
        everyone = offspring(first.process.pid)
        first.process.terminate()
        assert first.process.wait(60) == 0
        assert not any(map(lives, everyone))
    with started(tmp_path / "school") as second:
        assert sorted(path.read_text() for path in (tmp_path / "school/keys").iterdir()) == keys
        everyone = offspring(second.process.pid)
        assert len(everyone) >= 4  # gunicorn with two processes, and the worker
        second.process.kill()
        until(lambda: not any(map(lives, everyone)), 5)


@pytest.mark.redis
def test_a_private_redis_is_started_and_started_again(tmp_path: Path) -> None:
    program("redis-server")
    with started(tmp_path / "school", QUEUE="") as start:
        assert "Antrean: Redis + RQ (redis-server milik sendiri" in start.said()
        socket = tmp_path / "school/redis/redis.sock"
        asked = subprocess.run(["redis-cli", "-s", socket, "config", "get", "*"], capture_output=True, text=True).stdout
        found = dict(zip(*[iter(asked.splitlines())] * 2, strict=True))
        assert [found[each] for each in ("port", "appendonly", "appendfsync", "maxmemory-policy")] == [
            "0", "yes", "everysec", "noeviction",
        ]  # fmt: skip
        (old,) = start.find("redis-server")
        os.kill(old, signal.SIGKILL)
        until(lambda: start.find("redis-server") not in ([], [old]))
        assert start.answers() == 200
        start.process.terminate()
        assert start.process.wait(60) == 0
        assert not lives(old)


@pytest.fixture
def closed_redis(redis_url: str) -> Iterator[str]:
    """A Redis that asks for a password, as production wants it."""
    closed = redis_url.replace("://", "://:kata-sandi-sekolah@")
    with Redis.from_url(redis_url) as redis:
        redis.config_set("requirepass", "kata-sandi-sekolah")
    yield closed
    with Redis.from_url(closed) as redis:
        redis.config_set("requirepass", "")


@pytest.mark.redis
def test_an_open_redis_is_refused(tmp_path: Path, redis_url: str) -> None:
    assert "requirepass" in refused(tmp_path / "school", REDIS_URL=redis_url, QUEUE="rq")


@pytest.mark.redis
def test_the_same_code_runs_on_postgresql_and_redis(tmp_path: Path, postgres_url: str, closed_redis: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE school")
    url = postgres_url.rpartition("/")[0] + "/school"
    with started(tmp_path / "school", DATABASE_URL=url, REDIS_URL=closed_redis, QUEUE="") as start:
        assert "Basis data: PostgreSQL (127.0.0.1/school)" in start.said()
        assert "Antrean: Redis + RQ (REDIS_URL)" in start.said()
        assert start.answers("/") == 200
        assert not (tmp_path / "school/tuntas.db").exists()


def school_of(admin: str, folder: Path, migrated_file: Path) -> Path:
    """A database with nobody but that admin."""
    folder.mkdir()
    shutil.copy(migrated_file, folder / "tuntas.db")
    columns, values = "name, email, role, status, locale, timezone, theme, created_at", "?, ?, ?, ?, ?, ?, ?, ?"
    person = ("Admin", admin, "lms_admin", "active", "id", "Asia/Jakarta", "auto", "2026-01-01 00:00:00")
    with closing(sqlite3.connect(folder / "tuntas.db")) as connection, connection:
        connection.execute(f"INSERT INTO users ({columns}) VALUES ({values})", person)
    return folder


def test_the_demo_school_does_not_become_a_real_one(tmp_path: Path, migrated_file: Path) -> None:
    assert "berisi sekolah demo" in refused(school_of("admin@demo.test", tmp_path / "school", migrated_file))


def test_t_aut_12_no_worker_works_for_the_demo_school_in_production(tmp_path: Path, migrated_file: Path) -> None:
    keys = {name: name.lower() * 8 for name in ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")}
    folder = school_of("admin@demo.test", tmp_path / "school", migrated_file)
    settings = {"TUNTAS_PROFILE": "production", "INSTANCE": str(folder), "FLASK_APP": "wsgi"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "worker"],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | settings | keys, text=True, timeout=60, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "berisi sekolah demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_real_school_does_not_become_the_demo_one(tmp_path: Path, migrated_file: Path) -> None:
    folder = school_of("kepala@sekolah.test", tmp_path / "school", migrated_file)
    said = refused(folder, "run")
    assert "milik lembaga lain" in said
    assert "@demo.test" not in said


def test_a_disk_that_fills_while_the_database_is_readied_is_one_line(tmp_path: Path, migrated_file: Path) -> None:
    folder = school_of("admin@demo.test", tmp_path / "school", migrated_file)
    with closing(sqlite3.connect(folder / "tuntas.db")) as connection, connection:
        connection.execute("INSERT INTO settings VALUES ('demo', '1')")
    (folder / "prepared").symlink_to("/dev/full")
    settings = {"TUNTAS_PROFILE": "development", "INSTANCE": str(folder), "FLASK_APP": "wsgi"}
    done = subprocess.run(
        [sys.executable, "-m", "launcher.prepare"],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | settings, text=True, timeout=60, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "Disk penuh: kosongkan ruang, lalu jalankan lagi."
    assert "Traceback" not in done.stderr


def test_troubles_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "itu bukan folder" in refused(tmp_path / "file")
    assert "itu bukan folder" in refused(tmp_path / "file" / "school")
    assert "PORT=banyak" in refused(tmp_path / "school", PORT="banyak")
    assert "QUEUE=kafka" in refused(tmp_path / "school", QUEUE="kafka")
    assert "ada setelan yang salah: MAIL_PORT=surat" in refused(tmp_path / "school", MAIL_PORT="surat")
    assert "EVENTS_ENABLED=maybe" in refused(tmp_path / "school", EVENTS_ENABLED="maybe")
    assert "EVENTS_ENABLED=maybe" in refused(tmp_path / "school", "flask", "events", "list", EVENTS_ENABLED="maybe")
    assert "SECRET_KEY" in refused(tmp_path / "school", SECRET_KEY="pendek")
