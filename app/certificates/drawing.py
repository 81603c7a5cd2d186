"""Drawing a certificate: plain values in, a PDF out. It knows neither the database nor Flask."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from app.certificates import ornaments
from app.certificates.codes import grouped
from app.certificates.lettering import printable
from app.certificates.ornaments import CREAM, HEIGHT, NILA, NILA_DEEP, PAPER, SOGAN, WIDTH
from app.certificates.pdf import Page, Picture, picture, write_pdf
from app.certificates.typesetting import Area, Line, Type, typeset

INK = (29, 34, 48)
INK_SOFT = (76, 82, 99)
SIDE = 30.0
INNER = WIDTH - 2 * SIDE
COLUMN = 72.0
LOGO_PIXELS = (520, 150)


@dataclass(frozen=True)
class Wording:
    """The fixed words of the paper; the caller may give them in another language."""

    language: str = "id"
    heading: str = "SERTIFIKAT"
    number: str = "Nomor {number}"
    given_to: str = "Diberikan kepada"
    completed: str = "telah menyelesaikan kursus"
    duration: str = "setara {duration} belajar"
    hours: str = "{count} jam"
    minutes: str = "{count} menit"
    period: str = "{start} – {end}"
    valid_until: str = "berlaku hingga {date}"
    verify: str = "Periksa keaslian di {address}"
    document: str = "Sertifikat {number}: {name}"


@dataclass(frozen=True)
class CertificateSheet:
    """What stands on the paper."""

    name: str
    course_title: str
    number: str
    code: str
    verify_url: str
    issued_on: str
    started_on: str
    finished_on: str
    minutes: int
    institution: str
    city: str
    signatories: tuple[tuple[str, str], ...] = ()
    logo: bytes | None = None
    expires_on: str = ""
    issued_at: datetime | None = None
    wording: Wording = Wording()


def draw_certificate(sheet: CertificateSheet) -> bytes:
    """A PDF of one A4 page, landscape, with the sheet's values; the same bytes for an equal sheet.

    Long values are set smaller and over more lines until they fit. What cannot be printed is left out (see
    `printable`). A logo that cannot be read is replaced by the institution's initials. Of more than two signatories
    the first two sign.
    """
    sheet = _cleaned(sheet)
    logo = _logo(sheet)
    page = Page(
        width=WIDTH,
        height=HEIGHT,
        ground=ornaments.frame(),
        drawings=_drawings(sheet),
        pictures=((logo, _sign_area(sheet)),) if logo else (),
        lines=tuple(lay_out(sheet)),
        links=((sheet.verify_url, _code_area(sheet)),),
    )
    about = {
        "Title": sheet.wording.document.format(number=sheet.number, name=sheet.name),
        "Author": sheet.institution,
        "Subject": sheet.course_title,
        "Creator": "Tuntas",
    }
    return write_pdf(page, about=about, language=sheet.wording.language, made_at=sheet.issued_at)


def lay_out(sheet: CertificateSheet) -> list[Line]:
    """Every line of text of a sheet with printable values, in reading order; no two touch, none leaves the frame."""
    return [*_head(sheet), *_award(sheet), *_proof(sheet), *_signatures(sheet)]


def study_time(minutes: int, wording: Wording = Wording()) -> str:
    """Minutes as "3 jam 20 menit"; empty when there are none."""
    hours, rest = divmod(max(minutes, 0), 60)
    parts = ((hours, wording.hours), (rest, wording.minutes))
    return " ".join(pattern.format(count=count) for count, pattern in parts if count)


def _cleaned(sheet: CertificateSheet) -> CertificateSheet:
    values = {field.name: getattr(sheet, field.name) for field in fields(sheet)}
    clean: dict[str, Any] = {name: printable(value) for name, value in values.items() if isinstance(value, str)}
    clean["signatories"] = tuple((printable(name), printable(position)) for name, position in sheet.signatories[:2])
    return replace(sheet, **clean)


def _head(sheet: CertificateSheet) -> list[Line]:
    """The institution beside its sign, the heading and the number."""
    x, y, width, height = _sign_area(sheet)
    words = sheet.wording
    initials = "".join(word[0] for word in sheet.institution.split() if word[0].isalpha())[:3].upper()
    name = [replace(line, x=line.x + x + width + 4) for line in _institution(sheet)]
    return [
        *([] if _logo(sheet) else typeset(initials, Type("bold", 13, CREAM), (x + 3.2, y, width - 6.4, height))),
        *name,
        *typeset(words.heading, Type("bold", 30, NILA_DEEP, 0.24), (SIDE, 46, INNER, 13)),
        *typeset(words.number.format(number=sheet.number), Type("text", 10, SOGAN, 0.06), (70, 60, WIDTH - 140, 5)),
    ]


def _institution(sheet: CertificateSheet) -> list[Line]:
    """Its name as it stands beside the sign, from x = 0."""
    return typeset(sheet.institution, Type("bold", 13, NILA_DEEP), (0, 25.5, 118, 15), align=0)


def _sign_area(sheet: CertificateSheet) -> Area:
    """Where the logo or the emblem stands, so that it and the institution's name are in the middle together."""
    logo = _logo(sheet)
    width, height = 15.0, 15.0
    if logo:
        scale = min(54 / logo.width, 15 / logo.height)
        width, height = logo.width * scale, logo.height * scale
    written = max(line.width for line in _institution(sheet))
    return (WIDTH - width - 4 - written) / 2, 33 - height / 2, width, height


