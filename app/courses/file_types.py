"""What a file is, read from its bytes; its name must agree."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import IO

from flask_babel import gettext as _
from mutagen import MutagenError
from mutagen.mp3 import MPEGInfo

from app.core.errors import Refused
from app.core.forms import clean_line
from app.core.zips import BREAKS, is_bounded, is_locked

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    ".pdf": PDF,
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".odt": _OPEN + "text",
    ".ods": _OPEN + "spreadsheet",
    ".odp": _OPEN + "presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
"""Suffix → media type of everything that is taken at all."""
# Of an Office archive the folder tells which it is, of OpenDocument a file says so.
_FOLDERS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_OPEN_SUFFIXES = {mime: suffix for suffix, mime in TYPES.items() if mime.startswith(_OPEN)}
# The brands of MPEG-4 files that players take; the same boxes also hold pictures (heic, avif) and QuickTime.
_BRANDS = (b"iso", b"mp4", b"avc1", b"M4V", b"M4A", b"M4B", b"MSNV", b"dash", b"3gp", b"mmp4", b"f4v")

MAX_ENTRIES = 2000
MAX_RATIO = 100
_ENTRY = b"PK\x01\x02"
_CHUNK = 1024 * 1024


class WrongFile(Refused):
    """The file is of no kind that is taken here, or is not what its name says."""


def plain_name(name: str) -> str:
    """The last part of a path on any system, on one line, of at most 255 characters with its suffix kept."""
    last = (clean_line(name.replace("\\", "/").rsplit("/", 1)[-1]) or "").strip(". ")
    suffix = PurePosixPath(last).suffix[:10]
    return last if len(last) <= 255 else last[: 255 - len(suffix)] + suffix


def suffix_of(name: str, accepted: Collection[str]) -> str:
    """The suffix of the name, in lower case. Raises WrongFile for one that is not accepted."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in accepted:
        words = ", ".join(each[1:].upper() for each in accepted)
        raise WrongFile(_("Jenis berkas ini tidak diterima di sini. Yang diterima: %(types)s.", types=words), "file")
    return suffix


def type_of(file: IO[bytes], name: str, accepted: Collection[str]) -> str:
    """The media type of an open file, which is read from its beginning. Raises WrongFile."""
    suffix = suffix_of(name, accepted)
    if suffix not in _could_be(file, suffix):
        raise WrongFile(_("Isi berkas ini tidak sesuai dengan akhiran namanya."), "file")
    return TYPES[suffix]


def _could_be(file: IO[bytes], suffix: str) -> Collection[str]:
    """The suffixes that the content agrees with."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"PK\x03\x04"):
        return _archive(file)
    if head[4:8] == b"ftyp":
        return {".mp4", ".m4v", ".m4a"} if head[8:12].startswith(_BRANDS) else ()
    for found, is_so in (
        (".pdf", head.startswith(b"%PDF-")),
        (".webm", head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head),
        (".ogg", head.startswith(b"OggS")),
        (".wav", head.startswith(b"RIFF") and head[8:12] == b"WAVE"),
        (".webp", head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    ):
        if is_so:
            return (found,)
    if suffix == ".mp3":
        return (".mp3",) if _is_mpeg_audio(file) else ()
    return (".txt", ".csv") if _is_text(file) else ()


def _is_mpeg_audio(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        return bool(MPEGInfo(file).layer == 3)
    except MutagenError:
        return False


def _archive(file: IO[bytes]) -> Collection[str]:
    """Reads the list of entries only: nothing large is ever unpacked."""
    if _entries(file) > MAX_ENTRIES:
        return ()
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            packed = sum(entry.compress_size for entry in entries)
            if sum(entry.file_size for entry in entries) > MAX_RATIO * packed:
                return ()
            return _inside(archive, {entry.filename for entry in entries})
    except BREAKS:
        return ()


def _entries(file: IO[bytes]) -> int:
    """How often the mark of a directory's entry stands in the file: known before any of them is read."""
    file.seek(0)
    count, tail = 0, b""
    while chunk := file.read(_CHUNK):
        count += (tail + chunk).count(_ENTRY)
        tail = chunk[-3:]
    file.seek(0)
    return count


def _inside(archive: zipfile.ZipFile, names: set[str]) -> Collection[str]:
    if "mimetype" in names and (said := archive.getinfo("mimetype")).file_size < 100:
        if is_locked(said) or not is_bounded(said):
            return ()
        mime = archive.read("mimetype").decode("ascii", "replace")
        return (_OPEN_SUFFIXES[mime], ".zip") if mime in _OPEN_SUFFIXES else (".zip",)
    if "[Content_Types].xml" in names:
        return (".zip", *(each for folder, each in _FOLDERS.items() if any(n.startswith(folder) for n in names)))
    return (".zip",)


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return file.tell() > 0
