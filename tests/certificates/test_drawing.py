from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
import segno
from PIL import Image

from app.certificates.drawing import CertificateSheet, draw_certificate, printable, study_time

SHEET = CertificateSheet(
    name="Ni Luh Putu Ayu Kusumawardhani",
    course_title="Dasar-Dasar Akuntansi Keuangan Syariah",
    number="012/SERT/VIII/2026",
    code="7F3K92QDXW4MZ8TBAC0E",
    verify_url="https://belajar.nusantara.sch.id/v/7F3K92QDXW4MZ8TBAC0E",
    issued_on="17 Agustus 2026",
    started_on="1 Juli 2026",
    finished_on="16 Agustus 2026",
    minutes=200,
    institution="Lembaga Pelatihan Nusantara",
    city="Denpasar",
    signatories=(("Dr. I Wayan Sudiarta, M.Pd.", "Direktur"), ("Siti Nurhaliza Rahman, S.E.", "Pengajar")),
    issued_at=datetime(2026, 8, 17, 3, 0, tzinfo=UTC),
)
LONG_NAME = ("Raden Ajeng Siti Nurhaliza Kusumaningrum binti Haji Abdurrahman Hasyim Asy'ari " * 4)[:300].strip()
LONG_TITLE = ("Pelatihan Keselamatan dan Kesehatan Kerja Laboratorium untuk Tenaga Pendidik " * 4)[:255].strip()
HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "Budi \u202egnuled\u202c \u2066x\u2069",
    "Budi\x00\x07\x1b[31m",
    "Budi \ud800\udfff \ufffe \U000e0041",
    "🎉😀👨\u200d👩\u200d👧 Sari",
    "Z" + "\u0310\u0327" * 60,
    "محمد بن عبد الله",
    "Budi محمد 12 שלום Sari",
    "李小龙 ꦗꦮ",
    "{nb} %s {0} {name} \\( ) >> endstream",
    "W" * 300,
    "ﷺ" * 300,
    "\u0301" * 300,
    " \t\n ",
    "",
)
POINT = 25.4 / 72
FRAME = (19.5, 19.5, 297 - 19.5, 210 - 19.5)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')


def sheet(**values: Any) -> CertificateSheet:
    return replace(SHEET, **values)


def run(name: str, pdf: bytes, *options: str) -> bytes:
    """What one of poppler's programs says about the PDF; a complaint is a fault. Without it, skipped; on CI, failed."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is missing: install poppler-utils")
        pytest.skip(f"{name} is missing: install poppler-utils")
    done = subprocess.run([path, *options], input=pdf, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


def read(pdf: bytes, *options: str) -> str:
    """The text as a reader sees it, on one line."""
    return " ".join(run("pdftotext", pdf, *options, "-", "-").decode().split())


def seen(pdf: bytes, dpi: int = 100) -> Image.Image:
    return Image.open(BytesIO(run("pdftoppm", pdf, "-r", str(dpi)))).convert("RGB")


def png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def word_boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the letters of each word, in millimetres."""
    # With -bbox poppler writes the emoji of a title wrongly.
    found = WORD.findall(run("pdftotext", pdf, "-bbox", "-", "-").decode(errors="replace"))
    boxes = [tuple(float(edge) * POINT for edge in word) for word in found]
    # poppler's boxes reach from the font's ascent to its descent; letters take less.
    return [
        (left, top + 0.2 * (bottom - top), right, bottom - 0.15 * (bottom - top)) for left, top, right, bottom in boxes
    ]


def assert_tidy(pdf: bytes) -> None:
    """No word touches another or leaves the frame."""
    boxes = word_boxes(pdf)
    for left, top, right, bottom in boxes:
        assert left >= FRAME[0]
        assert top >= FRAME[1]
        assert right <= FRAME[2]
        assert bottom <= FRAME[3]
    for one, other in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        assert min(across, down) <= 0.3, (one, other)


def test_it_is_one_landscape_page_of_a4() -> None:
    about = run("pdfinfo", draw_certificate(SHEET), "-").decode()
    assert re.search(r"Pages: +1\n", about)
    assert re.search(r"Page size: +841.89 x 595.28 pts \(A4\)", about)


