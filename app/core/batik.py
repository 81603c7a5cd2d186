"""Covers drawn by the server: four batik motifs in six palettes, about 1 KB of SVG each.

A seed (the slug of a course) always gives the same cover, on every machine and in every release, so an
answer may be cached for as long as one likes. Nothing here reads the seed back into the picture: it only
chooses, hence no text of a user ever stands in the SVG.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import quote


class Palette(NamedTuple):
    """Cloth, wax line and the quieter second dye, as hex colours."""

    ground: str
    line: str
    shade: str


WIDTH: Final = 640
HEIGHT: Final = 360

PALETTES: Final[dict[str, Palette]] = {
    "nila": Palette("#2f2b5c", "#dcab92", "#4d4894"),
    "sogan": Palette("#75470f", "#eac68a", "#976420"),
    "mengkudu": Palette("#7a2a1b", "#f0b488", "#9d4a35"),
    "tosca": Palette("#0e4750", "#dcb880", "#20707a"),
    "hutan": Palette("#23422e", "#dcc38e", "#3d6a4c"),
    "manggis": Palette("#47233f", "#e6b29a", "#6d4064"),
}

SCALES: Final = (1.35, 1.7, 2.1)

# Each motif is one tile: its size, its turn in degrees and its drawing, in which L is the line colour, S the
# shade and G the ground.
MOTIFS: Final[dict[str, tuple[int, int, int, str]]] = {
    "kawung": (
        72,
        72,
        0,
        '<g id="k"><path d="M38.5 33.5C36.5 20 48 4.5 66.5 5.5 67.5 24 52 35.5 38.5 33.5z" fill="S"'
        ' stroke="L"'
        ' stroke-width="2"/><path d="M45 27C48 20 54 14 61 11c-3 7-9 13-16 16z" fill="L"/></g>'
        '<use href="#k" transform="rotate(90 36 36)"/><use href="#k" transform="rotate(180 36 36)"/>'
        '<use href="#k" transform="rotate(270 36 36)"/>'
        '<path d="M36 29.5 42.5 36 36 42.5 29.5 36z" fill="G" stroke="L" stroke-width="1.5"/>'
        '<g fill="L"><circle cx="36" cy="8" r="2.2"/><circle cx="36" cy="64" r="2.2"/>'
        '<circle cx="8" cy="36" r="2.2"/>'
        '<circle cx="64" cy="36" r="2.2"/><circle r="3"/><circle cx="72" r="3"/><circle cy="72" r="3"/>'
        '<circle cx="72" cy="72" r="3"/></g>',
    ),
    "parang": (
        48,
        84,
        -38,
        '<path d="M0 82h48" stroke="S" stroke-width="9"/>'
        '<g fill="none" stroke-linecap="round">'
        '<path id="p" d="M-18 62C-2 70 6 58 4 44S10 8 26 16s2 22-4 14" stroke="L"'
        ' stroke-width="4"/><use href="#p" x="48"/><use href="#p" x="-48"/>'
        '<path id="q" d="M-8 68C8 70 15 60 13 46S20 22 29 25" stroke="S" stroke-width="4"/>'
        '<use href="#q" x="48"/></g>'
        '<path d="m24 77 7 5-7 5-7-5zM0 77l7 5-7 5-7-5zM48 77l7 5-7 5-7-5z" fill="L"/>'
        '<path d="M0 73h48M0 6h48" stroke="S" stroke-width="1.5"/>',
    ),
    "ceplok": (
        80,
        80,
        0,
        '<path d="M40-2 82 40 40 82-2 40z" fill="none" stroke="S" stroke-width="2.5"/>'
        '<g fill="L"><g id="c"><path id="d" d="M40 36c-6-6-6-13 0-21 6 8 6 15 0 21z"/>'
        '<use href="#d" transform="rotate(90 40 40)"/>'
        '<use href="#d" transform="rotate(180 40 40)"/><use href="#d" transform="rotate(270 40 40)"/></g>'
        '<use href="#c" transform="rotate(45 40 40) translate(8.8 8.8) scale(.78)"/></g>'
        '<circle cx="40" cy="40" r="5" fill="G" stroke="L" stroke-width="2"/>'
        '<g fill="none" stroke="L" stroke-width="2"><circle id="e" r="9"/><use href="#e" x="80"/>'
        '<use href="#e" y="80"/>'
        '<use href="#e" x="80" y="80"/></g><g fill="S"><circle id="f" r="4.5"/>'
        '<use href="#f" x="80"/><use href="#f" y="80"/>'
        '<use href="#f" x="80" y="80"/></g>',
    ),
    "truntum": (
        56,
        56,
        0,
        '<g id="t" fill="L"><g id="u"><path id="v" d="M14 13c-2.6-3-2.6-6.5 0-11 2.6 4.5 2.6 8 0 11z"/>'
        '<use href="#v" transform="rotate(90 14 14)"/><use href="#v" transform="rotate(180 14 14)"/>'
        '<use href="#v" transform="rotate(270 14 14)"/></g>'
        '<use href="#u" transform="rotate(45 14 14) translate(4.2 4.2) scale(.7)"/></g>'
        '<use href="#t" x="28" y="28"/>'
        '<g fill="none" stroke="S" stroke-width="2" stroke-linecap="round">'
        '<path id="w" d="M36 20q6 0 6-6 0-6 6-6M36 8q6 0 6 6 0 6 6 6"/>'
        '<use href="#w" x="-28" y="28"/></g>'
        '<g fill="L"><circle cx="42" cy="14" r="1.8"/><circle cx="14" cy="42" r="1.8"/></g>',
    ),
}


def motif_svg(motif: str, palette: str, scale: float) -> str:
    """One motif as a picture of 640 × 360 that fills whatever box it is shown in.

    Raises:
        KeyError: no such motif or palette.
    """
    width, height, turn, drawing = MOTIFS[motif]
    colours = PALETTES[palette]
    tile = drawing
    for letter, colour in (("L", colours.line), ("S", colours.shade), ("G", colours.ground)):
        tile = tile.replace(f'"{letter}"', f'"{colour}"')
    rotate = f" rotate({turn})" if turn else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'preserveAspectRatio="xMidYMid slice"><defs>'
        f'<pattern id="m" width="{width}" height="{height}" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({scale:g}){rotate}">{tile}</pattern>'
        '<linearGradient id="g" x2="1" y2="1"><stop stop-color="#000" stop-opacity=".3"/>'
        '<stop offset=".6" stop-color="#000" stop-opacity="0"/></linearGradient></defs>'
        f'<path fill="{colours.ground}" d="M0 0h640v360H0z"/><path fill="url(#m)" d="M0 0h640v360H0z"/>'
        '<path fill="url(#g)" d="M0 0h640v360H0z"/></svg>'
    )


def cover_svg(seed: str) -> str:
    """The cover that belongs to `seed`: always the same motif, palette and scale for the same text."""
    digest = sha256(seed.encode()).digest()
    motif = tuple(MOTIFS)[digest[0] % len(MOTIFS)]
    palette = tuple(PALETTES)[digest[1] % len(PALETTES)]
    return motif_svg(motif, palette, SCALES[digest[2] % len(SCALES)])


@lru_cache(maxsize=256)
def cover_data_uri(seed: str) -> str:
    """The same cover as a `data:` address, for lists: a dozen covers add some 2 KB to a page, compressed, and spare a
    phone a dozen requests."""
    return "data:image/svg+xml," + quote(cover_svg(seed), safe=" =:/'()+,;")
