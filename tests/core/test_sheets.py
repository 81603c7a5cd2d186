"""Tables that people bring and take: what is read, what is refused, what is written."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from app.core.forms import clean_line
from app.core.sheets import Row, Sheet, SheetRefused, csv_lines, read_sheet, safe_cell, xlsx_bytes

pytestmark = pytest.mark.pages

FORMULAS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
TABLE = [["Nama", "NIS"], ["Ayu Lestari", "0012"], ["Budi; S.Pd", '"B"'], ["Citra", ""]]


def read(content: bytes | str, **limits: int) -> Sheet:
    raw = content.encode() if isinstance(content, str) else content
    return read_sheet(io.BytesIO(raw), "peserta.xlsx", **limits)


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(sheet.header), *(list(row.cells) for row in sheet.rows)]


def refusal(content: bytes | str, **limits: int) -> str:
    with pytest.raises(SheetRefused) as caught:
        read(content, **limits)
    assert caught.value.field == "file"
    return caught.value.sentence


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def workbook(*rows: list[Any]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    return book, sheet


def reassembled(content: bytes, **parts: Any) -> bytes:
    """The workbook with parts changed: a function of the XML for each name (dots as `__`)."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            change = parts.get(entry.filename.rsplit("/", 1)[-1].replace(".", "__"))
            xml = old.read(entry)
            new.writestr(entry.filename, change(xml.decode()) if change else xml)
    return written.getvalue()


# CSV


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_with_any_separator_line_ending_and_encoding(separator: str, ending: str, encoding: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator=ending).writerows(TABLE)
    assert cells(read(written.getvalue().encode(encoding))) == TABLE


def test_what_is_no_utf8_is_read_as_windows_1252() -> None:
    assert read("Nama\nRené “Né”\n".encode("cp1252")).rows == [Row(2, ("René “Né”",))]


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ('"Nama, gelar";Kota', ("Nama, gelar", "Kota")),
        ('Kota,"a;b;c;d"', ("Kota", "a;b;c;d")),
        ("Nama, gelar;Kota;Kelas", ("Nama, gelar", "Kota", "Kelas")),
        ("Nama", ("Nama",)),
        ('"Nama\nlengkap",Kota', ("Nama lengkap", "Kota")),
        (",,\n\nNama,Kota", ("Nama", "Kota")),
    ],
)
def test_the_separator_is_found_in_the_header_outside_of_quotes(line: str, header: tuple[str, ...]) -> None:
    assert read(f"{line}\n").header == header


@pytest.mark.parametrize(("separator", "other"), [(";", ","), (",", ";"), ("\t", ";")])
def test_the_line_that_names_the_separator_is_obeyed_and_no_row(separator: str, other: str) -> None:
    sheet = read(f"\ufeffsep={separator}\r\nNama{other} gelar{other} marga{separator}NIS\r\nAyu{separator}1\r\n")
    assert sheet == Sheet((f"Nama{other} gelar{other} marga", "NIS"), [Row(2, ("Ayu", "1"))])


def test_lines_are_numbered_as_spreadsheets_do() -> None:
    sheet = read('\nNama;Alamat\n\n;;\nAyu;"Jalan A\nNo. 1"\nBudi\n')
    assert sheet.header == ("Nama", "Alamat")
    assert sheet.rows == [Row(5, ("Ayu", "Jalan A No. 1")), Row(6, ("Budi", ""))]


def test_cells_are_clean_lines() -> None:
    assert read("Nama  lengkap ;x\n  Ayu\u00a0 Le\x07stari ;e\u0301\n") == Sheet(
        ("Nama lengkap", "x"), [Row(2, ("Ayu Lestari", "é"))]
    )


def test_an_open_quote_does_not_swallow_the_rows_below(app: Flask) -> None:
    assert "Tanda kutip di baris 3" in refusal('Nama;Kota\nAyu;Solo\n"Budi;Solo\nCitra;Solo\n')
    assert "Tanda kutip di baris 2" in refusal('Nama\n"A" B\n')