def _logo(sheet: CertificateSheet) -> Picture | None:
    return picture(sheet.logo, LOGO_PIXELS, PAPER) if sheet.logo else None


def _award(sheet: CertificateSheet) -> list[Line]:
    """Who receives it, and what for."""
    words = sheet.wording
    small = Type("text", 11, INK_SOFT)
    return [
        *typeset(words.given_to, small, (SIDE, 74, INNER, 6)),
        *typeset(sheet.name, Type("bold", 34, INK, leading=1.15), (SIDE, 81, INNER, 22)),
        *typeset(words.completed, small, (SIDE, 111.5, INNER, 6)),
        *typeset(sheet.course_title, Type("bold", 19, NILA), (SIDE + 12, 118.5, INNER - 24, 15.5)),
        *typeset(_facts(sheet), replace(small, size=10.5), (SIDE, 135, INNER, 6)),
    ]


def _facts(sheet: CertificateSheet) -> str:
    """Duration, dates of study and end of validity, as far as they are known."""
    words = sheet.wording
    dates = list(dict.fromkeys(date for date in (sheet.started_on, sheet.finished_on) if date))
    duration = study_time(sheet.minutes, words)
    facts = [words.duration.format(duration=duration)] if duration else []
    facts += [words.period.format(start=dates[0], end=dates[-1])] if len(dates) > 1 else dates
    facts += [words.valid_until.format(date=sheet.expires_on)] if sheet.expires_on else []
    return " · ".join(facts)


def _columns(sheet: CertificateSheet) -> tuple[float, ...]:
    """The middle of the proof, and of each signatory's block from the right; without one, of place and date."""
    return (WIDTH / 2, 227, 70) if len(sheet.signatories) == 2 else (84, 213)


def _proof(sheet: CertificateSheet) -> list[Line]:
    """What is to be read under the code square."""
    left = _columns(sheet)[0] - COLUMN / 2
    address = sheet.wording.verify.format(address=sheet.verify_url.split("://")[-1])
    return [
        *typeset(grouped(sheet.code), Type("bold", 9, NILA_DEEP, 0.05), (left, 173.5, COLUMN, 5)),
        *typeset(address, Type("text", 6.5, INK_SOFT, leading=1.3), (left, 178.5, COLUMN, 6.2)),
    ]


def _code_area(sheet: CertificateSheet) -> Area:
    return _columns(sheet)[0] - 11.5, 149, 23, 23


def _signatures(sheet: CertificateSheet) -> list[Line]:
    """Place and date over the last signatory; names and positions under the lines."""
    middles = _columns(sheet)[1:]
    issued = ", ".join(part for part in (sheet.city, sheet.issued_on) if part)
    place = (147.5, 5.5) if sheet.signatories else (149, 23)
    lines = typeset(issued, Type("text", 10, INK), (middles[0] - COLUMN / 2, place[0], COLUMN, place[1]))
    for (name, position), middle in zip(reversed(sheet.signatories), middles, strict=False):
        left = middle - COLUMN / 2
        lines += typeset(name, Type("bold", 10.5, INK), (left, 173.5, COLUMN, 5.5))
        lines += typeset(position, Type("text", 8.5, INK_SOFT), (left, 179, COLUMN, 4.5))
    return lines


def _drawings(sheet: CertificateSheet) -> tuple[str, ...]:
    """What is neither text nor a picture, nor on every sheet."""
    x, y, width, height = _sign_area(sheet)
    signed = _columns(sheet)[1 : 1 + len(sheet.signatories)]
    return (
        *([] if _logo(sheet) else [ornaments.emblem(x + width / 2, y + height / 2, height / 2)]),
        ornaments.divider(107, 52),
        *(ornaments.rule(middle - 29, 172, 58) for middle in signed),
        ornaments.code_square(sheet.verify_url, *_code_area(sheet)[:3]),
    )
