"""What is weak about this installation, each with its cure: for `flask check`, and for the start of production."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, func, select

import config
from app.accounts.models import Role, TwoFactor, User, UserStatus
from app.core import mail
from app.core.db import db
from app.core.settings import institution
from app.events.exposure import weaknesses
from app.events.queries import workers

DEMO_ADDRESS = "@demo.test"
LEAST_MEMORY = 19 * 1024
"""KiB of argon2id: what OWASP asks for at the least, with two passes."""


class Weakness(NamedTuple):
    """A sentence for the operator. Production does not start with a grave one."""

    grave: bool
    sentence: str


def all_weaknesses() -> list[Weakness]:
    """Everything that is weak here, the grave first. The database is only asked when it has its tables."""
    found = [*_settings(), *_address(), *_files(), *_mail(), *_redis()]
    outdated = list(_schema())
    found += outdated or [*_people(), *_workers()]
    return sorted(found, key=lambda each: not each.grave)


def refuse_grave() -> None:
    """Raises SystemExit in production for what is grave. Whatever serves pages or works the queue calls it first."""
    if current_app.config["PROFILE"] != "production":
        return
    grave = [each.sentence for each in all_weaknesses() if each.grave]
    db.session.rollback()  # a worker goes on in this session for days
    if grave:
        raise SystemExit(
            "\n".join([_("Tuntas tidak dijalankan, karena belum aman:"), *(f"- {each}" for each in grave)])
        )


def _settings() -> Iterator[Weakness]:
    for sentence in config.weaknesses(current_app.config):
        yield Weakness(True, sentence)
    cost = current_app.config["ARGON2"]
    if cost["memory_cost"] < LEAST_MEMORY or cost["time_cost"] < 2:
        yield Weakness(True, _("Kata sandi di-hash terlalu murah. Pakai nilai bawaan ARGON2."))


def _address() -> Iterator[Weakness]:
    base = urlsplit(current_app.config["BASE_URL"])
    if base.scheme == "https" and not current_app.config["PROXIES"]:
        yield Weakness(
            False,
            _(
                "BASE_URL memakai https, tetapi PROXIES=0: di balik proksi semua orang tampak datang dari satu alamat, "
                "dan batas percobaan masuk mengenai semuanya. Isi PROXIES dengan jumlah proksi di depan server ini."
            ),
        )
    if base.scheme != "https" and base.hostname not in {"localhost", "127.0.0.1"}:
        yield Weakness(
            False,
            _("BASE_URL memakai http: kata sandi terbaca di jaringan. Pasang HTTPS bila server terbuka ke internet."),
        )
    if "*" in (current_app.config["TRUSTED_HOSTS"] or ()):
        yield Weakness(True, _("TRUSTED_HOSTS memuat *: setiap host dipercaya. Tulis hanya nama host yang dipakai."))


def _files() -> Iterator[Weakness]:
    folder = Path(current_app.config["INSTANCE"])
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield Weakness(
            False, _("Folder %(folder)s terbuka bagi semua pengguna mesin ini. Jalankan chmod 700.", folder=folder)
        )


def _mail() -> Iterator[Weakness]:
    settings = current_app.config
    if not mail.is_configured():
        yield Weakness(
            False,
            _("Server email belum diatur (MAIL_SERVER): email tidak diverifikasi, kata sandi baru hanya lewat admin."),
        )
    elif not (settings["MAIL_USE_TLS"] or settings["MAIL_USE_SSL"]):
        yield Weakness(False, _("Email dikirim tanpa TLS. Nyalakan MAIL_USE_TLS atau MAIL_USE_SSL."))


def _redis() -> Iterator[Weakness]:
    transport = current_app.extensions["events"].transport
    if current_app.extensions["events"].mode != "on":
        yield Weakness(False, _("EVENTS_ENABLED bukan on: reaksi atas peristiwa tidak berjalan."))
    if not transport.rings:
        return
    try:
        for sentence in weaknesses(transport.redis):
            yield Weakness(True, sentence)
    except RedisError:
        yield Weakness(False, _("Redis di REDIS_URL tidak menjawab. Halaman tetap berjalan, reaksi menunggu."))


def _schema() -> Iterator[Weakness]:
    newest = ScriptDirectory(current_app.config["MIGRATIONS"]).get_current_head()
    present = MigrationContext.configure(db.session.connection()).get_current_revision()
    if present != newest:
        yield Weakness(True, _("Basis data belum mutakhir. Jalankan make flask CMD='db upgrade'."))


def _people() -> Iterator[Weakness]:
    active = User.status == UserStatus.ACTIVE
    if _count(User.email.endswith(DEMO_ADDRESS, autoescape=True)):
        yield Weakness(
            True, _("Basis data berisi sekolah demo, yang kata sandinya diketahui semua orang. Pakai basis data lain.")
        )
    if not _count(active, User.role == Role.LMS_ADMIN):
        yield Weakness(False, _("Belum ada admin. Jalankan make flask CMD=create-admin, lalu buka tautannya."))
    protected = select(TwoFactor.user_id).where(TwoFactor.confirmed_at.is_not(None))
    plain = _count(active, User.role == Role.LMS_ADMIN, User.id.not_in(protected))
    if plain and not institution().two_factor_for_staff:
        yield Weakness(False, _("%(count)s admin masuk tanpa langkah kedua. Nyalakan masuk dua langkah.", count=plain))


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalars(select(func.count()).select_from(User).where(*conditions)).one()


def _workers() -> Iterator[Weakness]:
    if not workers():
        yield Weakness(False, _("Tidak ada pekerja yang hidup: email dan sertifikat menunggu. Jalankan flask worker."))
