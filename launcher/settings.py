"""Completes the environment, from which config.py and the children read everything: folder, keys, addresses."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import config
from launcher import network
from launcher.trouble import Trouble, say

KEYS = {"SECRET_KEY": "secret.key", "AUDIT_KEY": "audit.key", "TOTP_KEY": "totp.key"}
REAL = config.ROOT / "instance"
DEMO = REAL / "demo"
"""A folder of its own: the demo school, whose password everybody knows, never becomes the real one."""


def folder_of(command: str) -> Path:
    """INSTANCE, else the folder of the command; `flask` works on the real school as soon as there is one."""
    if os.environ.get("INSTANCE"):
        return Path(os.environ["INSTANCE"]).absolute()
    if command == "flask":
        return REAL if settings_file(REAL).exists() else DEMO
    return REAL if command == "serve" else DEMO


def settings_file(folder: Path) -> Path:
    """The operator's settings of a real school."""
    return folder / "serve.env"


@contextmanager
def claimed(folder: Path, least_free_mb: int = 50) -> Iterator[None]:
    """Makes the folder, and keeps others from starting on it during the block.

    Raises Trouble when one runs already or the disk is full; OSError when it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise Trouble(f"Tuntas sudah berjalan dari {folder} (proses {lock.read().strip()})") from error
        free = shutil.disk_usage(folder).free // 2**20
        if free < least_free_mb:
            raise Trouble(f"disk penuh: di {folder} tinggal {free} MB, perlu sedikitnya {least_free_mb} MB")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def complete(profile: str, folder: Path) -> None:
    """Puts the profile, the settings file and the keys into the environment. What stands there already wins.

    The demo school keeps its deliveries, so that its history of four months can be looked at.
    """
    os.environ |= {"TUNTAS_PROFILE": profile, "INSTANCE": str(folder), "FLASK_APP": "wsgi"}
    if profile == "production":
        _read_settings_file(settings_file(folder))
    else:
        os.environ.setdefault("EVENTS_KEEP_DAYS", "3650")
    for name, file in KEYS.items():
        if not os.environ.get(name):
            os.environ[name] = _key(folder / "keys" / file)


def _read_settings_file(path: Path) -> None:
    if not path.exists():
        _write_private(path, (config.ROOT / ".env.example").read_text())
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or not name.isidentifier():
            raise Trouble(f"{path} baris {number}: tulis NAMA=nilai")
        os.environ.setdefault(name, value.strip().strip("\"'"))


def _key(path: Path) -> str:
    """The key in the file; made when there is none. A damaged one is never replaced: what it signed would be lost."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_private(path, secrets.token_urlsafe(48) + "\n")
    path.chmod(0o600)
    key = path.read_text().strip()
    if len(key) < 32:
        raise Trouble(f"kunci {path} rusak; kembalikan dari cadangan Anda")
    return key


def _write_private(path: Path, text: str) -> None:
    """Writes a file that nobody else may read. After a power cut it is there as a whole, or not at all."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def port() -> int:
    """PORT, else 8000. Raises Trouble when it is no port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT={text}: pilih angka 1 sampai 65535, misalnya PORT=8001")
    return int(text)


def add_addresses(base_url: str) -> None:
    """Puts BASE_URL into the environment, and the names that a browser may ask for, unless TRUSTED_HOSTS says them."""
    os.environ["BASE_URL"] = base_url
    own = ["localhost", "127.0.0.1", *network.own_names(), *network.own_addresses()]
    if not os.environ.get("TRUSTED_HOSTS"):
        os.environ["TRUSTED_HOSTS"] = ",".join(dict.fromkeys([*own, urlsplit(base_url).hostname or "localhost"]))


def public_address(folder: Path, port_number: int, *, ask: bool) -> str:
    """BASE_URL of a real school: what the environment or the settings file says, else the operator, else a proposal.

    What the operator types is kept in the settings file.
    """
    known = os.environ.get("BASE_URL", "")
    if known:
        if not _is_address(known):
            raise Trouble(f"BASE_URL={known}: tulis alamat lengkap, misalnya https://belajar.sekolah.sch.id")
        return known.rstrip("/")
    proposal = f"http://{next(iter(network.own_addresses()), '127.0.0.1')}:{port_number}"
    if not ask:
        return proposal
    if not sys.stdin.isatty():
        say(f"BASE_URL tidak diisi, dipakai {proposal}. Isilah di {settings_file(folder)} bila alamatnya lain.")
        return proposal
    chosen = _ask(proposal)
    kept = settings_file(folder).read_text().replace("#BASE_URL=", "BASE_URL=", 1)
    lines = [f"BASE_URL={chosen}" if line.startswith("BASE_URL=") else line for line in kept.splitlines()]
    _write_private(settings_file(folder), "\n".join(lines) + "\n")
    return chosen


def _ask(proposal: str) -> str:
    say("Alamat apa yang diketik peserta di peramban? Alamat ini dipakai di email dan sertifikat.")
    while True:
        typed = input(f"Tekan Enter untuk {proposal}: ").strip().rstrip("/") or proposal
        if _is_address(typed):
            return typed
        say("Tulis alamat lengkap, misalnya https://belajar.sekolah.sch.id")


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.path.strip("/")
