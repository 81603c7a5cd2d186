"""What a row would change, given the people whom there are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.accounts.importing.columns import Columns
from app.accounts.importing.people import People, people_of
from app.accounts.importing.rows import KEPT, Wanted, read_row
from app.accounts.models import ImportRow, Role, User, UserStatus, Verdict
from app.accounts.words import role_name, zone_name
from app.core.sheets import Sheet

CHANGEABLE = ("name", "username", "email", "role", "timezone")
"""What an import may change about somebody who is there: never the password or the status."""
NAMED_LINES = 3


@dataclass
class Judgement:
    """Whom a row means (None: somebody new), what it changes (field → new value), what is wrong with it.

    `notes` are for whoever reads the row: the changes in words, and that a suspended person stays suspended.
    """

    wanted: Wanted
    user: User | None = None
    changes: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.problems:
            return Verdict.ERROR
        if self.user is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.SAME


def judge(wanted: Wanted, people: People, problems: Sequence[str] = ()) -> Judgement:
    """What the row would do now. `problems` are those of the row itself."""
    with_email, with_username = people.meant_by(wanted)
    if with_email and with_username and with_email.id != with_username.id:
        apart = _("Email ini milik satu akun, nama pengguna ini milik akun lain. Periksa mana yang benar.")
        return Judgement(wanted, problems=[*problems, apart])
    user = with_email or with_username
    judgement = Judgement(wanted, user, problems=[*problems, *_protected(user)])
    if user is not None and not judgement.problems:
        values = {name: getattr(wanted, name) for name in CHANGEABLE}
        judgement.changes = {name: new for name, new in values.items() if new and new != getattr(user, name)}
        judgement.notes = [_change_in_words(name, user, new) for name, new in judgement.changes.items()]
        judgement.problems += _unproved(user, judgement.changes)
        if user.status == UserStatus.SUSPENDED:
            judgement.notes.append(_("Akun ini sedang dinonaktifkan dan tetap begitu."))
    return judgement


def judge_stored(row: ImportRow, wanted: Wanted, people: People) -> Judgement:
    """What a checked row does at the moment of the import. What nobody was shown is refused, not done."""
    judgement = judge(wanted, people)
    shown = row.verdict, row.user_id
    now = judgement.verdict, judgement.user.id if judgement.user else None
    if judgement.verdict not in {Verdict.ERROR, Verdict.SAME} and now != shown:
        judgement.problems = [
            _("Akun ini berubah sejak tabel diperiksa. Unggah lagi tabelnya untuk melihat apa yang akan terjadi.")
        ]
    return judgement


def check_sheet(sheet: Sheet, columns: Columns) -> list[dict[str, Any]]:
    """The columns of an `ImportRow` for every row of the table. Reads people, changes nothing."""
    stored = [
        {name: row.cells[place][:KEPT] for name, place in columns.places.items() if row.cells[place]}
        for row in sheet.rows
    ]
    read = [read_row(cells) for cells in stored]
    people = people_of([wanted for wanted, _problems in read])
    judged = [judge(wanted, people, problems) for wanted, problems in read]
    lines = [row.line for row in sheet.rows]
    for place, problem in _repeated(lines, judged):
        judged[place].problems.append(problem)
    return [_as_row(*each) for each in zip(lines, stored, judged, strict=True)]


def _as_row(line: int, cells: Mapping[str, str], judgement: Judgement) -> dict[str, Any]:
    return {
        "line": line,
        "cells": cells,
        "verdict": judgement.verdict,
        "problems": judgement.problems or judgement.notes,
        "user_id": judgement.user.id if judgement.user else None,
    }


def _protected(user: User | None) -> Iterable[str]:
    if user is None:
        return
    if user.anonymized_at:
        yield _("Akun ini sudah dianonimkan dan tidak dapat diubah.")
    elif user.role == Role.LMS_ADMIN:
        yield _("Akun ini akun Admin, yang tidak diubah lewat impor. Ubah di halaman orangnya.")


def _unproved(user: User, changes: Mapping[str, str]) -> Iterable[str]:
    """Anybody may have registered with the address of a teacher: nobody is given a role for having been first."""
    if "role" in changes and user.email and user.email_verified_at is None:
        yield _("Email akun ini belum terverifikasi, jadi perannya tidak diubah lewat impor. Periksa orangnya dulu.")


def _change_in_words(name: str, user: User, new: str) -> str:
    old = getattr(user, name)
    words = {
        "name": _("Nama"),
        "username": _("Nama pengguna"),
        "email": _("Email"),
        "role": _("Peran"),
        "timezone": _("Zona waktu"),
    }
    if name == "role":
        old, new = role_name(old), role_name(new)
    if name == "timezone":
        old, new = zone_name(old), zone_name(new)
    return str(_("%(field)s: %(old)s → %(new)s", field=words[name], old=old or "–", new=new))


def _repeated(lines: Sequence[int], judged: Sequence[Judgement]) -> Iterable[tuple[int, str]]:
    """(place, sentence) for every row that says the same as another: nobody knows which of the two is meant."""
    of_email = _groups(judged, lambda each: each.wanted.email)
    of_username = _groups(judged, lambda each: each.wanted.username)
    of_account = _groups(judged, lambda each: each.user.id if each.user else None)
    told = {place for group in (*of_email, *of_username) for place in group}
    for sentence, groups in (
        (_("Email ini juga ada di baris %(lines)s."), of_email),
        (_("Nama pengguna ini juga ada di baris %(lines)s."), of_username),
        # Where the same email or user name is told already, this would add nothing.
        (_("Akun ini juga dimaksud di baris %(lines)s."), [each for each in of_account if not told.issuperset(each)]),
    ):
        for group in groups:
            for place in group:
                yield place, sentence % {"lines": _others(lines, group, place)}


def _groups(judged: Sequence[Judgement], key: Callable[[Judgement], str | int | None]) -> list[list[int]]:
    """The places of the rows that have the same key as another row."""
    places: dict[str | int, list[int]] = defaultdict(list)
    for place, each in enumerate(judged):
        value = key(each)
        if value is not None:
            places[value].append(place)
    return [group for group in places.values() if len(group) > 1]


def _others(lines: Sequence[int], places: Sequence[int], place: int) -> str:
    others = [str(lines[each]) for each in places[: NAMED_LINES + 1] if each != place][:NAMED_LINES]
    return ", ".join(others) + (", …" if len(places) > NAMED_LINES + 1 else "")
