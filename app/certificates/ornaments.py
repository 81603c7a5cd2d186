"""The batik of the certificate as PDF drawing operators, in millimetres from the top left of an A4 sheet, landscape."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from math import cos, radians, sin

import segno

from app.certificates.typesetting import Area, Colour

PAPER: Colour = (250, 248, 243)
SHADE: Colour = (244, 237, 223)
CREAM: Colour = (248, 234, 206)
NILA: Colour = (38, 63, 140)
NILA_DARK: Colour = (33, 54, 122)
NILA_DEEP: Colour = (26, 45, 104)
SOGAN: Colour = (138, 83, 20)
KUNYIT: Colour = (224, 153, 47)

WIDTH, HEIGHT = 297.0, 210.0
TILE = 9.7
COLUMNS, ROWS = 29, 20
EDGE: Area = ((WIDTH - COLUMNS * TILE) / 2, (HEIGHT - ROWS * TILE) / 2, COLUMNS * TILE, ROWS * TILE)


@lru_cache
def frame() -> str:
    """The ground of the sheet and its border: a row of kawung all around, dots within, faint fans in the corners."""
    inner = _grown(EDGE, -TILE)
    cells = [
        (column, row)
        for row in range(ROWS)
        for column in range(COLUMNS)
        if row in (0, ROWS - 1) or column in (0, COLUMNS - 1)
    ]
    tile = _kawung()
    return _joined(
        fill(PAPER, box(0, 0, WIDTH, HEIGHT)),
        fill(NILA_DEEP, box(*EDGE)),
        fill(PAPER, box(*inner)),
        _fans(inner),
        f"q {box(*EDGE)} {box(*inner)} W* n",
        *(_placed(EDGE[0] + x * TILE, EDGE[1] + y * TILE, TILE, tile) for x, y in cells),
        "Q",
        stroke(KUNYIT, 0.6, box(*_grown(EDGE, -0.3)), box(*_grown(inner, 0.3))),
        fill(SOGAN, _dots(_grown(inner, -2))),
    )


@lru_cache
def divider(y: float, reach: float) -> str:
    """A line across the middle that opens for a kawung."""
    middle = WIDTH / 2
    return _joined(
        fill(KUNYIT, *(box(x, y - 0.1, reach, 0.2) for x in (middle - 4.6 - reach, middle + 4.6))),
        _placed(middle, y, 2.7, fill(SOGAN, flower(4, 0.2, 1, 0.24)), fill(KUNYIT, flower(4, 0.3, 0.72, 0.1, 45))),
    )


@lru_cache
def emblem(x: float, y: float, radius: float) -> str:
    """A round sign for an institution without a logo; its letters are written by the caller."""
    return _joined(
        _placed(
            x,
            y,
            radius,
            fill(NILA_DEEP, disc(0, 0, 0.84)),
            stroke(KUNYIT, 0.035, disc(0, 0, 0.74)),
            fill(SOGAN, *(disc(a, b, 0.05) for a, b in (_polar(0.95, 15 * n) for n in range(24)))),
        )
    )


def rule(x: float, y: float, length: float) -> str:
    """The line on which somebody signs."""
    return _joined(fill(SOGAN, box(x, y, length, 0.18)))


def code_square(content: str, x: float, y: float, size: float) -> str:
    """The content as a QR code (level M or better) whose modules fill the square; the quiet zone is the caller's.

    The mask is fixed: to weigh all eight takes longer than to draw the page, and readers do not care.
    """
    matrix = segno.make(content, error="m", micro=False, mask=0).matrix
    step = size / len(matrix)
    return _joined(
        fill(
            NILA_DEEP,
            *(
                box(x + start * step, y + row * step - 0.004, length * step, step + 0.008)
                for row, modules in enumerate(matrix)
                for start, length in _runs(modules)
            ),
        )
    )


def fill(colour: Colour, *paths: str) -> str:
    """The paths filled."""
    return f"{_rgb(colour)} rg {' '.join(paths)} f"


def stroke(colour: Colour, width: float, *paths: str) -> str:
    """The paths drawn as lines of that width."""
    return f"{_rgb(colour)} RG {width:g} w {' '.join(paths)} S"


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a path."""
    return f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re"


def disc(x: float, y: float, radius: float) -> str:
    """A circle as a path."""
    return " ".join(
        _curve(((x + a * radius, y + b * radius) for a, b in quarter), first=not n)
        for n, quarter in enumerate(_QUARTERS)
    )


