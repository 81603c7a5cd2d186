"""Turns the Markdown of a document lesson into the PDF that learners download and print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF, FontFace
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

import app.certificates

FONTS = Path(app.certificates.__file__).parent / "fonts"
INDIGO = (38, 63, 140)
INK = (29, 34, 48)
PAPER = (243, 239, 230)
LINE = (143, 134, 114)
MADE = datetime(2026, 7, 1, tzinfo=UTC)
SIZES = {"h2": 13, "h3": 11.5, "h4": 10.5}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def draw(title: str, institution: str, text: str) -> bytes:
    """An A4 document with the title, the institution and the text; the same bytes for the same text."""
    page = FPDF(format="A4")
    page.set_creation_date(MADE)
    page.set_title(title)
    page.set_lang("id")
    page.set_margin(20)
    page.set_auto_page_break(True, margin=20)
    page.set_draw_color(*LINE)
    page.add_font("Jakarta", "", FONTS / "PlusJakartaSans-Medium.ttf")
    page.add_font("Jakarta", "B", FONTS / "PlusJakartaSans-Bold.ttf")
    page.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold-subset.ttf")
    page.add_font("DejaVu", "", FONTS / "DejaVuSans-Bold-subset.ttf")
    page.set_fallback_fonts(["DejaVu"])
    page.add_page()
    _write(page, institution, 9)
    _write(page, title, 18, bold=True, colour=INDIGO)
    for block in SyntaxTreeNode(_markdown.parse(text)).children:
        _block(page, block)
    return bytes(page.output())


def _write(page: FPDF, text: str, size: float, *, bold: bool = False, colour: Sequence[int] = INK) -> None:
    page.set_font("Jakarta", "B" if bold else "", size)
    page.set_text_color(*colour)
    page.multi_cell(0, size * 0.52, text, markdown=not bold, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(size * 0.18)


def _block(page: FPDF, block: SyntaxTreeNode) -> None:
    if block.type == "heading":
        page.ln(2)
        # A heading stays with what follows it.
        if page.will_page_break(30):
            page.add_page()
        _write(page, _source(block), SIZES.get(block.tag, 10.5), bold=True, colour=INDIGO)
    elif block.type in {"bullet_list", "ordered_list"}:
        for number, item in enumerate(block.children, start=1):
            sign = f"{number}." if block.type == "ordered_list" else "•"
            _write(page, f"{sign}  {_source(item)}", 10)
    elif block.type == "table":
        _table(page, block)
    else:
        _write(page, _source(block), 10)


def _source(node: SyntaxTreeNode) -> str:
    """The Markdown of everything inline in the node, on one line; fpdf2 reads `**bold**` itself."""
    return " ".join(each.content.replace("\n", " ") for each in node.walk() if each.type == "inline")


def _table(page: FPDF, table: SyntaxTreeNode) -> None:
    rows = [[_source(cell) for cell in row.children] for part in table.children for row in part.children]
    # Columns by their longest text; an empty one is there to be written in.
    widths = [max(12, min(40, max(len(row[column]) for row in rows[1:]) or 20)) for column in range(len(rows[0]))]
    page.set_font("Jakarta", "", 9.5)
    page.set_text_color(*INK)
    with page.table(
        rows,
        col_widths=widths,
        text_align="LEFT",
        line_height=5,
        padding=1.5,
        headings_style=FontFace(emphasis="B", fill_color=PAPER),
        markdown=True,
    ):
        pass
    page.ln(2)