def test_the_file_tells_its_title_author_language_and_date() -> None:
    pdf = draw_certificate(SHEET)
    about = run("pdfinfo", pdf, "-isodates", "-").decode()
    assert "Title:           Sertifikat 012/SERT/VIII/2026: Ni Luh Putu Ayu Kusumawardhani" in about
    assert "Author:          Lembaga Pelatihan Nusantara" in about
    assert "CreationDate:    2026-08-17T03:00:00Z" in about
    assert b"/Lang (id)" in pdf


def test_everything_that_the_sheet_says_can_be_read() -> None:
    text = read(draw_certificate(sheet(expires_on="17 Agustus 2029", score="92,5")), "-layout")
    for part in (
        "Lembaga Pelatihan Nusantara",
        "SERTIFIKAT",
        "Nomor 012/SERT/VIII/2026",
        "Diberikan kepada",
        "Ni Luh Putu Ayu Kusumawardhani",
        "telah menyelesaikan kursus",
        "Dasar-Dasar Akuntansi Keuangan Syariah",
        "setara 3 jam 20 menit belajar · nilai 92,5 · 1 Juli 2026 – 16 Agustus 2026 · berlaku hingga 17 Agustus 2029",
        "Denpasar, 17 Agustus 2026",
        "Dr. I Wayan Sudiarta, M.Pd.",
        "Pengajar",
        "7F3K-92QD-XW4M-Z8TB-AC0E",
        "belajar.nusantara.sch.id/v/7F3K92QDXW4MZ8TBAC0E",
    ):
        assert part in text


@pytest.mark.parametrize(
    "name",
    [
        "Sari",
        "Nur'aini",
        "Nur’aini ʿAbd al-Ḥaqq",
        "Łukasz Žižek Nguyễn Ñuñez Straße",
        "<b>x</b>",
        "fi ffl Officer A-B",
        "Ελένη Лев",
        'O"Brien & Co \\ (x) %',
        "**Budi** __Sari__ --x-- [a](b)",
        LONG_NAME,
    ],
)
def test_t_xss_06_the_name_that_is_read_is_the_name_that_was_written(name: str) -> None:
    text = read(draw_certificate(sheet(name=name)), "-raw")
    assert f"Diberikan kepada {name} telah menyelesaikan" in text


def test_t_xss_06_an_arabic_name_is_read_in_its_order() -> None:
    text = read(draw_certificate(sheet(name="محمد بن عبد الله")))
    assert "محمد بن عبد الله" in text.translate(dict.fromkeys((0x202A, 0x202B, 0x202C)))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_t_xss_06_no_value_breaks_the_file_or_the_layout(name: str) -> None:
    spoiled = sheet(
        name=name,
        course_title=name[:255],
        institution=name[:200],
        number=name[:100],
        city=name[:60],
        signatories=((name[:150], name[:100]), (name[:150], name[:100])),
    )
    pdf = draw_certificate(spoiled)
    assert "SERTIFIKAT" in read(pdf)
    assert seen(pdf, 30).size == (351, 249)
    assert_tidy(pdf)