# XLSX


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("0012", None, "0012"),
        ("  Ayu  Lestari\n", None, "Ayu Lestari"),
        ("a _x0041_ b", None, "a A b"),
        ("_x005F_x0041_", None, "_x0041_"),
        (7, None, "7"),
        (7.0, None, "7"),
        (-5, None, "-5"),
        (87.5, None, "87.5"),
        (0.1 + 0.2, None, "0.3"),
        (0.00001, None, "0.00001"),
        (20240001234567, None, "20240001234567"),
        (2.0240001234567e13, "0.00E+00", "20240001234567"),
        (201010101010000, "General", "201010101010000"),
        (3201010101010000, "General", "3.20101010101e+15"),  # no longer what was typed
        (1e21, None, "1e+21"),
        (1234, "0000000000", "0000001234"),
        (1234, "[$-421]0000000000;-0000", "0000001234"),
        (-12, "0000", "-0012"),
        (12.5, "0000", "12.5"),
        (1250000, '"Rp"#,##0', "1250000"),
        (date(2026, 8, 17), None, "2026-08-17"),
        (date(2026, 8, 17), "[$-421]dd mmmm yyyy;@", "2026-08-17"),
        (datetime.fromisoformat("2026-08-17 14:05"), None, "2026-08-17 14:05"),
        (datetime.fromisoformat("2026-08-17 14:05:09"), None, "2026-08-17 14:05:09"),
        (time(14, 5), None, "14:05"),
        (timedelta(hours=30, minutes=5), None, "30:05"),
        (-1, "yyyy-mm-dd", "1899-12-29"),
        (1e300, "yyyy-mm-dd", "1e+300"),
        (True, None, "ya"),
        (False, None, "tidak"),
        ("#N/A", None, "#N/A"),
        ("=1+1", None, ""),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_that_a_person_means(value: Any, number_format: str | None, text: str) -> None:
    book, sheet = workbook(["No", "Isi"], ["x", value])
    if number_format:
        sheet["B2"].number_format = number_format
    assert read(saved(book)).rows[0].cells == ("x", text)


def test_a_formula_is_its_last_value() -> None:
    book, _sheet = workbook(["Isi", "Isi 2"], ["=A1", "=1+1"])

    def calculated(xml: str) -> str:
        xml = xml.replace('<c r="A2"><f>A1</f><v /></c>', '<c r="A2" t="str"><f>A1</f><v>Ayu</v></c>')
        return xml.replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>").replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")

    assert read(reassembled(saved(book), sheet1__xml=calculated)).rows == [Row(2, ("Ayu", "2"))]


def test_days_are_right_in_a_workbook_from_an_old_mac() -> None:
    book, _sheet = workbook(["Lahir"], [date(2008, 2, 29)])
    book.epoch = CALENDAR_MAC_1904
    assert read(saved(book)).rows[0].cells == ("2008-02-29",)


def test_moments_that_are_stored_as_text_are_days() -> None:
    book, _sheet = workbook(["Lahir"], [date(2008, 2, 29)])
    book.iso_dates = True
    assert read(saved(book)).rows[0].cells == ("2008-02-29",)


def test_rich_text_is_its_text_without_the_reading_aid() -> None:
    book, _sheet = workbook([CellRichText("Nama ", TextBlock(InlineFont(b=True), "lengkap"))], ["x"])

    def aided(xml: str) -> str:
        return xml.replace("</si>", '<rPh sb="0" eb="1"><t>AIDA</t></rPh></si>').replace(
            "</is>", '<rPh sb="0" eb="1"><t>AIDA</t></rPh></is>'
        )

    content = saved(book)
    assert read(content).header == ("Nama lengkap",)
    assert read(reassembled(content, sharedStrings__xml=aided, sheet1__xml=aided)).header == ("Nama lengkap",)


def test_merged_and_formatted_empty_cells_do_no_harm() -> None:
    book, sheet = workbook(["Nama", "Kota"], ["Ayu", "Solo"], ["Budi", None])
    sheet.merge_cells("B2:B3")
    for row in range(4, 3000):
        sheet.cell(row, 1).number_format = "@"
    sheet["CZ1"].number_format = "0000"
    assert read(saved(book), max_rows=10).rows == [Row(2, ("Ayu", "Solo")), Row(3, ("Budi", ""))]


def test_rows_that_the_file_leaves_out_still_count() -> None:
    book, sheet = workbook()
    sheet["B3"], sheet["C3"], sheet["B1048576"] = "Nama", "Kota", "Ayu"
    sheet["A3"] = "No"
    assert read(saved(book)).rows == [Row(1_048_576, ("", "Ayu", ""))]


def test_the_first_visible_sheet_is_read(app: Flask) -> None:
    book, sheet = workbook(["Rahasia"])
    sheet.sheet_state = "hidden"
    book.create_chartsheet("Bagan")
    shown = book.create_sheet("Peserta")
    shown.append(["Nama"])
    book.create_sheet("Lain").append(["Lain"])
    book.active = 3
    assert read(saved(book)).header == ("Nama",)
    shown.sheet_state = book["Lain"].sheet_state = "veryHidden"
    del book["Bagan"]
    content = reassembled(
        saved_unchecked(book), workbook__xml=lambda xml: xml.replace('state="visible"', 'state="hidden"')
    )
    assert "tidak punya lembar yang terlihat" in refusal(content)


