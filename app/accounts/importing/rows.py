"""What one row asks for, and what is wrong with it whoever else there is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from flask_babel import gettext as _

from app.accounts.models import Role
from app.core.forms import EMAIL
from app.core.i18n import format_number

MAX_NAME, MAX_EMAIL = 150, 254
KEPT = 300
"""Characters of a cell that are kept and shown: longer than any that is accepted."""

_USERNAME = re.compile(r"[a-z0-9._-]{2,50}")
_ROUNDED = re.compile(r"[0-9]+([.,][0-9]+)?e\+?[0-9]+")
_ROLES = {
    "peserta": Role.LEARNER, "siswa": Role.LEARNER, "murid": Role.LEARNER, "mahasiswa": Role.LEARNER,
    "learner": Role.LEARNER, "student": Role.LEARNER,
    "pengajar": Role.TRAINER, "guru": Role.TRAINER, "dosen": Role.TRAINER, "instruktur": Role.TRAINER,
    "trainer": Role.TRAINER, "teacher": Role.TRAINER,
    "pengelola konten": Role.CONTENT_MANAGER, "content manager": Role.CONTENT_MANAGER,
    "admin": Role.LMS_ADMIN, "administrator": Role.LMS_ADMIN, "lms admin": Role.LMS_ADMIN,
}  # fmt: skip
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_JOINERS = "\u200c\u200d"
"""Unseen, but part of how some scripts are written."""


class Wanted(NamedTuple):
    """What a row asks for, as far as it could be read; None where its cell is empty or wrong."""

    name: str
    email: str | None = None
    username: str | None = None
    role: Role | None = None
    timezone: str | None = None


def read_row(cells: Mapping[str, str]) -> tuple[Wanted, list[str]]:
    """The row's wish and the sentences on what is wrong with it. `cells` are texts by field of `columns.FIELDS`."""
    email, username = cells.get("email", "").lower(), cells.get("username", "").lower()
    typed_role, typed_zone = cells.get("role", ""), cells.get("timezone", "")
    role, zone = _ROLES.get(" ".join(re.split(r"[\s_-]+", typed_role.casefold()))), _zone(typed_zone)
    problems = [*_of_name(cells.get("name", "")), *_of_email(email), *_of_username(username)]
    if not email and not username:
        problems.append(_("Email dan nama pengguna kosong. Isi salah satunya, untuk masuk."))
    if role == Role.LMS_ADMIN:
        problems.append(_("Admin tidak dapat dibuat lewat impor. Buat akunnya satu per satu di halaman Peserta."))
    elif typed_role and role is None:
        problems.append(
            _('Peran "%(role)s" tidak dikenal. Pakai Peserta, Pengajar, atau Pengelola Konten.', role=typed_role)
        )
    if typed_zone and zone is None:
        problems.append(_('Zona waktu "%(zone)s" tidak dikenal. Pakai WIB, WITA, atau WIT.', zone=typed_zone))
    wanted = Wanted(
        name=cells.get("name", ""),
        email=email if email and not any(_of_email(email)) else None,
        username=username if username and not any(_of_username(username)) else None,
        role=role,
        timezone=zone,
    )
    return wanted, problems


def _of_name(name: str) -> Iterator[str]:
    if not name:
        yield _("Nama kosong.")
    if len(name) > MAX_NAME:
        yield _("Nama terlalu panjang: paling banyak %(most)s karakter.", most=format_number(MAX_NAME))
    if any(map(_is_unseen, name)):
        yield _("Nama memuat karakter yang tidak tampak, misalnya pembalik arah tulisan. Ketik ulang namanya.")


def _of_email(email: str) -> Iterator[str]:
    if len(email) > MAX_EMAIL:
        yield _("Email terlalu panjang: paling banyak %(most)s karakter.", most=format_number(MAX_EMAIL))
    elif email and not EMAIL.regex.match(email):
        yield _('Email "%(email)s" tidak benar.', email=email)


def _of_username(username: str) -> Iterator[str]:
    if _ROUNDED.fullmatch(username):
        yield _(
            "Excel telah membulatkan nama pengguna ini (%(number)s). Atur kolomnya sebagai Teks, ketik ulang nomornya, "
            "lalu unggah lagi.", number=username
        )  # fmt: skip
    elif username and not _USERNAME.fullmatch(username):
        yield _(
            'Nama pengguna "%(username)s" tidak benar: 2–50 huruf, angka, titik, garis bawah, atau tanda hubung, tanpa '
            "spasi dan tanpa @.", username=username
        )  # fmt: skip


def _is_unseen(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _zone(typed: str) -> str | None:
    return _ZONES.get(typed.casefold()) or _known_zones().get(typed.casefold()) if typed else None


@cache
def _known_zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