@pytest.mark.parametrize("signing", [0, 1, 2])
def test_the_longest_values_find_room(signing: int) -> None:
    full = sheet(
        name=LONG_NAME,
        course_title=LONG_TITLE,
        institution=LONG_NAME[:200],
        number=LONG_NAME[:100].replace(" ", "/"),
        city=LONG_NAME[:60],
        expires_on="17 Agustus 2029",
        verify_url="https://" + "sub." * 20 + "sch.id/v/7F3K92QDXW4MZ8TBAC0E",
        signatories=((LONG_NAME[:150], LONG_TITLE[:100]), ("W" * 150, "Direktur"))[:signing],
    )
    pdf = draw_certificate(full)
    assert_tidy(pdf)
    text = read(pdf, "-raw")
    assert LONG_NAME in text
    assert LONG_TITLE in text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Budi\x00\x07 Santoso", "Budi Santoso"),
        ("Budi \u202egnuled\u202c", "Budi gnuled"),
        ("A\u200bB\u2066C\u2069\ufeff", "ABC"),
        ("Budi\ud800", "Budi"),
        ("  Budi\t\n Santoso ", "Budi Santoso"),
        ("Nur'aini <b>x</b>", "Nur'aini <b>x</b>"),
        ("Nur\u0061\u0301", "Nurá"),
        ("Sari 🎉", "Sari"),
        ("李 Sari", "□ Sari"),
        ("x\u0331\u0332\u0333\u0330", "x\u0331\u0332"),
    ],
)
def test_only_what_can_be_printed_is_printed(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_equal_sheets_give_equal_bytes_and_another_name_gives_others() -> None:
    logo = png(Image.new("RGBA", (40, 30), (200, 20, 20, 120)))
    assert draw_certificate(sheet(logo=logo)) == draw_certificate(sheet(logo=logo))
    first = draw_certificate(sheet(name="Łukasz محمد"))
    assert first != draw_certificate(SHEET)
    assert first == draw_certificate(sheet(name="Łukasz محمد"))


def test_the_code_square_holds_the_verification_address_and_is_a_link() -> None:
    pdf = draw_certificate(SHEET)
    matrix = segno.make(SHEET.verify_url, error="m", micro=False).matrix
    left, top, right, bottom = (round(edge / 25.4 * 300) for edge in (137, 149, 160, 172))
    square = seen(pdf, 300).convert("L").crop((left, top, right, bottom))
    modules = square.resize((len(matrix), len(matrix)), Image.Resampling.NEAREST).tobytes()
    assert [int(light < 128) for light in modules] == [module for row in matrix for module in row]
    assert f"/URI ({SHEET.verify_url})".encode() in pdf


def test_a_logo_takes_the_place_of_the_initials() -> None:
    logo = png(Image.new("RGB", (300, 300), (200, 20, 20)))
    assert "LPN" in read(draw_certificate(SHEET))
    pdf = draw_certificate(sheet(logo=logo))
    assert "LPN" not in read(pdf)
    assert (200, 20, 20) in [colour for _, colour in seen(pdf).getcolors(1 << 24) or ()]


@pytest.mark.parametrize("logo", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", png(Image.new("RGB", (90, 90)))[:60]])
def test_a_logo_that_cannot_be_read_leaves_the_initials(logo: bytes) -> None:
    assert "LPN" in read(draw_certificate(sheet(logo=logo)))


@pytest.mark.parametrize("size", [(800, 800), (1, 800), (800, 1), (1, 1)])
def test_a_logo_of_any_shape_keeps_the_file_small(size: tuple[int, int]) -> None:
    gradient = Image.linear_gradient("L").resize(size).convert("RGB")
    assert len(draw_certificate(sheet(logo=png(gradient)))) <= 120 * 1024


def test_only_the_first_two_sign_and_nobody_need_sign() -> None:
    three = (("Satu", "Ketua"), ("Dua", "Sekretaris"), ("Tiga", "Bendahara"))
    assert "Tiga" not in read(draw_certificate(sheet(signatories=three)))
    assert "Denpasar, 17 Agustus 2026" in read(draw_certificate(sheet(signatories=())))


def test_a_sheet_without_city_dates_and_minutes_says_nothing_about_them() -> None:
    text = read(draw_certificate(sheet(city="", started_on="", finished_on="", minutes=0)))
    assert "setara" not in text
    assert "nilai" not in text
    assert "–" not in text
    assert ", 17 Agustus" not in text


def test_a_course_of_one_day_has_one_date() -> None:
    text = read(draw_certificate(sheet(finished_on="1 Juli 2026")))
    assert "belajar · 1 Juli 2026" in text
    assert "–" not in text


@pytest.mark.parametrize(
    ("minutes", "written"), [(200, "3 jam 20 menit"), (60, "1 jam"), (45, "45 menit"), (0, ""), (-5, "")]
)
def test_study_time_is_written_in_hours_and_minutes(minutes: int, written: str) -> None:
    assert study_time(minutes) == written
