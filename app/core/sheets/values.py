"""Numbers and moments of a workbook as text: what stands in a cell is a number, what a person sees is its format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from app.core.sheets.package import Tag, too_large

MAX_STYLES = 65_536
"""More than Excel itself allows in a workbook."""
_ZEROS = re.compile(r"(?:\[[^\]]*\])*(0{2,40})(?:;.*)?", re.DOTALL)
_EXACT = 10**15
"""Smaller whole numbers are as they were typed."""


class Format(NamedTuple):
    """What a number format means for the text: a day or time, a duration, or that many digits at least."""

    moment: bool = False
    duration: bool = False
    digits: int = 0


def number_formats(tags: Iterable[Tag]) -> list[Format]:
    """The format of each cell style, in the order in which cells count them. Raises SheetRefused for too many."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    found: list[Format] = []
    within = False
    for name, attributes, _text in tags:
        if name == "cellXfs":
            within = attributes is not None
        elif attributes is None:
            continue
        elif name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:255]
        elif name == "xf" and within:
            if len(found) == MAX_STYLES:
                raise too_large()
            found.append(_format(codes.get(int(attributes.get("numFmtId", 0)), "General")))
    return found


def as_text(raw: str, shape: Format, epoch: datetime) -> str:
    """The text of a stored number: days and times as ISO 8601, else digits without exponent or needless zeros."""
    number = float(raw)
    if not math.isfinite(number):
        return raw
    if shape.moment or shape.duration:
        try:
            return _moment(from_excel(number, epoch, timedelta=shape.duration))
        except (OverflowError, ValueError):
            return _digits(number)
    text = _digits(number)
    if not shape.digits or "." in text:
        return text
    sign = "-" if text.startswith("-") else ""
    return sign + text.removeprefix("-").zfill(shape.digits)


def moment_as_text(raw: str) -> str:
    """The text of a moment that is stored as ISO 8601."""
    try:
        return _moment(datetime.fromisoformat(raw))
    except ValueError:
        return raw


@lru_cache(maxsize=1024)
def _format(code: str) -> Format:
    if is_timedelta_format(code):
        return Format(duration=True)
    if is_date_format(code):
        return Format(moment=True)
    zeros = _ZEROS.fullmatch(code)
    return Format(digits=len(zeros[1]) if zeros else 0)


def _digits(number: float) -> str:
    if not number.is_integer():
        return format(Decimal(f"{number:.15g}"), "f")  # as many digits as spreadsheets show
    # Spreadsheets keep 15 digits: a longer number is not what was typed, and must not look as if it were.
    return str(int(number)) if abs(number) < _EXACT else f"{number:.15g}"


def _moment(value: datetime | time | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    clock = f"{value:%H:%M:%S}".removesuffix(":00")
    if isinstance(value, time):
        return clock
    return f"{value:%Y-%m-%d}" if clock == "00:00" else f"{value:%Y-%m-%d} {clock}"
