"""Small real files of every kind that is taken, made here: no program is needed."""

from __future__ import annotations

import io
import struct
import wave
import zipfile

from PIL import Image
from pypdf import PdfWriter


def pdf(pages: int = 3) -> bytes:
    written, made = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        written.add_blank_page(300, 400)
    written.write(made)
    return made.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 90).save(made, form)
    return made.getvalue()


def wav(seconds: int = 2) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return made.getvalue()


def mp3(seconds: int = 3) -> bytes:
    """Silent frames of MPEG 1 layer III, 32 kbit/s, 32 kHz: 144 bytes and 36 ms each."""
    frame = b"\xff\xfb\x18\xc0" + bytes(140)
    return frame * round(seconds / 0.036)


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(seconds: int = 60, brand: bytes = b"isom", filling: int = 0) -> bytes:
    """The boxes of a film without a picture in it, with the length that its header tells."""
    header = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    return box(b"ftyp", brand, bytes(4), b"isom") + box(b"moov", box(b"mvhd", header)) + box(b"mdat", bytes(filling))


def webm() -> bytes:
    """The head of a WebM file: no length can be read from it."""
    doctype = b"\x42\x82\x84webm"
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(doctype)]) + doctype


def archive(*names: str, content: bytes = b"x", **method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", **method) as written:  # type: ignore[arg-type]
        for name in names:
            written.writestr(name, content)
    return made.getvalue()


def docx() -> bytes:
    return archive("[Content_Types].xml", "word/document.xml")


def odt(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A text document that says what it is in an entry packed by that method."""
    return archive("mimetype", content=b"application/vnd.oasis.opendocument.text", compression=method)


def locked(archive: bytes) -> bytes:
    """The zip as if its first entry needed a password."""
    content, directory = bytearray(archive), archive.index(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1
    return bytes(content)


def photo() -> bytes:
    """A JPEG that lies on its side, with where and how it was taken."""
    made, said = io.BytesIO(), Image.Exif()
    said[0x0112], said[0x010E], said[0x011A] = 6, "foto", 72.0
    said.get_ifd(0x8825)[2] = (6.0, 12.0, 30.5)
    said.get_ifd(0x8769)[0x829A] = 0.01
    Image.new("RGB", (30, 20), 90).save(made, "JPEG", exif=said)
    return made.getvalue()
