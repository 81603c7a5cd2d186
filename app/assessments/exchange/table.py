"""Questions as a table: one a row, in the columns of `HEADER`.

Inside a cell `|` parts accepted texts and `=` the sides of a pair; `\\|` and `\\=` are the signs themselves.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from app.assessments import grading
from app.assessments.exchange.parsed import Parsed, Reading
from app.assessments.models import Question
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import MOST_ROWS
from app.assessments.questions.numeric import LONGEST_UNIT, read_number, written
from app.assessments.questions.numeric import key as numeric_key
from app.core.errors import Refused
from app.core.forms import clean_line
from app.core.sheets import Sheet

CHOICES = MOST_ROWS
_CHOICES = [f"pilihan {n}" for n in range(1, CHOICES + 1)]
HEADER = ["jenis", "soal", "poin", "kunci", *_CHOICES, "satuan", "opsi", "tag", "umpan balik"]
LONG = {"soal", "umpan balik"}
"""The columns whose cells may have several lines."""
KINDS = {
    "pilihan ganda": "multiple_choice",
    "benar salah": "true_false",
    "isian": "short_answer",
    "menjodohkan": "matching",
    "angka": "numeric",
    "esai": "essay",
    "unggah berkas": "file_upload",
}


SEVERAL, SIMILAR = "beberapa kunci", "ejaan mirip"
"""What stands under `opsi`: several choices may be ticked; a nearly right spelling earns a share."""


def _row(
    kind: str, text: str, points: object, key: str, choices: Iterable[str] = (), *,
    unit: str = "", option: str = "", tag: str = "", note: str = "",
) -> list[object]:  # fmt: skip
    return [kind, text, points, key, *_padded(choices), unit, option, tag, note]


def _padded(texts: Iterable[str]) -> list[object]:
    found: list[object] = list(texts)[:CHOICES]
    return [*found, *[""] * (CHOICES - len(found))]


SAMPLE: list[list[object]] = [
    list(HEADER),
    _row("pilihan ganda", "Apa kepanjangan APD?", 2, "A", ["Alat pelindung diri", "Alat pemadam"], tag="k3"),
    _row("pilihan ganda", "Mana yang APD?", 2, "A, B", ["Helm", "Sarung tangan", "Meja"], option=SEVERAL, tag="k3"),
    _row("benar salah", "Helm termasuk APD.", 1, "benar", tag="k3"),
    _row("isian", "Ibu kota Indonesia?", 1, "Jakarta | DKI Jakarta", option=SIMILAR),
    _row("menjodohkan", "Pasangkan.", 2, "", ["Api = APAR", "Luka = P3K"]),
    _row("angka", "Berapa isinya?", 1, "87,5 ± 0,5", unit="liter"),
    _row("esai", "Jelaskan hierarki pengendalian.", 5, "", note="Lihat bab 2."),
]
_LETTERS = string.ascii_uppercase


def read(sheet: Sheet) -> Reading:
    """Every question of the table. Raises Refused at `file` when a column that is needed is missing."""
    columns = {title.casefold().strip(): place for place, title in enumerate(sheet.header)}
    missing = [title for title in ("jenis", "soal") if title not in columns]
    if missing:
        raise Refused(_("Kolom %(names)s tidak ada. Pakai contoh tabelnya.", names=", ".join(missing)), "file")
    reading = Reading()
    for row in sheet.rows:
        cells = {title: _cell(title, row.cells[place]) for title, place in columns.items()}
        _take(row.line, cells, reading)
    return reading


def table_of(questions: Iterable[Question]) -> Iterator[list[object]]:
    """The questions as the table that `read` reads."""
    names = {kind: name for name, kind in KINDS.items()}
    yield list(HEADER)
    for question in questions:
        version = question.current
        choices: list[str] = []
        key = option = ""
        if version.type == "multiple_choice":
            choices = [each.text for each in version.options]
            key = ", ".join(_LETTERS[n] for n, each in enumerate(version.options[:CHOICES]) if each.is_key)
            option = SEVERAL if version.data.get("multiple") else ""
        elif version.type == "matching":
            choices = [f"{_escaped(each.text, '=')} = {_escaped(each.partner or '', '=')}" for each in version.options]
        elif version.type == "short_answer":
            key = " | ".join(_escaped(each.text, "|") for each in version.options)
            option = SIMILAR if version.data.get("similar") else ""
        elif version.type == "true_false":
            key = "benar" if version.data.get("key") else "salah"
        elif version.type == "numeric":
            value, tolerance = (version.data.get(name) or "0" for name in ("value", "tolerance"))
            key = f"{written(value)} ± {written(tolerance)}" if version.data.get("value") else ""
        tags = ", ".join(each.tag for each in question.tags)
        unit = version.data.get("unit", "")
        yield _row(
            names[version.type], version.text, version.points, key, choices,
            unit=unit, option=option, tag=tags, note=version.feedback,
        )  # fmt: skip


def _take(line: int, cells: dict[str, str], reading: Reading) -> None:
    kind = KINDS.get(cells["jenis"].casefold())
    points = [each for each in grading.readings(cells.get("poin", "") or "1") if 1 <= each <= 1000]
    if kind is None:
        names = ", ".join(KINDS)
        reading.refuse(line, _("Jenis “%(kind)s” tidak dikenal. Pilih: %(names)s.", kind=cells["jenis"], names=names))
    elif not cells["soal"]:
        reading.refuse(line, _("Kolom soal kosong."))
    elif len(points) != 1:
        reading.refuse(line, _("Poin harus angka dari 1 sampai 1000."))
    else:
        try:
            data, options = _answered(kind, cells)
        except Refused as refusal:
            reading.refuse(line, refusal.sentence)
            return
        content = Content(cells["soal"], grading.rounded(points[0]), cells.get("umpan balik", ""), data, options)
        tags = tuple(tag for tag in cells.get("tag", "").split(",") if tag.strip())
        reading.take(Parsed(line, kind, content, tags))


def _answered(kind: str, cells: dict[str, str]) -> tuple[dict[str, object], tuple[Choice, ...]]:
    """`data` and options; what is missing in them is told by the type itself. Raises Refused for what is unclear."""
    key, option = cells.get("kunci", ""), cells.get("opsi", "").casefold()
    choices = [cells.get(column, "") for column in _CHOICES]
    if kind == "multiple_choice":
        letters = {letter.strip().upper() for letter in key.replace(";", ",").split(",")} - {""}
        known = {_LETTERS[n]: text for n, text in enumerate(choices) if text}
        for letter in sorted(letters - set(known)):
            raise Refused(_("Kunci “%(key)s” bukan huruf sebuah pilihan. Tulis hurufnya, misalnya A.", key=letter[:60]))
        options = [Choice(text, is_key=letter in letters) for letter, text in known.items()]
        return ({"multiple": True} if len(letters) > 1 or option == SEVERAL else {}), tuple(options)
    if kind == "true_false":
        meant = grading.truth(key)
        return ({} if meant is None else {"key": meant}), ()
    if kind == "short_answer":
        accepted = [text for text in _parts(key, "|") if text]
        return ({"similar": True} if option == SIMILAR else {}), tuple(Choice(each, is_key=True) for each in accepted)
    if kind == "matching":
        return {}, tuple(_pair(text) for text in choices if text)
    if kind == "numeric" and key:
        value, _mark, tolerance = key.replace("+/-", "±").partition("±")
        numbers = read_number(value), read_number(tolerance or "0")
        return numeric_key(*numbers, unit=cells.get("satuan", "")[:LONGEST_UNIT]), ()
    return {}, ()


def _pair(text: str) -> Choice:
    left, *right = _parts(text, "=", 1)
    if not right:
        raise Refused(_("“%(text)s” bukan pasangan. Tulis kiri = kanan, misalnya Api = APAR.", text=text[:60]))
    return Choice(left, partner=right[0])


def _cell(title: str, text: str) -> str:
    return text if title in LONG else clean_line(text) or ""


def _escaped(text: str, sign: str) -> str:
    return text.replace(sign, f"\\{sign}")


def _parts(text: str, sign: str, splits: int = 0) -> list[str]:
    """The text at every `sign` that no `\\` stands before, or at the first `splits` of them."""
    parts = re.split(rf"(?<!\\){re.escape(sign)}", text, maxsplit=splits)
    return [part.replace(f"\\{sign}", sign).strip() for part in parts]
