"""Tables for spreadsheets: no cell of them is ever calculated."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.cell import get_column_letter

# What spreadsheets take for the beginning of a formula, the full-width forms of East Asian keyboards included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL = 32_767
"""What a cell of Excel holds, in UTF-16 units."""
EXACT = 10**15
"""Excel keeps 15 digits; a longer number is an identifier, and stays whole as text."""
_MIN_WIDTH, _MAX_WIDTH = 14, 60
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
# Every separator that a reader may take, not only the one between our cells.
_TO_QUOTE = re.compile('[;,\t"\r\n]|^ | $')
# In XLSX `_x0041_` means A; text that only looks like it has its underscore written so.
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def safe_cell(value: object) -> str:
    """The value as text; what would begin a formula stands behind an apostrophe. Numbers are none."""
    text = _text(value)
    return f"'{text}" if _begins_formula(text) and not _is_number(value) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `safe_cell` has set."""
    return text[1:] if text.startswith("'") and _begins_formula(text[1:]) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The pieces of a CSV file for Excel: a byte order mark, then a line a row, `;` between cells, CRLF at the end."""
    yield "\ufeff"
    for row in rows:
        yield ";".join(_quoted(safe_cell(each)) for each in row) + "\r\n"


def xlsx_bytes(title: str, rows: Iterable[Iterable[object]]) -> bytes:
    """A workbook of one sheet: numbers are numbers, all else is text; the first row is bold and stays in sight."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_NOT_IN_TITLE.sub(" ", _text(title))[:31].strip() or "Data")
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    for number, row in enumerate(rows):
        cells = [_cell(sheet, each) for each in row]
        if number == 0:
            for column, cell in enumerate(cells, 1):
                cell.font = bold
                width = min(max(_MIN_WIDTH, len(str(cell.value or "")) + 2), _MAX_WIDTH)
                sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.append(cells)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def _cell(sheet: object, value: object) -> WriteOnlyCell:
    if _is_number(value) and abs(value) < EXACT:  # type: ignore[arg-type]
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, _LIKE_ESCAPE.sub("_x005F_", _cut(_text(value))))
    cell.data_type = "s"  # openpyxl takes what begins with `=` for a formula
    return cell


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: object) -> str:
    """Words for yes and no, and no character that XML could not carry."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return _NOT_XML.sub("", str(value))


def _begins_formula(text: str) -> bool:
    # A spreadsheet may drop white space and what has no width before it looks for a formula.
    first = next((each for each in text if each.isprintable() and not each.isspace()), "")
    return text.startswith(FORMULA) or first in FORMULA


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _cut(text: str) -> str:
    if len(text) * 2 <= MAX_CELL:
        return text
    return text.encode("utf-16-le")[: MAX_CELL * 2].decode("utf-16-le", "ignore")
