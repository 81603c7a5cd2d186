"""Pictures for texts: whatever was uploaded, it is drawn anew, so that nothing but the picture is kept."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import IO

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import Refused
from app.core.i18n import format_filesize

MAX_BYTES = 10_000_000
MAX_PIXELS = 24_000_000
"""Pixels that are decoded at most; a small file can hold a picture that fills the memory."""
KEPT_SIDE = 1600
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


# The last three come of damaged Exif, which Pillow reads and writes to turn a photo.
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError,
    Image.DecompressionBombWarning, TypeError, ArithmeticError, struct.error,
)  # fmt: skip


class NotAPicture(Refused):
    """The file is no picture that is taken, or too large a one."""


def as_webp(file: IO[bytes]) -> bytes:
    """The picture as WebP without metadata, turned upright, at most 1600 pixels wide and high; of a GIF its first one.

    Raises NotAPicture for what is too large, and for what is no PNG, JPEG, WebP or GIF.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotAPicture(_("Gambar paling besar %(size)s.", size=format_filesize(MAX_BYTES)), "file")
    try:
        return _drawn(content)
    except _BROKEN as error:
        raise NotAPicture(_("Berkas ini bukan gambar PNG, JPEG, WebP, atau GIF yang utuh."), "file") from error


def _drawn(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise NotAPicture(_("Gambar ini terlalu besar: paling banyak 24 juta piksel. Perkecil dulu."), "file")
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        upright = ImageOps.exif_transpose(picture)
        clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        upright = upright.convert("RGBA" if clear else "RGB")
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    drawn = BytesIO()
    clean.save(drawn, "WEBP", quality=80)
    return drawn.getvalue()
