"""The list of people for a spreadsheet. Its first columns are those that the import reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts.models import Role, UserStatus
from app.accounts.words import role_name
from app.core.i18n import zone


def people_table(rows: Iterable[Row[Any]]) -> Iterator[list[object]]:
    """The header and a row a person; moments are told in the reader's zone."""
    # The import knows the columns by these names, whatever language the reader has.
    yield ["nama", "email", "nama_pengguna", "peran", "status", "bergabung", "terakhir_terlihat"]
    here, roles = zone(), {str(role): role_name(role) for role in Role}
    states = {UserStatus.ACTIVE: _("Aktif"), UserStatus.SUSPENDED: _("Nonaktif")}
    for name, email, username, role, status, joined, seen in rows:
        yield [name, email, username, roles[role], states[status], _moment(joined, here), _moment(seen, here)]


def _moment(at: datetime | None, here: tzinfo) -> str:
    return at.astimezone(here).strftime("%Y-%m-%d %H:%M") if at else ""
