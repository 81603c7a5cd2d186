"""The zip of a workbook and the XML in it, read as far as needed, in bounded memory."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator

from defusedxml.expatreader import DefusedExpatParser
from flask_babel import gettext as _

from app.core.sheets.table import SheetRefused
from app.core.zips import is_bounded, is_locked

MAX_UNPACKED = 50_000_000
MAX_ENTRIES = 2000
MAX_RATIO = 100
MAX_ELEMENTS = 1_500_000
"""XML elements of one part, a few seconds of work: twice what 5,000 full rows of 50 columns need."""
MAX_DEPTH = 100
MAX_TEXT = 100_000
"""Characters between two tags; a cell of Excel holds 32,767."""
_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"
_OUTSIDE = re.compile(r"/|\\|[A-Za-z]:|.*\\|(?:.*/)?\.\.(?:/|$)", re.DOTALL)

Tag = tuple[str, dict[str, str] | None, str]
"""An element's name without prefix; the attributes where it begins, None where it ends with its text."""


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive, when its directory promises nothing beyond the limits. Raises SheetRefused, BadZipFile."""
    # Each entry of the directory has this mark, so that too many are known before any is read.
    if content.count(_ENTRY) > MAX_ENTRIES:
        raise too_large()
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed or packed > len(content):
        raise too_large()
    for entry in entries:
        _check(entry)
    return archive


def tags(archive: zipfile.ZipFile, part: str) -> Iterator[Tag]:
    """The beginnings and ends of all elements of a part, one after the other; no tree is built.

    Raises SheetRefused for what is too large, and whatever broken zips and XML raise; a DTD is such a break.
    """
    parser = _Parser(forbid_dtd=True)
    count, left = 0, archive.getinfo(part).file_size
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            parser.busy = len(chunk) < _CHUNK
            parser.feed(chunk)
            found = parser.taken()
            count += len(found)
            # A chunk in which nothing begins or ends is one endless tag, which expat would read anew with each chunk.
            if left < 0 or not parser.busy or count > 2 * MAX_ELEMENTS:
                raise too_large()
            yield from found
    parser.close()
    yield from parser.taken()


def too_large() -> SheetRefused:
    """The refusal of what would not be bounded."""
    return SheetRefused(
        _("Isi berkas ini terlalu besar untuk dibaca. Salin tabelnya saja ke berkas baru, lalu unggah berkas itu.")
    )


def _check(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > MAX_RATIO * entry.compress_size:
        raise too_large()
    if is_locked(entry):
        raise SheetRefused(_("Berkas ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."))
    if not is_bounded(entry) or _OUTSIDE.match(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
        raise zipfile.BadZipFile(entry.filename)


class _Parser(DefusedExpatParser):  # type: ignore[misc]
    """Collects tags right where expat reports them; a SAX handler behind it would double the time."""

    def __init__(self, *, forbid_dtd: bool) -> None:
        super().__init__(forbid_dtd=forbid_dtd)
        self.busy = False
        self._found: list[Tag] = []
        self._text: list[str] = []
        self._length = self._depth = 0

    def reset(self) -> None:
        super().reset()
        self._parser.CharacterDataHandler = self._characters

    def taken(self) -> list[Tag]:
        found, self._found = self._found, []
        self.busy = self.busy or bool(found)
        return found

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise too_large()
        self._found.append((name.rpartition(":")[2] if ":" in name else name, attrs, ""))
        if self._text:
            self._forget()

    def end_element(self, name: str) -> None:
        self._depth -= 1
        text = "".join(self._text) if self._text else ""
        self._found.append((name.rpartition(":")[2] if ":" in name else name, None, text))
        if self._text:
            self._forget()

    def _characters(self, content: str) -> None:
        self._text.append(content)
        self._length += len(content)
        self.busy = True
        if self._length > MAX_TEXT:
            raise too_large()

    def _forget(self) -> None:
        self._text, self._length = [], 0
