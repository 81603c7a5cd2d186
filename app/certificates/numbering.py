"""The number on a certificate, by the institution's scheme."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import gettext as _

from app.core.errors import Refused

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_FIELD = re.compile(r"\{(urut|bulan|bulan_romawi|tahun)(?::0(\d))?\}")
LONGEST = 100


def write_number(scheme: str, sequence: int, day: date) -> str:
    """`{urut:03}/SERT/{bulan_romawi}/{tahun}` with 7 in August 2026 is `007/SERT/VIII/2026`."""
    values = {"urut": sequence, "bulan": day.month, "bulan_romawi": _ROMAN[day.month - 1], "tahun": day.year}
    return _FIELD.sub(lambda found: str(values[found[1]]).zfill(int(found[2] or 0)), scheme)


def check_scheme(scheme: str) -> None:
    """Raises Refused for a scheme that could give two certificates the same number, or one too long for its paper."""
    used = {found[1] for found in _FIELD.finditer(scheme)}
    sample = write_number(scheme, 99_999, date(2026, 8, 17))
    if not used >= {"urut", "tahun"} or "{" in sample or "}" in sample or len(sample) > LONGEST:
        raise Refused(
            _("Pola nomor harus memuat {urut} dan {tahun}; selain itu hanya {bulan} dan {bulan_romawi} yang dikenal."),
            field="certificate_number",
        )
