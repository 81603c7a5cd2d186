"""Setting text of any length into an area of a sheet. Lengths are millimetres; a type's size is in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from app.certificates.lettering import shaped

POINT = 25.4 / 72
CAPITAL = 0.745

Colour = tuple[int, int, int]
Area = tuple[float, float, float, float]


@dataclass(frozen=True)
class Type:
    """How text is set: font, size, colour, space between letters in parts of the size, line height in sizes."""

    font: str
    size: float
    colour: Colour
    spacing: float = 0
    leading: float = 1.2

    def width(self, text: str) -> float:
        """How wide the text is on the sheet."""
        return (_advance(self.font, text) + self.spacing * max(len(text) - 1, 0)) * self.size * POINT


@dataclass(frozen=True)
class Line:
    """Text that stands on the sheet, from x on a baseline."""

    text: str
    type: Type
    x: float
    baseline: float

    @property
    def width(self) -> float:
        return self.type.width(self.text)


def typeset(text: str, kind: Type, area: Area, *, align: float = 0.5) -> list[Line]:
    """The text in the area (x, y, width, height), centred in its height, in the largest size up to the type's own at
    which it fits. `align` is 0 for left, 0.5 for the middle, 1 for right.

    Lines are about equally long; a word wider than the area is broken between letters.
    """
    x, y, width, height = area
    rows = _wrapped(text, kind, width)
    while len(rows) * _pitch(kind) > height:
        kind = replace(kind, size=kind.size * 0.96)
        rows = _wrapped(text, kind, width)
    rows = _balanced(text, kind, width, rows)
    first = y + (height - (len(rows) - 1) * _pitch(kind)) / 2 + CAPITAL / 2 * kind.size * POINT
    return [
        Line(row, kind, x + (width - kind.width(row)) * align, first + n * _pitch(kind)) for n, row in enumerate(rows)
    ]


@lru_cache(maxsize=4096)
def _advance(font: str, text: str) -> float:
    """How wide the text is at size 1."""
    return sum(glyph.advance for glyph in shaped(font, text))


def _pitch(kind: Type) -> float:
    return kind.leading * kind.size * POINT


def _wrapped(text: str, kind: Type, width: float) -> list[str]:
    """Lines filled one after another."""
    space = kind.width(" ")
    lines: list[str] = []
    room = 0.0
    for word in text.split():
        for n, piece in enumerate(_pieces(word, kind, width)):
            needed = kind.width(piece)
            if lines and not n and space + needed <= room:
                lines[-1] += " " + piece
                room -= space + needed
            else:
                lines.append(piece)
                room = width - needed
    return lines or [""]


def _pieces(word: str, kind: Type, width: float) -> Iterator[str]:
    """The word, in parts where it is wider than a line; a mark stays with its letter."""
    if kind.width(word) <= width:
        yield word
        return
    piece, room = "", width
    for letter in word:
        needed = kind.width(letter)
        if needed > room and piece and not unicodedata.category(letter).startswith("M"):
            yield piece
            piece, room = "", width
        piece += letter
        room -= needed
    yield piece


def _balanced(text: str, kind: Type, width: float, lines: list[str]) -> list[str]:
    """As many lines, made as narrow as they can be without breaking a word."""
    low, high = min(width, max(map(kind.width, text.split()), default=0)), width
    while len(lines) > 1 and high - low > width / 100:
        middle = (low + high) / 2
        narrower = _wrapped(text, kind, middle)
        if len(narrower) == len(lines):
            lines, high = narrower, middle
        else:
            low = middle
    return lines
