"""Questions as a table: one a row, in the columns of `HEADER`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from flask_babel import gettext as _

from app.assessments import grading
from app.assessments.exchange.parsed import Parsed, Reading
from app.assessments.models import Question
from app.assessments.questions.content import Choice, Content
from app.core.errors import Refused
from app.core.sheets import Sheet

CHOICES = 6
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
SAMPLE: list[list[object]] = [
    list(HEADER),
    ["pilihan ganda", "Apa kepanjangan APD?", 2, "A", "Alat pelindung diri", "Alat pemadam", "", "", "", "", "k3", ""],
    ["benar salah", "Helm termasuk APD.", 1, "benar", "", "", "", "", "", "", "k3", ""],
    ["isian", "Ibu kota Indonesia?", 1, "Jakarta | DKI Jakarta", "", "", "", "", "", "", "", ""],
    ["menjodohkan", "Pasangkan.", 2, "", "Api = APAR", "Luka = P3K", "", "", "", "", "", ""],
    ["angka", "Berapa liter isinya?", 1, "87,5 ± 0,5", "", "", "", "", "", "", "", ""],
    ["esai", "Jelaskan hierarki pengendalian.", 5, "", "", "", "", "", "", "", "", "Lihat bab 2."],
]
_LETTERS = "ABCDEF"


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
        choices: list[object] = [""] * CHOICES
        key = ""
        if version.type == "multiple_choice":
            choices = _padded(option.text for option in version.options)
            key = ", ".join(_LETTERS[n] for n, each in enumerate(version.options[:CHOICES]) if each.is_key)
        elif version.type == "matching":
            choices = _padded(f"{option.text} = {option.partner}" for option in version.options)
        elif version.type == "short_answer":
            key = " | ".join(option.text for option in version.options)
        elif version.type == "true_false":
            key = "benar" if version.data.get("key") else "salah"
        elif version.type == "numeric":
            key = f"{version.data.get('value')} ± {version.data.get('tolerance') or 0}".replace(".", ",")
        tags = ", ".join(each.tag for each in question.tags)
        yield [names[version.type], version.text, version.points, key, *choices, tags, version.feedback]


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
        numbers = [min(grading.readings(text), default=None) for text in (value, tolerance or "0")]
        if None in numbers:
            return {}, ()
        return {"value": f"{numbers[0]:f}", "tolerance": f"{numbers[1]:f}", "unit": ""}, ()
    return {}, ()


def _padded(texts: Iterable[str]) -> list[object]:
    found: list[object] = list(texts)[:CHOICES]
    return [*found, *[""] * (CHOICES - len(found))]
