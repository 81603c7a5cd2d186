"""Drawing a certificate: plain values in, a PDF out. It knows neither the database nor Flask.

Lengths are millimetres from the top left of an A4 sheet, landscape; sizes of text are points.
"""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from math import sqrt
from pathlib import Path
from typing import Any

import segno
import uharfbuzz
from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import TTFFont
from PIL import Image

from app.certificates.codes import grouped

HERE = Path(__file__).parent
FONTS = {"": "PlusJakartaSans-Medium", "B": "PlusJakartaSans-Bold"}
FALLBACK = "DejaVuSans-Bold-subset"
MARKS = 2

Colour = tuple[int, int, int]
Area = tuple[float, float, float, float]
"""x, y, width, height"""

INK: Colour = (29, 34, 48)
INK_SOFT: Colour = (76, 82, 99)
CREAM: Colour = (248, 234, 206)
NILA: Colour = (38, 63, 140)
NILA_DEEP: Colour = (26, 45, 104)
SOGAN: Colour = (138, 83, 20)

WIDTH, HEIGHT = 297.0, 210.0
SIDE = 30.0
INNER = WIDTH - 2 * SIDE
COLUMN = 72.0
LEADING = 1.2
LOGO_PIXELS = (520, 150)


@dataclass(frozen=True)
class CertificateSheet:
    """What stands on the paper."""

    name: str
    course_title: str
    number: str
    code: str
    verify_url: str
    issued_at: datetime
    issued_on: str
    started_on: str
    finished_on: str
    minutes: int
    institution: str
    city: str
    signatories: tuple[tuple[str, str], ...] = ()
    logo: bytes | None = None
    expires_on: str = ""
    score: str = ""


@dataclass(frozen=True)
class Type:
    """How text is set; the space between letters is in parts of the size."""

    size: float
    colour: Colour
    style: str = ""
    spacing: float = 0


def draw_certificate(sheet: CertificateSheet) -> bytes:
    """A PDF of one A4 page, landscape, with the sheet's values; the same bytes for an equal sheet.

    Long values are set smaller and over more lines until they fit. What cannot be printed is left out (see
    `printable`). A logo that cannot be read is replaced by the institution's initials. Of more than two signatories
    the first two sign.
    """
    sheet = _cleaned(sheet)
    pdf = deepcopy(_ground())
    _describe(pdf, sheet)
    _add_fonts(pdf, sheet)
    _head(pdf, sheet)
    _award(pdf, sheet)
    _proof(pdf, sheet)
    _signatures(pdf, sheet)
    return bytes(pdf.output())


def printable(text: str) -> str:
    """The text on one line, without what cannot be printed.

    Control, format (zero width, direction) and surrogate characters go, symbols without a glyph too; a letter without
    a glyph becomes an empty box; a letter keeps at most two marks, so that none climbs into its neighbours.
    """
    known = _letters(FONTS[""]) | _letters(FALLBACK)
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(letter)
        marks = marks + 1 if category[0] == "M" else 0
        if category in ("Cc", "Cf", "Cs") or marks > MARKS:
            continue
        if ord(letter) in known:
            kept.append(letter)
        elif category[0] not in "SM":
            kept.append("□")
    return " ".join("".join(kept).split())


def study_time(minutes: int) -> str:
    """Minutes as "3 jam 20 menit"; empty when there are none."""
    hours, rest = divmod(max(minutes, 0), 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "jam"), (rest, "menit")) if count)


@lru_cache
def _ground() -> FPDF:
    """A page with what every sheet has. Drawing it takes half a second, so it is done once and then copied."""
    pdf = FPDF("landscape", "mm", "A4")
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_auto_page_break(False)
    pdf.alias_nb_pages("")
    pdf.set_text_shaping(True, features={"liga": False})
    pdf.add_page()
    pdf.image(HERE / "ornament.svg", 0, 0, WIDTH, HEIGHT)
    return pdf


@lru_cache
def _letters(font: str) -> frozenset[int]:
    """The characters for which the font has a glyph."""
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(HERE / "fonts" / f"{font}.ttf")).unicodes)


@lru_cache(maxsize=4)
def _logo(png: bytes) -> Image.Image | None:
    """The picture, no larger than it can be seen on the paper; nothing if it cannot be read."""
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as source:
            read = source.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    read.thumbnail(LOGO_PIXELS)
    return read


