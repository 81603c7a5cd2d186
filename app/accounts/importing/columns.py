"""Which column of a table holds what, by the words that schools and offices put above it."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import Refused

FIELDS: dict[str, LazyString] = {
    "name": _l("Nama"),
    "email": _l("Email"),
    "username": _l("Nama pengguna"),
    "role": _l("Peran"),
    "timezone": _l("Zona waktu"),
}
"""The fields of a row in the order in which pages show them."""

SAMPLE = (
    ("Nama", "Nama pengguna", "Email", "Peran", "Zona waktu"),
    ("Ayu Lestari", "0081234567", "", "Peserta", "WIB"),
    ("Muhammad Rizky Pratama", "0081234568", "rizky@contoh.sch.id", "Peserta", "WITA"),
    ("Dra. Siti Aminah, M.Pd.", "", "siti.aminah@contoh.sch.id", "Pengajar", ""),
)
"""The table that is offered as an example; the user names show that leading zeros stay."""

_TITLES = {
    "name": {"nama", "namalengkap", "namapeserta", "namasiswa", "namaguru", "namapegawai", "name", "fullname"},
    "email": {"email", "surel", "alamatemail", "alamatsurel", "emailaddress", "mail", "posel"},
    "username": {
        "namapengguna", "username", "nis", "nisn", "nip", "nim", "nomorinduk", "noinduk", "userid", "login",
        "user",
    },
    "role": {"peran", "role", "peranpengguna", "userrole"},
    "timezone": {"zona", "zonawaktu", "timezone", "tz"},
}  # fmt: skip
_FIELD_OF = {title: field for field, titles in _TITLES.items() for title in titles}
_NOT_A_LETTER = re.compile(r"[\W_]+")


class Columns(NamedTuple):
    """Field → the place of its column, and the titles of the columns that mean nothing here."""

    places: dict[str, int]
    ignored: tuple[str, ...]


def columns_of(header: tuple[str, ...]) -> Columns:
    """What the titles mean, in any case and with any spaces, hyphens and underscores between the words.

    Raises Refused at the file: no column for the name, none to sign in with, two for the same field.
    """
    places: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(header):
        field = _FIELD_OF.get(_NOT_A_LETTER.sub("", title).casefold())
        if field is None:
            ignored.append(title)
        elif field in places:
            raise Refused(
                _('Kolom "%(first)s" dan "%(second)s" sama-sama berarti %(field)s. Hapus salah satunya, lalu unggah '
                  "lagi.", first=header[places[field]], second=title, field=FIELDS[field]), "file"
            )  # fmt: skip
        else:
            places[field] = place
    if "name" not in places:
        raise Refused(_('Kolom "Nama" tidak ada. Tulis judul itu di baris pertama, lalu unggah lagi.'), "file")
    if not {"email", "username"} & places.keys():
        raise Refused(
            _('Kolom "Email" atau "Nama pengguna" tidak ada. Salah satunya diperlukan untuk masuk; tambahkan, lalu '
              "unggah lagi."), "file"
        )  # fmt: skip
    return Columns(places, tuple(ignored))
