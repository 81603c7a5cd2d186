"""What a file is, read from its bytes; its name must agree."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from flask_babel import gettext as _

from app.core.errors import Refused
from app.core.forms import clean_line

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# Suffix → type. Of an archive the folder tells which it is, of OpenDocument a file says so.
_BY_FOLDER = {
    "word/": (".docx", _OFFICE + "wordprocessingml.document"),
    "xl/": (".xlsx", _OFFICE + "spreadsheetml.sheet"),
    "ppt/": (".pptx", _OFFICE + "presentationml.presentation"),
}
_BY_MIMETYPE = {_OPEN + "text": ".odt", _OPEN + "spreadsheet": ".ods", _OPEN + "presentation": ".odp"}
_PLAIN = {".txt": "text/plain", ".csv": "text/csv"}
MAX_ENTRIES = 2000


class NotADocument(Refused):
    """The file is of no kind that is taken, or is not what its name says."""


def plain_name(name: str) -> str:
    """The last part of a path on any system, on one line, of at most 255 characters with its suffix kept."""
    last = (clean_line(name.replace("\\", "/").rsplit("/", 1)[-1]) or "").strip(". ")
    suffix = PurePosixPath(last).suffix[:10]
    return last if len(last) <= 255 else last[: 255 - len(suffix)] + suffix


def document_type(content: bytes, name: str) -> str:
    """The media type of a document. Raises NotADocument."""
    suffix = PurePosixPath(name).suffix.lower()
    found = _read_type(content, suffix)
    if found is None:
        raise NotADocument(_("Berkas ini bukan dokumen yang diterima (PDF, Word, Excel, PowerPoint, CSV)."), "file")
    expected, mime = found
    if suffix != expected:
        raise NotADocument(_("Isi berkas ini tidak sesuai dengan akhiran namanya."), "file")
    return mime


def _read_type(content: bytes, suffix: str) -> tuple[str, str] | None:
    if content.startswith(b"%PDF-"):
        return ".pdf", PDF
    if content.startswith(b"PK\x03\x04"):
        return _archive_type(content)
    if suffix in _PLAIN and _is_text(content):
        return suffix, _PLAIN[suffix]
    return None


def _archive_type(content: bytes) -> tuple[str, str] | None:
    """Reads the list of entries only: nothing large is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ENTRIES:
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                mime = archive.read("mimetype").decode("ascii", "replace")
                return (_BY_MIMETYPE[mime], mime) if mime in _BY_MIMETYPE else None
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for folder, kind in _BY_FOLDER.items() if any(n.startswith(folder) for n in names)), None)


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