def _cleaned(sheet: CertificateSheet) -> CertificateSheet:
    values = {field.name: getattr(sheet, field.name) for field in fields(sheet)}
    clean: dict[str, Any] = {name: printable(value) for name, value in values.items() if isinstance(value, str)}
    clean["signatories"] = tuple((printable(name), printable(position)) for name, position in sheet.signatories[:2])
    return replace(sheet, **clean)


def _describe(pdf: FPDF, sheet: CertificateSheet) -> None:
    pdf.set_title(f"Sertifikat {sheet.number}: {sheet.name}")
    pdf.set_author(sheet.institution)
    pdf.set_subject(sheet.course_title)
    pdf.set_creator("Tuntas")
    pdf.set_lang("id")
    pdf.set_creation_date(sheet.issued_at.astimezone(UTC))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)


def _add_fonts(pdf: FPDF, sheet: CertificateSheet) -> None:
    """The fallback font is large; it is read only for a sheet that needs it."""
    for style, font in FONTS.items():
        pdf.add_font("Jakarta", style, HERE / "fonts" / f"{font}.ttf")
    if not {ord(letter) for letter in str(replace(sheet, logo=None))} <= _letters(FONTS[""]):
        pdf.add_font("DejaVu", "", HERE / "fonts" / f"{FALLBACK}.ttf")
        pdf.set_fallback_fonts(["DejaVu"], exact_match=False)
    for added in pdf.fonts.values():
        if isinstance(added, TTFFont):
            # The boxes in the files are right; to measure them anew takes a fifth of the time for a sheet.
            added.ttfont.recalcBBoxes = False


def _write(pdf: FPDF, text: str, kind: Type, area: Area, align: str = "C") -> None:
    """The text in the area, centred in its height, in the largest size up to the type's at which it fits."""
    if not text:
        return
    x, y, width, height = area
    room, lines = _fit(pdf, text, kind, width, height)
    pitch = LEADING * pdf.font_size
    # fpdf2 puts the baseline 0.3 of the size under the middle of a line; capitals are 0.74 high.
    pdf.set_xy(x + (width - room) / 2 * (align == "C"), y + (height - lines * pitch) / 2 + 0.07 * pdf.font_size)
    pdf.set_text_color(*kind.colour)
    draw = pdf.cell if lines == 1 else pdf.multi_cell
    draw(room, pitch, text, align=align)


def _fit(pdf: FPDF, text: str, kind: Type, width: float, height: float) -> tuple[float, int]:
    """Sets the font as `_write` needs it; the width in which to wrap the text, and into how many lines.

    Lines are about equally long. A word is broken between letters only if it is wider than the area at half the size.
    """
    size = _set_size(pdf, kind, kind.size)
    whole = pdf.get_string_width(text)
    if whole <= width and LEADING * pdf.font_size <= height:
        return whole, 1
    widest = max(pdf.get_string_width(word) for word in text.split())
    # n lines hold at most n widths and take n line heights: above this share the text cannot fit.
    most = sqrt(width * height / (whole * LEADING * pdf.font_size))
    size = _set_size(pdf, kind, size * min(1, most, max(0.5, 0.99 * width / widest)))
    while (lines := _count(pdf, text, width)) * LEADING * pdf.font_size > height:
        size = _set_size(pdf, kind, size * 0.95)
    even = min(width, 1.1 * max(widest, whole / lines) * size / kind.size)
    return (even, lines) if _count(pdf, text, even) == lines else (width, lines)


def _set_size(pdf: FPDF, kind: Type, size: float) -> float:
    pdf.set_font("Jakarta", kind.style, size)
    pdf.set_char_spacing(kind.spacing * size)
    return size


def _count(pdf: FPDF, text: str, width: float) -> int:
    lines: Any = pdf.multi_cell(width, text=text, dry_run=True, output="LINES")
    return len(lines)


