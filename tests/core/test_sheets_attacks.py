"""Files that were made to do harm are refused, in bounded memory."""

from __future__ import annotations

import io
import random
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.sheets import SheetRefused, package, xlsx_bytes
from tests.core.test_sheets import TABLE, cells, read, reassembled, refusal

pytestmark = pytest.mark.pages

GOOD = xlsx_bytes("Peserta", TABLE)
SHEET = "xl/worksheets/sheet1.xml"
TOO_LARGE = "terlalu besar untuk dibaca"
BROKEN = "rusak atau tidak lengkap"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = [
    f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "<!DOCTYPE x>",
]
# The app is there for its language alone; nothing of one example is left in it for the next.
fuzzed = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def within(megabytes: int) -> Iterator[None]:
    """What runs in the block takes no more memory than that."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1_000_000
    finally:
        tracemalloc.stop()


def extended(name: str, content: bytes, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The good workbook with one entry more."""
    written = io.BytesIO(GOOD)
    with zipfile.ZipFile(written, "a", method) as archive:
        archive.writestr(name, content)
    return written.getvalue()


def with_rows(rows: str, before: str = "") -> bytes:
    """A workbook whose sheet holds just these rows."""
    return reassembled(
        GOOD, sheet1__xml=lambda _xml: f'<worksheet xmlns="x">{before}<sheetData>{rows}</sheetData></worksheet>'
    )


