"""CSV as spreadsheets write it: `;`, `,` or tab, in UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

from flask_babel import gettext as _

from app.core.sheets.table import SheetRefused
from app.core.sheets.writing import unguarded

_SEPARATORS = ";,\t"
# Excel's own first line, which names the separator; it is not shown as a row.
_NAMED = re.compile(r"sep=([;,\t])[\t;, ]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# A line as a spreadsheet sees it: line breaks inside of quotes belong to it.
_LINE = re.compile(r'(?:"[^"]*+"|[^"\r\n]++)++')
_QUOTED = re.compile(r'"[^"]*"')


def lines(content: bytes, clean: Callable[[str], str]) -> Iterator[tuple[int, list[str]]] | None:
    """The numbered lines, each cell through `clean`, without the guard of `csv_lines`; None for what is no text."""
    text = _decoded(content)
    return None if text is None else _lines(text, clean)


def _decoded(content: bytes) -> str | None:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _lines(text: str, clean: Callable[[str], str]) -> Iterator[tuple[int, list[str]]]:
    named = _NAMED.match(text)
    body = text[named.end() :] if named else text
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=named[1] if named else _separator(body), strict=True)
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            yield line, [clean(unguarded(each)) for each in cells]
    except csv.Error as error:
        raise SheetRefused(
            _("Tanda kutip di baris %(line)s tidak lengkap, sehingga selnya tidak dapat dibaca. "
              "Perbaiki baris itu, atau simpan sebagai XLSX, lalu unggah lagi.", line=line + 1)
        ) from error  # fmt: skip


def _separator(text: str) -> str:
    """The one that stands most often, outside of quotes, in the first line that is not empty."""
    for match in _LINE.finditer(text):
        if match[0].strip(_SEPARATORS + '" '):
            bare = _QUOTED.sub("", match[0])
            return max(_SEPARATORS, key=bare.count)
    return _SEPARATORS[0]