def _head(pdf: FPDF, sheet: CertificateSheet) -> None:
    """The logo or the emblem and the institution's name, in the middle together; the heading and the number."""
    name = Type(13, NILA_DEEP, "B")
    written, _ = _fit(pdf, sheet.institution, name, 118, 15)
    logo = _logo(sheet.logo) if sheet.logo else None
    scale = min(54 / logo.width, 15 / logo.height) if logo else 0
    width, height = (logo.width * scale, logo.height * scale) if logo else (15, 15)
    x, y = (WIDTH - width - 4 - written) / 2, 33 - height / 2
    pdf.image(logo or HERE / "emblem.svg", x, y, width, height)
    if not logo:
        initials = "".join(word[0] for word in sheet.institution.split() if word[0].isalpha())[:3].upper()
        _write(pdf, initials, Type(13, CREAM, "B"), (x + 3.2, y, width - 6.4, height))
    _write(pdf, sheet.institution, name, (x + width + 4, 25.5, 118, 15), "L")
    _write(pdf, "SERTIFIKAT", Type(30, NILA_DEEP, "B", 0.24), (SIDE, 46, INNER, 13))
    _write(pdf, f"Nomor {sheet.number}", Type(10, SOGAN, spacing=0.06), (70, 60, WIDTH - 140, 5))


def _award(pdf: FPDF, sheet: CertificateSheet) -> None:
    """Who receives it, and what for."""
    small = Type(11, INK_SOFT)
    _write(pdf, "Diberikan kepada", small, (SIDE, 74, INNER, 6))
    _write(pdf, sheet.name, Type(34, INK, "B"), (SIDE, 81, INNER, 22))
    _write(pdf, "telah menyelesaikan kursus", small, (SIDE, 111.5, INNER, 6))
    _write(pdf, sheet.course_title, Type(19, NILA, "B"), (SIDE + 12, 118.5, INNER - 24, 15.5))
    _write(pdf, _facts(sheet), replace(small, size=10.5), (SIDE, 135, INNER, 6))


def _facts(sheet: CertificateSheet) -> str:
    """Duration, score, dates of study and end of validity, as far as they are known."""
    facts = (
        f"setara {duration} belajar" if (duration := study_time(sheet.minutes)) else "",
        f"nilai {sheet.score}" if sheet.score else "",
        " – ".join(dict.fromkeys(filter(None, (sheet.started_on, sheet.finished_on)))),
        f"berlaku hingga {sheet.expires_on}" if sheet.expires_on else "",
    )
    return " · ".join(fact for fact in facts if fact)


def _columns(sheet: CertificateSheet) -> tuple[float, ...]:
    """The middle of the proof, and of each signatory's block from the right; without one, of place and date."""
    return (WIDTH / 2, 227, 70) if len(sheet.signatories) == 2 else (84, 213)


def _proof(pdf: FPDF, sheet: CertificateSheet) -> None:
    """The code square, which is a link, and what is to be read under it."""
    middle = _columns(sheet)[0]
    left = middle - COLUMN / 2
    square = BytesIO()
    code = segno.make(sheet.verify_url, error="m", micro=False)
    code.save(square, kind="svg", border=0, omitsize=True, dark=NILA_DEEP)
    pdf.image(square, middle - 11.5, 149, 23, 23, link=sheet.verify_url)
    _write(pdf, grouped(sheet.code), Type(9, NILA_DEEP, "B", 0.05), (left, 173.5, COLUMN, 5))
    _write(pdf, "Periksa keaslian di", Type(6.5, INK_SOFT), (left, 178.5, COLUMN, 3.1))
    _write(pdf, sheet.verify_url.split("://")[-1], Type(6.5, INK_SOFT), (left, 181.5, COLUMN, 3.1))


def _signatures(pdf: FPDF, sheet: CertificateSheet) -> None:
    """Place and date over the last signatory; names and positions under the lines."""
    middles = _columns(sheet)[1:]
    issued = ", ".join(part for part in (sheet.city, sheet.issued_on) if part)
    y, height = (147.5, 5.5) if sheet.signatories else (149, 23)
    _write(pdf, issued, Type(10, INK), (middles[0] - COLUMN / 2, y, COLUMN, height))
    pdf.set_draw_color(*SOGAN)
    pdf.set_line_width(0.18)
    for (name, position), middle in zip(reversed(sheet.signatories), middles, strict=False):
        pdf.line(middle - 29, 172, middle + 29, 172)
        _write(pdf, name, Type(10.5, INK, "B"), (middle - COLUMN / 2, 173.5, COLUMN, 5.5))
        _write(pdf, position, Type(8.5, INK_SOFT), (middle - COLUMN / 2, 179, COLUMN, 4.5))