def saved_unchecked(book: Workbook) -> bytes:
    """openpyxl saves no workbook without a visible sheet; one more is hidden in the XML afterwards."""
    book.create_sheet("Akhir")
    return saved(book)


def test_cells_and_rows_without_addresses_follow_each_other() -> None:
    def bare(xml: str) -> str:
        for name in ("A1", "B1", "A2", "B2", "1", "2"):
            xml = xml.replace(f' r="{name}"', "")
        return xml

    book, _sheet = workbook(["Nama", "NIS"], ["Ayu", 12])
    assert read(reassembled(saved(book), sheet1__xml=bare)).rows == [Row(2, ("Ayu", "12"))]


def test_prefixed_xml_is_read_as_well() -> None:
    def prefixed(xml: str) -> str:
        xml = xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?", "<?")
        return xml.replace("xmlns=", "xmlns:x=")

    content = xlsx_bytes("Data", TABLE)
    assert cells(read(reassembled(content, sheet1__xml=prefixed))) == TABLE


# What is no table


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"<!doctype html><table><tr><td>Nama",
        b"\xef\xbb\xbf  <html>",
        b"<?xml version='1.0'?><svg/>",
        b"{\\rtf1",
        b"MIME-Version: 1.0\n",
        b"PK\x05\x06" + b"\0" * 18,
        b"Nama;Kota\nAyu\0;Solo\n",
        "Nama".encode("utf-16-le"),
        b"Nama\n\x81\x8d\n",
    ],
)
def test_what_is_no_table_is_told_to_be_saved_as_one(app: Flask, content: bytes) -> None:
    assert "simpan sebagai XLSX atau CSV" in refusal(content)


def test_old_excel_files_opendocument_and_word_are_told_to_be_saved_anew(app: Flask) -> None:
    assert "tanpa kata sandi" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert "simpan sebagai XLSX atau CSV" in refusal(ods.getvalue())
    docx = reassembled(xlsx_bytes("x", [["A"]]), workbook__xml=lambda _xml: "<w:document xmlns:w='x'/>")
    assert "simpan sebagai XLSX atau CSV" in refusal(docx)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n;;;\n  \n", b"sep=;\n", xlsx_bytes("Data", [])])
def test_an_empty_file_is_refused(app: Flask, content: bytes) -> None:
    assert "kosong" in refusal(content)


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert read("Nama;Kota\n") == Sheet(("Nama", "Kota"), [])


def test_a_column_without_a_title_and_a_title_twice_are_named(app: Flask) -> None:
    assert "Kolom B tidak berjudul" in refusal("Nama;;Kota\n")
    assert 'Judul kolom "nama" ada dua kali' in refusal("Nama;Kota;nama\n")


def test_what_stands_beside_the_table_is_not_lost_in_silence(app: Flask) -> None:
    assert "Baris 3 berisi 3 sel" in refusal("Nama,Kota\nAyu,Solo\nBudi, S.Pd,Solo\n")
    assert read("Nama,Kota\nAyu,Solo,,\n").rows == [Row(2, ("Ayu", "Solo"))]


def test_too_many_rows_or_columns_are_told_with_the_number_that_is_allowed(app: Flask) -> None:
    rows = ["Nama", *(f"Orang {number}" for number in range(5001))]
    assert refusal("\n".join(rows)).startswith("Paling banyak 5.000 baris dalam satu berkas. Bagi berkasnya")
    assert len(read("\n\n".join(rows[:-1])).rows) == 5000
    assert "Paling banyak 5.000 baris" in refusal(xlsx_bytes("Data", [[each] for each in rows]))
    assert "Paling banyak 50 kolom" in refusal(";".join(f"K{number}" for number in range(51)))
    assert "Paling banyak 2 kolom" in refusal(xlsx_bytes("Data", [["A", "B", "C"]]), max_columns=2)


def test_a_file_beyond_ten_megabytes_is_refused_unread(app: Flask) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert 0 < size < 11_000_000
            return b"a" * size

    with pytest.raises(SheetRefused, match="paling besar 10 MB"):
        read_sheet(Endless(), "x.csv")  # type: ignore[arg-type]


# Writing

plain = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: clean_line(text) or "")
table = st.integers(1, 5).flatmap(
    lambda width: st.tuples(
        st.lists(plain.filter(bool), min_size=width, max_size=width, unique_by=str.casefold),
        st.lists(st.lists(plain, min_size=width, max_size=width).filter(any), max_size=5),
    )
)


