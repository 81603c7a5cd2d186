"""How long a file is: pages, seconds. What cannot be read has no length, and its lesson is done by the button."""

from __future__ import annotations

import logging
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO

from mutagen import MutagenError
from mutagen.mp3 import MPEGInfo
from mutagen.mp4 import Atoms
from mutagen.mp4._atom import AtomError
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from app.courses.file_types import PDF

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every small fault of a file

LONGEST = 24 * 60 * 60
MOST_PAGES = 10_000
PATIENCE = 20
"""Seconds that ffprobe gets."""
# What readers of broken files raise beside their own errors.
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, EOFError, OSError,
    struct.error,
)  # fmt: skip
# Told, so that nothing in the file chooses a reader of playlists.
_DEMUXERS = {"video/webm": "matroska", "video/mp4": "mp4", "audio/mp4": "mp4", "audio/ogg": "ogg"}


def pages_of(file: Path, mime: str) -> int | None:
    """The pages of a PDF; None for everything else, and where they cannot be counted."""
    if mime != PDF:
        return None
    try:
        with file.open("rb") as content:
            count = len(PdfReader(content).pages)
    except (PyPdfError, *_BROKEN):
        return None
    return count if 0 < count <= MOST_PAGES else None


def seconds_of(file: Path, mime: str) -> int | None:
    """The whole seconds of a video or a recording, at least 1; None for everything else, and where nothing tells."""
    if not mime.startswith(("video/", "audio/")):
        return None
    length = _told_by_content(file, mime) or _told_by_ffprobe(file, mime)
    return max(1, int(length)) if length and 0 < length <= LONGEST else None


def _told_by_content(file: Path, mime: str) -> float | None:
    for read in _READERS.get(mime, ()):
        try:
            with file.open("rb") as content:
                return read(content)
        except (MutagenError, AtomError, *_BROKEN):
            continue
    return None


def _movie(content: IO[bytes]) -> float:
    """The length in the header of an MPEG-4 file (ISO 14496-12, 8.2.2): that of its longest track."""
    told = Atoms(content)[b"moov.mvhd"]
    content.seek(told.offset + told.length - told.datalength)
    header = content.read(min(told.datalength, 32))  # it may claim any length
    version = header[0]
    scale, length = struct.unpack(">IQ" if version == 1 else ">II", header[20:32] if version == 1 else header[12:20])
    return float(length / scale)


_READERS: dict[str, tuple[Callable[[IO[bytes]], float], ...]] = {
    "audio/mpeg": (lambda content: MPEGInfo(content).length,),
    "audio/ogg": (lambda content: OggVorbis(content).info.length, lambda content: OggOpus(content).info.length),
    "audio/wav": (lambda content: WAVE(content).info.length,),
    "audio/mp4": (_movie,),
    "video/mp4": (_movie,),
}


def _told_by_ffprobe(file: Path, mime: str) -> float | None:
    program = shutil.which("ffprobe")
    if program is None or mime not in _DEMUXERS:
        return None
    options = ("-v", "error", "-protocol_whitelist", "file", "-f", _DEMUXERS[mime], "-show_entries", "format=duration")
    try:
        told = subprocess.run(  # noqa: S603 - no shell, and the path is ours
            [program, *options, "-of", "csv=p=0", str(file)],
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            text=True,
        )
        return float(told.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
