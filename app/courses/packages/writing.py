"""A package on its way out: a zip that is written while it is sent, of files that are stored as they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core import storage
from app.core.db import db

_PER_FILE, _PER_NAME, _END = 30 + 16 + 46, 2, 22
"""Bytes of the zip around each file, for each letter of its name, and at the end (APPNOTE.TXT 4.3)."""


@dataclass(frozen=True)
class Packed:
    """A package to be written: the JSON files, and for every asset its size and where it is stored."""

    file_name: str
    texts: Mapping[str, bytes]
    assets: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Bytes of the zip."""
        sizes = {name: len(content) for name, content in self.texts.items()}
        sizes |= {name: size for name, (size, _stored) in self.assets.items()}
        return sum(_PER_FILE + _PER_NAME * len(name) + size for name, size in sizes.items()) + _END


class _Outlet(io.RawIOBase):
    """Where zipfile writes to: it cannot go back, so what is in it may be sent."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._waiting += content
        return len(content)

    def taken(self) -> bytes:
        content = bytes(self._waiting)
        self._waiting.clear()
        return content


def stream(packed: Packed) -> Iterator[bytes]:
    """The bytes of the zip, little by little. Equal content is equal bytes: no entry tells a time."""
    db.session.rollback()  # lets go of the snapshot, which would hold up SQLite's housekeeping
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, content in packed.texts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
            yield outlet.taken()
        for name, (size, stored) in packed.assets.items():
            entry = zipfile.ZipInfo(name)
            entry.file_size = size
            with archive.open(entry, "w") as target:
                for piece in storage.pieces(stored):
                    target.write(piece)
                    yield outlet.taken()
    yield outlet.taken()
