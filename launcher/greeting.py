"""What the terminal says once the pages answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from launcher import network, settings

DEMO_ACCOUNTS = """\
Akun demo, kata sandi semuanya tuntas-demo:
  Peserta            peserta@demo.test
  Pengelola Konten   konten@demo.test
  Pengajar           pengajar@demo.test
  Admin              admin@demo.test"""


def of(loaded: Mapping[str, Any], host: str, port: int, queue: str) -> str:
    """The address, who can sign in, and what Tuntas runs on; `queue` says which transport was taken and why."""
    real = loaded["PROFILE"] == "production"
    lines = ["", f"Tuntas siap: {loaded['BASE_URL']}"]
    lines += _for_a_school(loaded, host, port) if real else [DEMO_ACCOUNTS]
    lines += [f"Basis data: {_database(loaded['SQLALCHEMY_DATABASE_URI'])}", f"Antrean: {queue}", "Berhenti: Ctrl+C"]
    return "\n".join(lines)


def _for_a_school(loaded: Mapping[str, Any], host: str, port: int) -> list[str]:
    file = settings.settings_file(loaded["INSTANCE"])
    lines = []
    if not loaded["HTTPS"]:
        addresses = [] if host == "127.0.0.1" else network.own_addresses()
        near = {f"http://{each}:{port}" for each in addresses} - {loaded["BASE_URL"]}
        lines += [f"Di jaringan ini juga: {each}" for each in sorted(near)]
        lines.append("Perhatian: tanpa HTTPS. Cukup untuk jaringan sekolah sendiri, tidak untuk internet.")
    if not loaded["MAIL_SERVER"]:
        lines.append("Perhatian: email belum diatur, MAIL_SERVER masih kosong.")
    return [*lines, f"Setelan: {file}"]


def _database(url: str) -> str:
    if url.startswith("sqlite:///"):
        return f"SQLite ({Path(url.removeprefix('sqlite:///'))})"
    parts = urlsplit(url)
    return f"PostgreSQL ({parts.hostname or 'soket lokal'}{parts.path})"