def flower(count: int, start: float, end: float, half: float, turn: float = 0, pinch: float = 0.12) -> str:
    """That many petals around the origin as one path, from start to end, twice half as wide, rounder with less pinch.

    The first lies on the ray at that angle, clockwise from the right.
    """
    near, far = start + (end - start) * pinch, end - (end - start) * pinch
    side = half * 4 / 3
    there = ((start, 0.0), (near, side), (far, side), (end, 0.0))
    back = ((end, 0.0), (far, -side), (near, -side), (start, 0.0))
    petals = []
    for n in range(count):
        a, b = cos(radians(turn + 360 * n / count)), sin(radians(turn + 360 * n / count))
        petals += [
            _curve([(along * a - across * b, along * b + across * a) for along, across in curve], first=not m)
            for m, curve in enumerate((there, back))
        ]
    return " ".join(petals)


def _curve(points: Iterable[tuple[float, float]], *, first: bool) -> str:
    """One Bézier curve through its four points; a first one moves to its start."""
    start, *rest = (f"{x:.3f} {y:.3f}" for x, y in points)
    return (f"{start} m " if first else "") + " ".join(rest) + " c"


def _kawung() -> str:
    """One cell of kawung, one unit wide: four fruits with seeds that meet in the middle, diamonds at the edges."""
    sides = ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5))
    return " ".join(
        (
            fill(NILA_DARK, *(_diamond(x, y, 0.24) for x, y in sides)),
            fill(KUNYIT, *(_diamond(x, y, 0.07) for x, y in sides)),
            "q 1 0 0 1 0.5 0.5 cm",
            fill(CREAM, flower(4, 0.07, 0.655, 0.17, 45, 0.05)),
            stroke(SOGAN, 0.014, flower(4, 0.12, 0.6, 0.128, 45, 0.05)),
            fill(SOGAN, flower(4, 0.2, 0.33, 0.03, 45), flower(4, 0.39, 0.52, 0.03, 45)),
            fill(KUNYIT, disc(0, 0, 0.05)),
            "Q",
        )
    )


def _fans(area: Area) -> str:
    """A quarter of a large flower in each corner of the area."""
    x, y, width, height = area
    dots = [disc(*_polar(radius, turn + 22.5 * n), 0.7) for radius, turn in ((41, 11.25), (32, 0)) for n in range(16)]
    body = (
        fill(SHADE, flower(16, 14, 38.5, 3.3, 11.25, 0.06), flower(16, 5, 12.5, 1, 11.25, 0.06), *dots),
        fill(PAPER, flower(16, 17.5, 35.5, 2, 11.25, 0.06)),
        fill(SHADE, flower(16, 20, 33, 1.1, 11.25, 0.06)),
    )
    corners = [_placed(a, b, 1, *body) for a in (x, x + width) for b in (y, y + height)]
    return f"q {box(*area)} W n {' '.join(corners)} Q"


def _dots(area: Area) -> str:
    """Dots along the sides of the area, as wax leaves them."""
    x, y, width, height = area
    across, down = round(width / 2.4), round(height / 2.4)
    row = [disc(x + n * width / across, b, 0.2) for n in range(across + 1) for b in (y, y + height)]
    column = [disc(a, y + n * height / down, 0.2) for n in range(1, down) for a in (x, x + width)]
    return " ".join(row + column)


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    """Start and length of each stretch of dark modules."""
    stretches = []
    at = 0
    for dark, group in groupby(modules):
        length = len(list(group))
        if dark:
            stretches.append((at, length))
        at += length
    return stretches


def _diamond(x: float, y: float, reach: float) -> str:
    return f"{x:g} {y - reach:g} m {x + reach:g} {y:g} l {x:g} {y + reach:g} l {x - reach:g} {y:g} l h"


def _polar(radius: float, turn: float) -> tuple[float, float]:
    return radius * cos(radians(turn)), radius * sin(radians(turn))


def _placed(x: float, y: float, scale: float, *parts: str) -> str:
    """The parts with their origin moved to x, y, scaled."""
    return f"q {scale:g} 0 0 {scale:g} {x:.3f} {y:.3f} cm {' '.join(parts)} Q"


def _joined(*parts: str) -> str:
    return "\n".join(parts)


def _grown(area: Area, by: float) -> Area:
    x, y, width, height = area
    return x - by, y - by, width + 2 * by, height + 2 * by


def _rgb(colour: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour)


_K = 0.5523
_QUARTERS = (
    ((1, 0), (1, _K), (_K, 1), (0, 1)),
    ((0, 1), (-_K, 1), (-1, _K), (-1, 0)),
    ((-1, 0), (-1, -_K), (-_K, -1), (0, -1)),
    ((0, -1), (_K, -1), (1, -_K), (1, 0)),
)
