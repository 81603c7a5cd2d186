"""How much room the institution gives to files."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core.db import db
from app.core.errors import Refused
from app.core.i18n import format_filesize
from app.core.settings import institution
from app.courses.queries import space_used

GIGABYTE = 1_000_000_000


class QuotaFull(Refused):
    """The institution's files would need more room than it gives them."""


def reserve(size: int) -> None:
    """To be called in the transaction that adds a file of so many bytes. Raises QuotaFull when they have no room."""
    if db.session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("quota", 0))))
    quota, used = institution().storage_gb * GIGABYTE, space_used()
    if used + size > quota:
        raise QuotaFull(
            _("Ruang berkas lembaga tidak cukup: terpakai %(used)s dari %(quota)s. Hubungi admin lembaga Anda.",
              used=format_filesize(used), quota=format_filesize(quota)), "file",
        )  # fmt: skip
