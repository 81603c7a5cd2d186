"""Writing a PDF of one page.

By hand, because fpdf2 takes 60 to 90 ms for such a page (fontTools reads and writes every font anew), this 6 to 10.
The section numbers are those of ISO 32000-1.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import md5
from io import BytesIO
from itertools import groupby
from urllib.parse import quote

from PIL import Image

from app.certificates.lettering import FONTS, Glyph, face, metrics, shaped, subset
from app.certificates.typesetting import POINT, Area, Colour, Line

PIXELS = 16_000_000
Codes = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Picture:
    """An image as it goes into the file; width and height in pixels."""

    width: int
    height: int
    body: bytes


@dataclass(frozen=True)
class Page:
    """What is on the page, in millimetres from its top left corner.

    Drawn in this order: `ground`, which is compressed once for all pages that have the same; `drawings`; pictures;
    lines. A link opens its address.
    """

    width: float
    height: float
    ground: str
    drawings: tuple[str, ...] = ()
    pictures: tuple[tuple[Picture, Area], ...] = ()
    lines: tuple[Line, ...] = ()
    links: tuple[tuple[str, Area], ...] = ()


def write_pdf(page: Page, *, about: Mapping[str, str], language: str, made_at: datetime | None = None) -> bytes:
    """The page as a file; equal arguments give equal bytes. `about` holds Title, Author, Subject, Creator."""
    objects = [b""] * 3
    codes = _codes(page.lines)
    fonts = "".join(f"/{font} {_add_font(objects, font, known)} 0 R" for font, known in codes.items())
    forms = f"/Ground {_add(objects, _ground(page.ground, page.width, page.height))} 0 R"
    for n, (picture, _) in enumerate(page.pictures):
        forms += f"/P{n} {_add(objects, picture.body)} 0 R"
    content = _add(objects, _stream(_content(page, codes)))
    links = " ".join(f"{_add(objects, _link(address, area, page.height))} 0 R" for address, area in page.links)
    entries = "".join(f"/{key}{_words(value)}" for key, value in about.items())
    if made_at:
        entries += f"/CreationDate(D:{made_at.astimezone(UTC):%Y%m%d%H%M%S}Z)"
    info = _add(objects, f"<<{entries}>>".encode())
    objects[:3] = (
        f"<</Type/Catalog/Pages 2 0 R/Lang{_words(language)}/ViewerPreferences<</DisplayDocTitle true>>>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width / POINT:.2f} {page.height / POINT:.2f}]"
        f"/Resources<</Font<<{fonts}>>/XObject<<{forms}>>>>/Contents {content} 0 R/Annots[{links}]>>".encode(),
    )
    return _file(objects, info)


@lru_cache(maxsize=8)
def picture(png: bytes, most: tuple[int, int], ground: Colour) -> Picture | None:
    """The PNG on the colour of the ground, in 256 colours and in at most so many pixels across and down; nothing if it
    cannot be read or is larger than PIXELS.
    """
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as source:
            if source.width * source.height > PIXELS:
                return None
            read = source.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    read.thumbnail(most)
    flat = Image.new("RGBA", read.size, ground)
    flat.alpha_composite(read)
    flat.putpixel((0, 0), ground)
    painted = flat.convert("RGB").quantize(256)
    palette = bytearray(painted.getpalette() or ())
    paper = 3 * painted.tobytes()[0]
    palette[paper : paper + 3] = bytes(ground)
    entries = (
        f"/Type/XObject/Subtype/Image/Width {painted.width}/Height {painted.height}/BitsPerComponent 8"
        f"/ColorSpace[/Indexed/DeviceRGB {len(palette) // 3 - 1}<{palette.hex()}>]"
    )
    return Picture(painted.width, painted.height, _stream(painted.tobytes(), entries))


def _content(page: Page, codes: dict[str, Codes]) -> bytes:
    """The operators of the page: millimetres downwards for drawings and pictures, points upwards for text."""
    drawn = [*page.drawings]
    for n, (_, (x, y, width, height)) in enumerate(page.pictures):
        drawn.append(f"q {width:.3f} 0 0 {-height:.3f} {x:.3f} {y + height:.3f} cm /P{n} Do Q")
    written = [_text(line, page.height, codes) for line in page.lines]
    return "\n".join(["/Ground Do", _downwards(page.height, drawn), "BT", *written, "ET"]).encode()


def _text(line: Line, height: float, codes: dict[str, Codes]) -> str:
    """The line (9.4.3); spaced letters come with their text, or readers take each for a word of its own (14.9.4)."""
    kind = line.type
    parts = [
        f"{' '.join(f'{part / 255:.3f}' for part in kind.colour)} rg",
        f"1 0 0 1 {line.x / POINT:.3f} {(height - line.baseline) / POINT:.3f} Tm",
    ]
    for (font, up), glyphs in groupby(shaped(kind.font, line.text), lambda glyph: (glyph.font, glyph.up)):
        shown = "".join(_shown(glyph, codes[font], kind.spacing) for glyph in glyphs)
        parts.append(f"/{font} {kind.size:.3f} Tf {up * kind.size:.3f} Ts [{shown.replace('><', '')}]TJ")
    if kind.spacing:
        parts = [f"/Span<</ActualText{_words(line.text)}>>BDC", *parts, "EMC"]
    return "\n".join(parts)


def _shown(glyph: Glyph, codes: Codes, spacing: float) -> str:
    """The glyph's code between the moves before and after it, in thousandths of the size to the left."""
    before = round(-1000 * glyph.right)
    after = _own_advance(glyph.font, glyph.number) - before - round(1000 * (glyph.advance + spacing))
    code = f"<{codes[glyph.number, glyph.text]:04X}>"
    return f"{before or ''}{code}{after or ''}"