def header(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def varied(count: int, make: Callable[[int, str], str]) -> str:
    """Text that no ratio gives away."""
    chance = random.Random(1)
    return "".join(make(number, f"{chance.getrandbits(40):x}") for number in range(count))


def claiming(content: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size in the directory and before the entry."""
    raw, claimed = bytearray(content), struct.pack("<I", size)
    for mark, at, length in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        for found in re.finditer(re.escape(mark), content):
            start = found.start()
            if content[start + length : start + length + len(name)] == name.encode():
                raw[start + at : start + at + 4] = claimed
    return bytes(raw)


def test_t_upl_03_a_bomb_is_refused_from_the_directory(app: Flask) -> None:
    content = extended("xl/media/x.bin", b"\0" * 400_000)
    assert len(content) < 10_000
    with within(1):
        assert TOO_LARGE in refusal(content)


def test_t_upl_03_many_small_bombs_together_are_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_UNPACKED", 100_000)
    noise = random.Random(1).randbytes(60_000)
    assert cells(read(extended("a", noise))) == TABLE
    with zipfile.ZipFile(written := io.BytesIO(extended("a", noise)), "a") as archive:
        archive.writestr("b", noise)
    assert TOO_LARGE in refusal(written.getvalue())


def test_t_upl_03_too_many_entries_are_refused_before_the_directory_is_read(app: Flask) -> None:
    written = io.BytesIO(GOOD)
    with zipfile.ZipFile(written, "a") as archive:
        for number in range(2000):
            archive.writestr(f"{number}", b"")
    with within(2):
        assert TOO_LARGE in refusal(written.getvalue())


def test_t_upl_03_a_lie_about_the_size_does_not_help(app: Flask) -> None:
    huge = reassembled(
        GOOD, sheet1__xml=lambda xml: xml.replace("<sheetData>", "<sheetData>" + "<row></row>" * 300_000)
    )
    assert TOO_LARGE in refusal(huge)
    with within(8):
        assert BROKEN in refusal(claiming(huge, SHEET, 300_000))


def test_t_upl_03_entries_that_share_their_bytes_are_refused(app: Flask) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        entry = archive.getinfo(SHEET)
    raw, size = bytearray(GOOD), entry.compress_size
    start = GOOD.index(SHEET.encode(), GOOD.index(b"PK\x01\x02")) - 46
    raw[start + 20 : start + 24] = struct.pack("<I", size + len(GOOD))
    assert TOO_LARGE in refusal(bytes(raw))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_t_upl_03_methods_that_unpack_without_a_bound_are_refused(app: Flask, method: int) -> None:
    assert BROKEN in refusal(extended("x", b"x" * 100, method=method))


def test_t_upl_03_an_archive_in_the_archive_is_not_opened() -> None:
    assert cells(read(extended("xl/embeddings/x.xlsx", GOOD))) == TABLE


def test_t_upl_03_a_locked_entry_is_told_to_be_unlocked(app: Flask) -> None:
    raw = bytearray(GOOD)
    raw[GOOD.index(b"PK\x01\x02") + 8] |= 1
    assert "tanpa kata sandi" in refusal(bytes(raw))


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("part", ["sheet1__xml", "workbook__xml", "styles__xml", "workbook__xml__rels", "__rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_t_upl_04_no_part_may_declare_anything(app: Flask, doctype: str, part: str, encoding: str) -> None:
    def declared(xml: str) -> bytes:
        body = re.sub(r"^<\?xml.*?\?>\s*", "", xml).replace("Ayu Lestari", "&l9;")
        return f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding)

    with within(4):
        assert BROKEN in refusal(reassembled(GOOD, **{part: declared}))


@pytest.mark.parametrize(
    "name", ["../x", "xl/../../x", "/etc/passwd", "C:/x", "c:x", "xl\\..\\x", "\\\\server\\x", "xl/.."]
)
def test_t_upl_05_entries_that_lead_outside_are_refused(app: Flask, name: str) -> None:
    assert BROKEN in refusal(extended(name, b"x"))


def test_t_upl_05_a_link_is_refused(app: Flask) -> None:
    link = zipfile.ZipInfo("xl/link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(written := io.BytesIO(GOOD), "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert BROKEN in refusal(written.getvalue())


def test_t_upl_05_a_part_that_is_named_outside_is_not_found(app: Flask) -> None:
    def elsewhere(xml: str) -> str:
        return xml.replace("/xl/worksheets/sheet1.xml", "../../../../etc/passwd")

    assert BROKEN in refusal(reassembled(GOOD, workbook__xml__rels=elsewhere))


def test_t_upl_08_a_dimension_is_not_believed() -> None:
    last = '<row r="1048576"><c r="A1048576"><v>7</v></c></row>'
    with within(2):
        sheet = read(with_rows(header("Nama") + last, before='<dimension ref="A1:XFD1048576"/>'))
    assert [(row.line, row.cells) for row in sheet.rows] == [(1_048_576, ("7",))]


def test_t_upl_08_cells_far_to_the_right_are_refused(app: Flask) -> None:
    assert "Paling banyak 50 kolom" in refusal(with_rows('<row r="1"><c r="XFD1"><v>7</v></c></row>'))
    assert BROKEN in refusal(with_rows('<row r="1"><c r="ZZZZ1"><v>7</v></c></row>'))


def test_t_upl_08_empty_cells_without_end_are_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_ELEMENTS", 20_000)
    wide = varied(30_000, lambda _number, noise: f'<c s="{noise}"/>')
    with within(8):
        assert TOO_LARGE in refusal(with_rows(f"{header('Nama')}<row>{wide}</row>"))


def test_t_upl_08_depth_text_and_a_single_tag_are_bounded(app: Flask) -> None:
    deep = varied(200, lambda number, noise: f'<d{number} x="{noise}">')
    assert TOO_LARGE in refusal(with_rows(deep))
    noise = varied(20_000, lambda _number, noise: noise)
    assert TOO_LARGE in refusal(with_rows(header(noise)))
    assert TOO_LARGE in refusal(with_rows(f'<row x="{noise}"/>'))


def test_one_long_text_in_many_cells_is_cleaned_once() -> None:
    long = varied(3000, lambda _number, noise: f"é{noise}")
    rows = varied(
        4000, lambda number, noise: f'<row x="{noise}"><c t="s"><v>0</v></c><c t="s"><v>{number % 2}</v></c></row>'
    )
    first = '<row><c t="inlineStr"><is><t>A</t></is></c><c t="inlineStr"><is><t>B</t></is></c></row>'
    content = reassembled(
        with_rows(first + rows),
        workbook__xml__rels=lambda xml: xml.replace(
            "</Relationships>", '<Relationship Id="s" Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
        ),
    )
    with zipfile.ZipFile(written := io.BytesIO(content), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/strings.xml", f"<sst><si><t>{long}</t></si><si><t>x</t></si></sst>")
    with within(20):
        sheet = read(written.getvalue())
    assert sheet.rows[1].cells == (long, "x")
    assert sheet.rows[0].cells[0] is sheet.rows[-1].cells[0]


@fuzzed
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8), st.integers(0, 300))
def test_a_damaged_workbook_is_read_or_refused(app: Flask, changes: list[tuple[int, int]], cut: int) -> None:
    raw = bytearray(GOOD)
    for at, value in changes:
        raw[at] = value
    with suppress(SheetRefused):
        read(bytes(raw[: len(raw) - cut] if cut % 3 == 0 else raw))


@fuzzed
@given(st.text('ABr12 <>/="csvtisnbd&;:.-Ee', max_size=40), st.integers(0, 3000))
def test_damaged_xml_is_read_or_refused(app: Flask, noise: str, at: int) -> None:
    def damaged(xml: str) -> str:
        place = at % len(xml)
        return xml[:place] + noise + xml[place + len(noise) :]

    for part in ("sheet1__xml", "styles__xml", "workbook__xml"):
        with suppress(SheetRefused):
            read(reassembled(GOOD, **{part: damaged}))


@fuzzed
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(app: Flask, content: bytes) -> None:
    with suppress(SheetRefused):
        read(content)


def test_quotes_without_end_take_no_memory(app: Flask) -> None:
    with within(40):
        assert "Tanda kutip" in refusal('Nama\n"' + "x" * 2_000_000)
    with within(40):
        assert "Tanda kutip" in refusal('""' * 1_000_000 + ";" + "a;" * 100_000 + "\n")
    with within(40):
        assert "Paling banyak" in refusal('"";' * 500_000 + "a\n")
