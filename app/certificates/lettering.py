"""The fonts of the paper: what can be printed, how letters stand beside each other, and the part of a font in use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import uharfbuzz

FONTS = {
    "text": "PlusJakartaSans-Medium",
    "bold": "PlusJakartaSans-Bold",
    "other": "DejaVuSans-Bold-subset",
}
FALLBACK = "other"
MISSING = "□"
MARKS = 2
NEEDED = {"glyf", "head", "hhea", "hmtx", "loca", "maxp"}


class Glyph(NamedTuple):
    """One shape on the line: what it stands for, how far it moves the pen, how far off the pen it is drawn.

    Lengths are parts of the size. Where several shapes make one letter, the first stands for it, the others for "".
    """

    font: str
    number: int
    text: str
    advance: float
    right: float
    up: float


@lru_cache
def coverage(font: str) -> frozenset[int]:
    """The characters for which the font has a glyph."""
    return frozenset(face(font).unicodes)


@lru_cache
def face(font: str) -> uharfbuzz.Face:
    """The font as HarfBuzz reads it."""
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(Path(__file__).parent / "fonts" / f"{FONTS[font]}.ttf"))


@lru_cache
def metrics(font: str) -> uharfbuzz.Font:
    """The font's measures, in its own units."""
    return uharfbuzz.Font(face(font))


def printable(text: str) -> str:
    """The text on one line, without what cannot be printed.

    Control, format (zero width, direction) and surrogate characters go, symbols without a glyph too; a letter without
    a glyph becomes an empty box; a letter keeps at most two marks, so that none climbs into its neighbours.
    """
    known = coverage("text") | coverage(FALLBACK)
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(letter)
        if category in ("Cc", "Cf", "Cs"):
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if marks > MARKS:
            continue
        if ord(letter) in known:
            kept.append(letter)
        elif category[0] not in "SM":
            kept.append(MISSING)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4096)
def shaped(font: str, text: str) -> tuple[Glyph, ...]:
    """The glyphs of a text from left to right; letters that the font lacks come from the fallback font."""
    own = coverage(font)
    glyphs: list[Glyph] = []
    for right_to_left, stretch in _directed(text):
        runs = [
            (font if here else FALLBACK, "".join(letters))
            for here, letters in groupby(stretch, lambda letter: ord(letter) in own)
        ]
        for name, run in reversed(runs) if right_to_left else runs:
            glyphs += _run(name, run, right_to_left)
    return tuple(glyphs)


def subset(font: str, numbers: Iterable[int]) -> bytes:
    """A font file with those glyphs only, under their old numbers, and with nothing that a PDF does not need."""
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.RETAIN_GIDS
    wanted.glyph_set.update(numbers)
    unneeded = set(face(font).table_tags) - NEEDED
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in unneeded)
    return bytes(uharfbuzz.subset(face(font), wanted).blob.data)


def _run(font: str, text: str, right_to_left: bool) -> Iterator[Glyph]:
    """The glyphs of a text in one font and one direction, from left to right."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if right_to_left else "ltr"
    uharfbuzz.shape(metrics(font), buffer, {"liga": False})
    upem = face(font).upem
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    clusters = {start: text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)}
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        stands_for = clusters.pop(info.cluster, "")
        yield Glyph(
            font, info.codepoint, stands_for, place.x_advance / upem, place.x_offset / upem, place.y_offset / upem
        )


def _directed(text: str) -> list[tuple[bool, str]]:
    """Stretches of one direction, from left to right, and whether they run right to left.

    What has no direction (spaces, signs) goes with its neighbours where they agree, else with the text's first letter.
    """
    ways = [_way(letter) for letter in text]
    base = next((way for way in ways if way is not None), False)
    before = base
    for n, way in enumerate(ways):
        if way is None:
            after = next((later for later in ways[n:] if later is not None), base)
            ways[n] = before if before == after else base
        else:
            before = way
    stretches = [
        (bool(way), "".join(letter for _, letter in pairs))
        for way, pairs in groupby(zip(ways, text, strict=True), lambda pair: pair[0])
    ]
    return stretches[::-1] if base else stretches


def _way(letter: str) -> bool | None:
    """True for a letter written from right to left, False for one from left to right or a digit, None for others."""
    kind = unicodedata.bidirectional(letter)
    return kind in ("R", "AL") if kind in ("R", "AL", "L", "EN", "AN") else None
