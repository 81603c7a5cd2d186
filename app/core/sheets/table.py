"""What a table is: one header, and rows that fit under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from openpyxl.utils.cell import get_column_letter

from app.core.errors import Refused
from app.core.forms import clean_line, clean_text
from app.core.i18n import format_number


class SheetRefused(Refused):
    """The file is no table, or one beyond the limits."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "file")


class Row(NamedTuple):
    """`line` is the row's number in a spreadsheet; `cells` are as many as the header has, "" where nothing stands."""

    line: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """The header as it was typed, and the rows under it that are not empty; `unread` are the names of other sheets."""

    header: tuple[str, ...]
    rows: list[Row]
    unread: tuple[str, ...] = ()


def cleaned(text: str) -> str:
    """As `core.forms.clean_line`, and fast for the plain text that most cells hold."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return clean_line(text) or ""


def cleaned_lines(text: str) -> str:
    """As `core.forms.clean_text`: the line breaks of a cell stay, and fast for plain text."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return clean_text(text) or ""


def as_sheet(lines: Iterable[tuple[int, list[str]]], max_rows: int, max_columns: int) -> Sheet:
    """The table of numbered lines of clean cells: the first line that is not empty is the header.

    Raises SheetRefused: no header, a column without a title, a title twice, too many rows or columns.
    """
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for line, cells in lines:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > max_columns:
            raise SheetRefused(
                _("Paling banyak %(most)s kolom dalam satu berkas. Hapus kolom yang tidak perlu, lalu unggah lagi.",
                  most=format_number(max_columns))
            )  # fmt: skip
        if not header:
            header = _header(line, [cleaned(title) for title in cells])
            continue
        if len(rows) == max_rows:
            raise SheetRefused(
                _("Paling banyak %(most)s baris dalam satu berkas. Bagi berkasnya, lalu unggah satu per satu.",
                  most=format_number(max_rows))
            )  # fmt: skip
        rows.append(Row(line, _fitted(line, cells, len(header))))
    if not header:
        raise SheetRefused(_("Berkas ini kosong. Isi judul kolom di baris pertama dan data di bawahnya."))
    return Sheet(header, rows)


def _header(line: int, cells: list[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    for number, title in enumerate(cells, 1):
        if not title:
            raise SheetRefused(
                _("Kolom %(column)s tidak berjudul. Tulis judulnya di baris %(line)s, lalu unggah lagi.",
                  column=get_column_letter(number), line=line)
            )  # fmt: skip
        if title.casefold() in seen:
            raise SheetRefused(
                _('Judul kolom "%(title)s" ada dua kali. Hapus atau ubah salah satunya, lalu unggah lagi.', title=title)
            )
        seen.add(title.casefold())
    return tuple(cells)


def _fitted(line: int, cells: list[str], width: int) -> tuple[str, ...]:
    # What stands beside the table is a value that slid out of its column, or one that nobody would ever read.
    if len(cells) > width:
        raise SheetRefused(
            _("Baris %(line)s berisi %(cells)s sel, padahal judul kolom hanya %(width)s. "
              "Periksa baris itu dan judul di baris pertama, lalu unggah lagi.",
              line=line, cells=len(cells), width=width)
        )  # fmt: skip
    return (*cells, *[""] * (width - len(cells)))