def _codes(lines: Iterable[Line]) -> dict[str, Codes]:
    """For each font a code for each pair of glyph and text in use: a glyph that stands for two letters has two."""
    codes: dict[str, Codes] = {}
    for line in lines:
        for glyph in shaped(line.type.font, line.text):
            known = codes.setdefault(glyph.font, {})
            known.setdefault((glyph.number, glyph.text), len(known) + 1)
    return codes


def _add_font(objects: list[bytes], font: str, codes: Codes) -> int:
    """The font with the glyphs in use (9.7.4, 9.8, 9.9)."""
    program = subset(font, {number for number, _ in codes})
    name = "".join(chr(65 + byte % 26) for byte in md5(program, usedforsecurity=False).digest()[:6]) + "+" + FONTS[font]
    left, low, right, high = (round(1000 * part) for part in _bounds(font))
    embedded = _add(objects, _stream(program, f"/Length1 {len(program)}"))
    descriptor = _add(
        objects,
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{left} {low} {right} {high}]/ItalicAngle 0"
        f"/Ascent {high}/Descent {low}/CapHeight 700/StemV 120/FontFile2 {embedded} 0 R>>".encode(),
    )
    glyphs = _add(objects, _stream(b"\0\0" + b"".join(number.to_bytes(2) for number, _ in codes)))
    widths = " ".join(str(_own_advance(font, number)) for number, _ in codes)
    shapes = _add(
        objects,
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/FontDescriptor {descriptor} 0 R/CIDToGIDMap {glyphs} 0 R/W[1[{widths}]]>>".encode(),
    )
    meanings = _add(objects, _stream(_meanings(codes)))
    return _add(
        objects,
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{shapes} 0 R]"
        f"/ToUnicode {meanings} 0 R>>".encode(),
    )


def _meanings(codes: Codes) -> bytes:
    """Which text each code stands for (9.10.3)."""
    lines = [f"<{code:04X}><{text.encode('utf-16-be').hex()}>" for (_, text), code in codes.items() if text]
    blocks = [lines[n : n + 100] for n in range(0, len(lines), 100)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        f"1 begincodespacerange<0000><FFFF>endcodespacerange\n{mapped}\n"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    ).encode()


@lru_cache(maxsize=4096)
def _own_advance(font: str, number: int) -> int:
    """How far the glyph moves the pen by itself, in thousandths of the size."""
    share: float = metrics(font).get_glyph_h_advance(number) / face(font).upem
    return round(1000 * share)


@lru_cache
def _bounds(font: str) -> tuple[float, ...]:
    """The box in which all glyphs of the font are, in parts of the size."""
    head = face(font).reference_table("head").data
    return tuple(part / face(font).upem for part in struct.unpack(">4h", head[36:44]))


@lru_cache(maxsize=4)
def _ground(operators: str, width: float, height: float) -> bytes:
    """A drawing in millimetres that the page's content calls by name (8.10)."""
    return _stream(
        _downwards(height, [operators]).encode(),
        f"/Type/XObject/Subtype/Form/BBox[0 0 {width / POINT:.2f} {height / POINT:.2f}]",
    )


def _downwards(height: float, operators: Iterable[str]) -> str:
    return "\n".join((f"q {1 / POINT:.6f} 0 0 {-1 / POINT:.6f} 0 {height / POINT:.4f} cm", *operators, "Q"))


def _link(address: str, area: Area, height: float) -> bytes:
    x, y, width, tall = area
    corners = x, height - y - tall, x + width, height - y
    target = quote(address, safe=":/?#[]@!$&'*+,;=%").encode().hex()
    rectangle = " ".join(f"{part / POINT:.2f}" for part in corners)
    return f"<</Type/Annot/Subtype/Link/Rect[{rectangle}]/Border[0 0 0]/F 4/A<</S/URI/URI<{target}>>>>>".encode()


def _words(text: str) -> str:
    """A text as a string of the file (7.9.2.2)."""
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data, 6)
    return f"<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"


def _add(objects: list[bytes], body: bytes) -> int:
    """Puts an object into the file; its number."""
    objects.append(body)
    return len(objects)


def _file(objects: list[bytes], info: int) -> bytes:
    """The objects with the table of where they are (7.5)."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size, table = len(objects) + 1, len(out)
    digest = md5(out, usedforsecurity=False).hexdigest()
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {size}/Root 1 0 R/Info {info} 0 R/ID[<{digest}><{digest}>]>>".encode()
    return bytes(out + b"\nstartxref\n%d\n%%%%EOF\n" % table)
