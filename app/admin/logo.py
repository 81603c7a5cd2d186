"""The institution's logo: whatever was uploaded, it is drawn anew, so that nothing but the picture is kept."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import Refused

MAX_BYTES = 1_000_000
MAX_SIDE = 4000
"""Pixels that are decoded at most; a small file can hold a picture that fills the memory."""
KEPT_SIDE = 800
"""Pixels that are kept: enough for a certificate, little for a phone."""


def as_png(file: IO[bytes]) -> bytes:
    """The PNG or JPEG as a PNG without metadata, turned upright, at most 800 pixels wide and high.

    Raises Refused for what is too large or no such picture.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(_("Logo paling besar 1 MB."), "logo")
    try:
        return _drawn(content)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(_("Berkas ini bukan gambar PNG atau JPEG yang utuh."), "logo") from error


def _drawn(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
        if max(picture.size) > MAX_SIDE:
            raise Refused(_("Logo paling lebar dan tinggi %(side)s piksel.", side=MAX_SIDE), "logo")
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    drawn = BytesIO()
    clean.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()
