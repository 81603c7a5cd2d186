"""Pictures of a package: those that were drawn by a Tuntas stay as they are, byte by byte; any other is drawn anew."""

from __future__ import annotations

import io
from typing import IO

from PIL import Image

from app.courses.pictures import KEPT_SIDE, as_webp

_PLAIN = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
"""The parts of a WebP file that hold a picture (RFC 9649); others hold words, places, profiles, animations."""


def as_kept(file: IO[bytes]) -> bytes:
    """The picture as it is kept. Raises NotAPicture."""
    drawn = as_webp(file)
    file.seek(0)
    content = file.read()
    return content if _is_drawn(content) else drawn


def _is_drawn(content: bytes) -> bool:
    """Whether the file, which can be decoded, holds a still picture of the size that is kept, and nothing else."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) != 8 + _number(content, 4):
        return False
    place = 12
    while place + 8 <= len(content):
        if content[place : place + 4] not in _PLAIN:
            return False
        size = _number(content, place + 4)
        place += 8 + size + size % 2
    with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
        return place == len(content) and max(picture.size) <= KEPT_SIDE


def _number(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 4], "little")
