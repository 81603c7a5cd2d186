"""Setting text of any length into an area of a sheet. Lengths are millimetres; a type's size is in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt

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

    Lines are about equally long. A word is broken between letters only if it is wider than the area at half the size.
    """
    x, y, width, height = area
    unit = replace(kind, size=1 / POINT)
    words = {word: unit.width(word) for word in text.split()}
    size = min(kind.size * POINT, _most(text, words, unit, width, height))
    unbroken = 0.999 * width / max([0.01, *words.values()])
    if unbroken >= kind.size * POINT / 2:
        size = min(size, unbroken)
    rows = _wrapped(text, words, unit, width / size)
    while len(rows) * kind.leading * size > height:
        size *= 0.97
        rows = _wrapped(text, words, unit, width / size)
    rows = _balanced(text, words, unit, width / size, rows)
    pitch = kind.leading * size
    kind = replace(kind, size=size / POINT)
    first = y + (height - (len(rows) - 1) * pitch + CAPITAL * size) / 2
    return [Line(row, kind, x + (width - kind.width(row)) * align, first + n * pitch) for n, row in enumerate(rows)]


@lru_cache(maxsize=4096)
def _advance(font: str, text: str) -> float:
    """How wide the text is at size 1."""
    return sum(glyph.advance for glyph in shaped(font, text))


def _most(text: str, words: Mapping[str, float], unit: Type, width: float, height: float) -> float:
    """A size above which the text cannot fit: n lines hold n times the width and take n times the line height."""
    total = sum(words[word] for word in text.split())
    return sqrt(width * height / (max(total, 0.01) * unit.leading))


def _wrapped(text: str, words: Mapping[str, float], unit: Type, width: float) -> list[str]:
    """Lines filled one after another; widths are those at size 1."""
    space = unit.width(" ")
    lines: list[str] = []
    room = 0.0
    for word in text.split():
        if lines and space + words[word] <= room:
            lines[-1] += " " + word
            room -= space + words[word]
        elif words[word] <= width:
            lines.append(word)
            room = width - words[word]
        else:
            lines += _pieces(word, unit, width)
            room = width - unit.width(lines[-1])
    return lines or [""]


def _pieces(word: str, unit: Type, width: float) -> list[str]:
    """A word in parts no wider than a line; a mark stays with its letter."""
    pieces = [""]
    room = width
    for letter in word:
        needed = unit.width(letter)
        if needed > room and pieces[-1] and not unicodedata.category(letter).startswith("M"):
            pieces.append("")
            room = width
        pieces[-1] += letter
        room -= needed
    return pieces


def _balanced(text: str, words: Mapping[str, float], unit: Type, width: float, rows: list[str]) -> list[str]:
    """As many lines, made as narrow as they can be without breaking a word."""
    low, high = min(width, max(words.values(), default=0)), width
    while len(rows) > 1 and high - low > width / 100:
        middle = (low + high) / 2
        narrower = _wrapped(text, words, unit, middle)
        if len(narrower) == len(rows):
            rows, high = narrower, middle
        else:
            low = middle
    return rows
