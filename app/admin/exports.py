"""Files for a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from flask_babel import pgettext

from app.accounts.models import User
from app.admin import words
from app.core.i18n import zone
from app.core.sheets import csv_lines
from app.events.models import AuditEntry


def audit_csv(rows: Iterable[tuple[AuditEntry, User | None]]) -> Iterator[str]:
    """The lines of the file, one after the other; moments are told in the reader's zone."""
    return csv_lines(_cells(rows))


def _cells(rows: Iterable[tuple[AuditEntry, User | None]]) -> Iterator[list[object]]:
    yield [
        _("Nomor"), _("Waktu"), _("Arti"), pgettext("satu", "Peristiwa"), _("Tingkat"), _("Benda"), _("Nomor benda"),
        _("Nomor orang"), _("Orang"), _("Rincian"), _("ID peristiwa"), _("Rantai"),
    ]  # fmt: skip
    for entry, actor in rows:
        yield [
            entry.seq, entry.occurred_at.astimezone(zone()).isoformat(sep=" ", timespec="seconds"),
            words.event(entry.event_name), entry.event_name, words.severity(entry.severity),
            words.thing(entry.aggregate_type), entry.aggregate_id, entry.actor_id, actor.name if actor else "",
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True), entry.event_id, entry.hash,
        ]  # fmt: skip
