"""Questions as a table: one a row, in the columns of `HEADER`."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from decimal import Decimal

from flask_babel import gettext as _

from app.assessments import grading
from app.assessments.exchange.parsed import Parsed, Reading
from app.assessments.models import Question
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import MOST_ROWS
from app.core.errors import Refused
from app.core.sheets import Sheet

CHOICES = MOST_ROWS
HEADER = ["jenis", "soal", "poin", "kunci", *(f"pilihan {n}" for n in range(1, CHOICES + 1)), "tag", "umpan balik"]
KINDS = {
    "pilihan ganda": "multiple_choice",
    "benar salah": "true_false",
    "isian": "short_answer",
    "menjodohkan": "matching",
    "angka": "numeric",
    "esai": "essay",
    "unggah berkas": "file_upload",
}


def _row(kind: str, text: str, points: object, key: str, choices: Iterable[str], tag: str, note: str) -> list[object]:
    return [kind, text, points, key, *_padded(choices), tag, note]


def _padded(texts: Iterable[str]) -> list[object]:
    found: list[object] = list(texts)[:CHOICES]
    return [*found, *[""] * (CHOICES - len(found))]


SAMPLE: list[list[object]] = [
    list(HEADER),
    _row("pilihan ganda", "Apa kepanjangan APD?", 2, "A", ["Alat pelindung diri", "Alat pemadam"], "k3", ""),
    _row("benar salah", "Helm termasuk APD.", 1, "benar", [], "k3", ""),
    _row("isian", "Ibu kota Indonesia?", 1, "Jakarta | DKI Jakarta", [], "", ""),
    _row("menjodohkan", "Pasangkan.", 2, "", ["Api = APAR", "Luka = P3K"], "", ""),
    _row("angka", "Berapa liter isinya?", 1, "87,5 ± 0,5", [], "", ""),
    _row("esai", "Jelaskan hierarki pengendalian.", 5, "", [], "", "Lihat bab 2."),
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
        cells = {title: row.cells[place] for title, place in columns.items()}
        _take(row.line, cells, reading)
    return reading


def table_of(questions: Iterable[Question]) -> Iterator[list[object]]:
    """The questions as the table that `read` reads."""
    names = {kind: name for name, kind in KINDS.items()}
    yield list(HEADER)
    for question in questions:
        version = question.current
        choices: list[str] = []
        key = ""
        if version.type == "multiple_choice":
            choices = [option.text for option in version.options]
            key = ", ".join(_LETTERS[n] for n, each in enumerate(version.options[:CHOICES]) if each.is_key)
        elif version.type == "matching":
            choices = [f"{option.text} = {option.partner}" for option in version.options]
        elif version.type == "short_answer":
            key = " | ".join(option.text for option in version.options)
        elif version.type == "true_false":
            key = "benar" if version.data.get("key") else "salah"
        elif version.type == "numeric":
            key = f"{version.data.get('value')} ± {version.data.get('tolerance') or 0}".replace(".", ",")
        tags = ", ".join(each.tag for each in question.tags)
        yield _row(names[version.type], version.text, version.points, key, choices, tags, version.feedback)


def _take(line: int, cells: dict[str, str], reading: Reading) -> None:
    kind = KINDS.get(cells["jenis"].casefold())
    points = next(iter(grading.readings(cells.get("poin", "") or "1")), None)
    if kind is None:
        names = ", ".join(KINDS)
        reading.refuse(line, _("Jenis “%(kind)s” tidak dikenal. Pilih: %(names)s.", kind=cells["jenis"], names=names))
    elif not cells["soal"]:
        reading.refuse(line, _("Kolom soal kosong."))
    elif points is None or not 1 <= points <= 1000:
        reading.refuse(line, _("Poin harus angka dari 1 sampai 1000."))
    else:
        data, options = _answered(kind, cells)
        content = Content(cells["soal"], Decimal(points), cells.get("umpan balik", ""), data, options)
        tags = tuple(tag for tag in cells.get("tag", "").split(",") if tag.strip())
        reading.take(Parsed(line, kind, content, tags))


def _answered(kind: str, cells: dict[str, str]) -> tuple[dict[str, object], tuple[Choice, ...]]:
    """`data` and options; what is missing in them is told by the type itself."""
    key = cells.get("kunci", "")
    choices = [cells.get(f"pilihan {number}", "") for number in range(1, CHOICES + 1)]
    if kind == "multiple_choice":
        letters = {letter.strip().upper() for letter in key.replace(";", ",").split(",")}
        options = [Choice(text, is_key=_LETTERS[n] in letters) for n, text in enumerate(choices) if text]
        return ({"multiple": True} if len(letters) > 1 else {}), tuple(options)
    if kind == "true_false":
        meant = grading.truth(key)
        return ({} if meant is None else {"key": meant}), ()
    if kind == "short_answer":
        return {}, tuple(Choice(text.strip(), is_key=True) for text in key.split("|") if text.strip())
    if kind == "matching":
        pairs = [text.split("=", 1) for text in choices if "=" in text]
        return {}, tuple(Choice(left.strip(), partner=right.strip()) for left, right in pairs)
    if kind == "numeric":
        value, _mark, tolerance = key.replace("+/-", "±").partition("±")
        found = [grading.readings(text) for text in (value, tolerance or "0")]
        if any(len(numbers) != 1 for numbers in found):  # 1.250 could be two numbers: the author has to say which
            return {}, ()
        return {"value": f"{min(found[0]):f}", "tolerance": f"{min(found[1]):f}", "unit": ""}, ()
    return {}, ()
