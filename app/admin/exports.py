"""The audit log for a spreadsheet: `;`, UTF-8 with a byte order mark, and no cell that it would calculate."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.admin import words
from app.core.i18n import zone
from app.events.models import AuditEntry

# What spreadsheets take for the beginning of a formula, the full-width forms of East Asian keyboards included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """The value as text; what would begin a formula stands behind an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def audit_csv(rows: Iterable[tuple[AuditEntry, User | None]]) -> Iterator[str]:
    """The lines of the file, one after the other; moments are told in the reader's zone."""
    yield "\ufeff"
    yield _line(
        [_("Nomor"), _("Waktu"), _("Arti"), _("Peristiwa"), _("Tingkat"), _("Benda"), _("Nomor benda"),
         _("Nomor orang"), _("Orang"), _("Rincian"), _("ID peristiwa"), _("Rantai")]
    )  # fmt: skip
    for entry, actor in rows:
        yield _line(
            [entry.seq, entry.occurred_at.astimezone(zone()).isoformat(sep=" ", timespec="seconds"),
             words.event(entry.event_name), entry.event_name, words.severity(entry.severity),
             words.thing(entry.aggregate_type), entry.aggregate_id, entry.actor_id, actor.name if actor else "",
             json.dumps(entry.details, ensure_ascii=False, sort_keys=True), entry.event_id, entry.hash]
        )  # fmt: skip


def _line(cells: list[Any]) -> str:
    line = StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([safe_cell(each) for each in cells])
    return line.getvalue()
