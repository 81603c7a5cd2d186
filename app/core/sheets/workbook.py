"""XLSX: the first visible sheet, each cell as the text that a person would copy from it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.sax import SAXException
from zipfile import ZipFile

from flask_babel import gettext as _
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH

from app.core.sheets.package import Tag, opened, tags
from app.core.sheets.table import SheetRefused, cleaned
from app.core.sheets.values import Format, as_text, moment_as_text, number_formats
from app.core.zips import BREAKS

_BROKEN = (SAXException, LookupError, ArithmeticError, *BREAKS)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class _Book(NamedTuple):
    """Where the parts are that a sheet needs; None for one that there is not."""

    sheet: str
    strings: str | None
    styles: str | None
    mac: bool


def lines(content: bytes, clean: Callable[[str], str]) -> Iterator[tuple[int, list[str]]] | None:
    """The numbered rows, each cell through `clean`; None for an archive that is no workbook. Raises SheetRefused."""
    try:
        archive = opened(content)
        if "_rels/.rels" not in archive.namelist():
            return None
        book = _book(archive)
    except _BROKEN as error:
        raise _broken() from error
    return None if book is None else _whole(archive, book, clean)


def _whole(archive: ZipFile, book: _Book, clean: Callable[[str], str]) -> Iterator[tuple[int, list[str]]]:
    try:
        strings = list(_strings(archive, book.strings, clean)) if book.strings else []
        formats = number_formats(tags(archive, book.styles)) if book.styles else []
        for line, cells in _rows(archive, book, strings, formats, clean):
            yield line, [cells.get(number, "") for number in range(1, max(cells, default=0) + 1)]
    except _BROKEN as error:
        raise _broken() from error


def _broken() -> SheetRefused:
    return SheetRefused(_("Berkas ini rusak atau tidak lengkap. Buka di Excel, simpan sebagai XLSX, lalu unggah lagi."))


def _book(archive: ZipFile) -> _Book | None:
    main = next((target for kind, target in _related(archive, "").values() if kind == "officeDocument"), None)
    if main is None or main.endswith(".bin"):
        return None
    related = _related(archive, main)
    by_kind = dict(related.values())
    mac, hidden, known = False, False, False
    for name, found, _text in tags(archive, main):
        if name == "workbook":
            known = True
        elif found is None:
            continue
        elif name == "workbookPr":
            mac = found.get("date1904") in ("1", "true")
        elif name == "sheet":
            kind, target = related.get(_local(found, "id"), ("", ""))
            if kind == "worksheet" and found.get("state", "visible") == "visible":
                return _Book(target, by_kind.get("sharedStrings"), by_kind.get("styles"), mac)
            hidden = True
    if not known:
        return None
    if hidden:
        raise SheetRefused(_("Berkas ini tidak punya lembar yang terlihat. Tampilkan lembarnya, lalu unggah lagi."))
    raise _broken()


def other_sheets(content: bytes) -> tuple[str, ...]:
    """The names of the further visible sheets that hold something. Raises SheetRefused."""
    try:
        archive = opened(content)
        main = next(target for kind, target in _related(archive, "").values() if kind == "officeDocument")
        related = _related(archive, main)
        found = [
            (attributes["name"], related[_local(attributes, "id")][1])
            for name, attributes, _text in tags(archive, main)
            if name == "sheet" and attributes and attributes.get("state", "visible") == "visible"
        ]
        return tuple(cleaned(name) for name, part in found[1:] if _has_cells(archive, part))
    except _BROKEN as error:
        raise _broken() from error


def _has_cells(archive: ZipFile, part: str) -> bool:
    return any(name in {"v", "t"} for name, _attributes, _text in tags(archive, part))


def _related(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id → the last word of the kind, and the name of the part that is meant."""
    folder, main = posixpath.split(part)
    related = {}
    for name, found, _text in tags(archive, posixpath.join(folder, "_rels", f"{main}.rels")):
        if name == "Relationship" and found and found.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, found["Target"])).lstrip("/")
            related[found["Id"]] = (found["Type"].rpartition("/")[2], target)
    return related


def _local(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _strings(archive: ZipFile, part: str, clean: Callable[[str], str]) -> Iterator[str]:
    """The texts that cells refer to by number, each cleaned once, however many cells show it."""
    inside = ""
    for name, attributes, text in _written(archive, part):
        if name == "t":
            inside += text
        elif name == "si":
            if attributes is None:
                yield clean(_unescaped(inside))
            inside = ""


def _written(archive: ZipFile, part: str) -> Iterator[Tag]:
    """All tags but those of phonetic guides, which repeat a text in another script."""
    guide = False
    for tag in tags(archive, part):
        if tag[0] == "rPh":
            guide = tag[1] is not None
        elif not guide:
            yield tag


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _rows(
    archive: ZipFile, book: _Book, strings: list[str], formats: list[Format], clean: Callable[[str], str]
) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows that the part lists, however large it says that it is; column → text of the cells that hold one."""
    line = column = 0
    cells: dict[int, str] = {}
    cell: dict[str, str] = {}
    value = inline = ""
    for name, attributes, text in _written(archive, book.sheet):
        if name == "row":
            if attributes is None:
                yield line, cells
            else:
                line, column, cells = int(attributes.get("r", line + 1)), 0, {}
        elif name == "c":
            if attributes is not None:
                column = _column(attributes["r"]) if "r" in attributes else column + 1
                cell, value, inline = attributes, "", ""
            elif shown := _shown(cell, value, inline, strings, formats, book.mac):
                # A shared text is clean already, and there may be many cells that show it.
                shown = shown if cell.get("t") == "s" else clean(shown)
                if shown:
                    cells[column] = shown
        elif name == "v":
            value = text
        elif name == "t":
            inline += text
        elif name == "sheetData" and attributes is None:
            return


def _column(reference: str) -> int:
    return int(column_index_from_string(reference.rstrip("0123456789")))


def _shown(cell: dict[str, str], value: str, inline: str, strings: list[str], formats: list[Format], mac: bool) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _unescaped(inline)
    if not value:
        return ""
    if kind == "s":
        return strings[int(value)]
    if kind == "n":
        style = int(cell.get("s", 0))
        shape = formats[style] if style < len(formats) else Format()
        return as_text(value, shape, CALENDAR_MAC_1904 if mac else WINDOWS_EPOCH)
    if kind == "b":
        return "ya" if value in ("1", "true") else "tidak"
    return moment_as_text(value) if kind == "d" else _unescaped(value)