@settings(deadline=None)
@given(table)
def test_what_was_written_as_csv_is_read_as_it_was(content: tuple[list[str], list[list[str]]]) -> None:
    rows = [content[0], *content[1]]
    assume(not rows[0][0].startswith("<"))  # taken for HTML
    assume(not any(each.startswith("'") and safe_cell(each[1:]) == each for row in rows for each in row))
    assert cells(read("".join(csv_lines(rows)))) == rows


@settings(deadline=None, max_examples=40)
@given(table)
def test_what_was_written_as_xlsx_is_read_as_it_was(content: tuple[list[str], list[list[str]]]) -> None:
    rows = [content[0], *content[1]]
    assert cells(read(xlsx_bytes("Peserta", rows))) == rows


def test_a_telephone_number_comes_back_without_the_guard() -> None:
    rows = [["HP", "Nilai"], ["+62 812", "-5"], ["'Ain", "x"]]
    assert "".join(csv_lines(rows)) == "\ufeffHP;Nilai\r\n'+62 812;'-5\r\n'Ain;x\r\n"
    assert cells(read("".join(csv_lines(rows)))) == rows
    assert cells(read(xlsx_bytes("Data", rows))) == rows


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\ufeff", "\u200b", "\0"])
@pytest.mark.parametrize("first", FORMULAS[:4] + FORMULAS[7:])
def test_t_csv_01_no_cell_of_a_csv_begins_a_formula(first: str, before: str) -> None:
    text = before + first + "1+1"
    assert safe_cell(text) == "'" + text.replace("\0", "")
    assert list(csv_lines([[text]]))[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("first", FORMULAS)
def test_t_csv_01_no_cell_of_a_workbook_is_a_formula(first: str) -> None:
    content = xlsx_bytes("Data", [["Isi"], [f"{first}1+1"], [f" {first}cmd|' /C calc'!A0"], [5]])
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in xml.replace("<fo", "")
    assert xml.count('t="inlineStr"') == 3
    assert xml.count('t="n"') == 1


def test_numbers_are_no_text() -> None:
    numbers = [-5, -0.5, Decimal("-1250000"), 0]
    assert list(csv_lines([numbers]))[1] == "-5;-0.5;-1250000;0\r\n"
    xml = zipfile.ZipFile(io.BytesIO(xlsx_bytes("x", [numbers]))).read("xl/worksheets/sheet1.xml").decode()
    assert xml.count('t="n"') == 4
    assert safe_cell(float("-inf")) == "'-inf"
    assert [safe_cell(each) for each in (None, True, False, "a=b")] == ["", "ya", "tidak", "a=b"]


def test_a_number_too_long_for_excel_stays_whole() -> None:
    assert cells(read(xlsx_bytes("x", [["NIK"], [3201010101010001]]))) == [["NIK"], ["3201010101010001"]]


def test_no_cell_breaks_the_workbook() -> None:
    long, wide = "".join(f"ß{number}" for number in range(9000)), "".join(f"😀{number}" for number in range(9000))
    rows = [["A", "B"], ["x\0\x08\x0b\ud800\uffff", "_x0041_"], [long, wide], [None, "]]><&"]]
    sheet = read(xlsx_bytes("Nilai [a]/b: 'c' * ? yang sangat panjang sekali", rows))
    assert [row.cells for row in sheet.rows[::2]] == [("x", "_x0041_"), ("", "]]><&")]
    assert [len(cell.encode("utf-16-le")) // 2 for cell in sheet.rows[1].cells] == [32_767, 32_766]
    assert long.startswith(sheet.rows[1].cells[0])
    assert wide.startswith(sheet.rows[1].cells[1])


def test_the_first_row_is_bold_and_stays_in_sight() -> None:
    content = xlsx_bytes("Data", TABLE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert '<sheet name="Data"' in archive.read("xl/workbook.xml").decode().replace(
            'sheet xmlns:ns0="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ', "sheet "
        )
    assert 'state="frozen"' in xml
    assert 'topLeftCell="A2"' in xml
    first, second = xml.split("</row>")[:2]
    assert first.count(' s="1"') == 2
    assert ' s="1"' not in second


def test_sheets_that_are_not_read_are_named() -> None:
    book = Workbook()
    book.active.append(["Nama"])
    book.active.append(["Ayu"])
    for name, cell, state in (("7B", "Beni", "visible"), ("Kosong", None, "visible"), ("Rahasia", "x", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append([cell])
        sheet.sheet_state = state
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    assert read_sheet(content, "kelas.xlsx").unread == ("7B",)
