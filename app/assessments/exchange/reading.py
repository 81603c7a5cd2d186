"""Which format a file has, by what stands in it."""

from __future__ import annotations

from io import BytesIO

from flask_babel import gettext as _

from app.assessments.exchange import aiken, gift, table
from app.assessments.exchange.parsed import Reading
from app.core.errors import Refused
from app.core.sheets import read_sheet

MAX_QUESTIONS = 500


def read_questions(content: bytes, name: str) -> Reading:
    """The questions of a file in Aiken, GIFT, CSV or XLSX. Raises Refused at `file` for what is none of these."""
    if name.lower().endswith((".csv", ".xlsx")) or content.startswith(b"PK"):
        return table.read(read_sheet(BytesIO(content), name, max_rows=MAX_QUESTIONS, keep_lines=True))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("Berkas ini bukan teks. Simpan sebagai UTF-8, CSV, atau XLSX."), "file") from error
    if aiken.looks_like(text):
        return aiken.read(text)
    if gift.looks_like(text):
        return gift.read(text)
    raise Refused(_("Berkas ini bukan Aiken, GIFT, CSV, atau XLSX. Lihat contohnya."), "file")
