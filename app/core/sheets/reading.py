"""A table from an uploaded file, known by its bytes."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import IO

from flask_babel import gettext as _

from app.core.i18n import format_filesize
from app.core.sheets import delimited, workbook
from app.core.sheets.table import Sheet, SheetRefused, as_sheet, cleaned, cleaned_lines

MAX_BYTES = 10_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# PDF, RTF, a web page in one file, and markup such as HTML and SVG: text that is no table.
# Pictures hold NUL bytes, which no text does.
_FOREIGN = (b"%PDF", b"{\\rtf", b"MIME-Version", b"<")


def read_sheet(
    file: IO[bytes], name: str, *, max_rows: int = 5000, max_columns: int = 50, keep_lines: bool = False
) -> Sheet:
    """The table of a CSV or XLSX file, whatever its name says; `name` is only told in refusals.

    Of a workbook the first visible sheet counts, of a formula its last value. Lines are numbered as spreadsheets do:
    a blank line counts, a line break inside a cell does not, nor does `sep=;` above the header. Every cell is on one
    line; with `keep_lines` those of the rows keep their line breaks.
    Raises SheetRefused.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SheetRefused(
            _("Berkas paling besar %(size)s. Bagi berkasnya, lalu unggah satu per satu.",
              size=format_filesize(MAX_BYTES))
        )  # fmt: skip
    sheet = as_sheet(_lines(content, name, cleaned_lines if keep_lines else cleaned), max_rows, max_columns)
    return sheet._replace(unread=workbook.other_sheets(content)) if content.startswith(_ZIP) else sheet


def _lines(content: bytes, name: str, clean: Callable[[str], str]) -> Iterator[tuple[int, list[str]]]:
    if content.startswith(_OLD_EXCEL):
        raise SheetRefused(
            _('Berkas "%(name)s" dari Excel lama (.xls) atau dikunci dengan kata sandi. '
              "Buka berkasnya, simpan sebagai XLSX atau CSV tanpa kata sandi, lalu unggah lagi.", name=name)
        )  # fmt: skip
    lines = None
    if content.startswith(_ZIP):
        lines = workbook.lines(content, clean)
    elif not content.removeprefix(BOM_UTF8).lstrip().startswith(_FOREIGN):
        lines = delimited.lines(content, clean)
    if lines is None:
        raise SheetRefused(
            _('Berkas "%(name)s" bukan tabel. Buka berkasnya, simpan sebagai XLSX atau CSV, lalu unggah lagi.',
              name=name)
        )  # fmt: skip
    return lines
