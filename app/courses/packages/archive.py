"""The zip of a package: its directory is judged before anything in it is unpacked."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from flask_babel import gettext as _

from app.core.zips import BREAKS, is_bounded, is_locked
from app.courses.packages.refusals import PackageRefused, broken, not_a_package

MANIFEST, CONTENT, FOLDER = "manifest.json", "course.json", "assets/"
ASSET = re.compile(r"assets/([0-9a-f]{64})\.[a-z0-9]{1,10}")
"""A file of the course, by the checksum of its bytes."""

MAX_PACKAGE = 1_000_000_000
MAX_UNPACKED = 2_000_000_000
MAX_ENTRIES = 2000
MAX_RATIO = 100
MAX_JSON = 10_000_000
MAX_DIRECTORY = 1_000_000
"""Bytes of the directory: it is read in one go, and 2,000 entries of ours need a fifth of it."""

_END = struct.Struct("<4s4H2LH")
_END_64 = b"PK\x06\x07"


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive, when its directory promises nothing but what a package holds, within the limits.

    Raises PackageRefused; nothing has been unpacked then.
    """
    size = file.seek(0, os.SEEK_END)
    if size > MAX_PACKAGE:
        raise too_large()
    with reading():
        _check_end(file, size)
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or packed > size:
        raise too_large()
    names = [each.filename for each in entries]
    if len(names) != len(set(names)) or not {MANIFEST, CONTENT} <= set(names):
        raise not_a_package()
    for entry in entries:
        _check(entry)
    return archive


def read_json(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one of the two JSON files. Raises PackageRefused."""
    with reading(), archive.open(name) as stream:
        return stream.read(MAX_JSON + 1)


@contextmanager
def reading() -> Iterator[None]:
    """Inside the block, whatever a broken zip makes the standard library raise is a refusal."""
    try:
        yield
    except BREAKS as error:
        raise broken() from error


def too_large() -> PackageRefused:
    """The refusal of what would not be bounded."""
    return PackageRefused(
        _("Isi paket ini melebihi batas (1 GB, 2.000 berkas). Ekspor kursus yang lebih kecil, lalu unggah paket itu.")
    )


def _check_end(file: IO[bytes], size: int) -> None:
    """Judges what the end of the file says of the directory, which zipfile would read whole, however large."""
    room = min(size, _END.size + 20)
    file.seek(size - room)
    before, end = file.read(max(0, room - _END.size)), file.read(_END.size)
    if len(end) < _END.size:
        raise not_a_package()
    mark, _disk, _start_disk, _here, count, directory, _offset, comment = _END.unpack(end)
    if mark != b"PK\x05\x06" or comment:
        raise not_a_package()
    if count > MAX_ENTRIES or directory > MAX_DIRECTORY or before.startswith(_END_64):
        raise too_large()


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    is_folder = name == FOLDER and entry.file_size == 0
    if entry.orig_filename != name or not (name in {MANIFEST, CONTENT} or ASSET.fullmatch(name) or is_folder):
        raise PackageRefused(
            _("Paket ini memuat “%(name)s”, yang tidak ada dalam paket kursus. Unggah paket sebagaimana diekspor.",
              name=name[:100])
        )  # fmt: skip
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageRefused(_("Paket ini memuat tautan, bukan berkas. Unggah paket sebagaimana diekspor."))
    if is_locked(entry):
        raise PackageRefused(_("Paket ini dikunci dengan kata sandi. Unggah paket sebagaimana diekspor."))
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise too_large()
    if entry.file_size > MAX_JSON and name in {MANIFEST, CONTENT}:
        raise too_large()
    if not is_bounded(entry):
        raise broken()
