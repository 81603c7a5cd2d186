"""The private file store: bytes under names that we choose, outside the folder that the web server sees."""

from __future__ import annotations

import errno
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import IO

from flask import current_app
from flask_babel import gettext as _

from app.core.errors import Refused

# Lower-case words, folders by slashes, at most one suffix: nothing that a file system could read otherwise.
_NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9]{1,10})?")
_CHUNK = 1024 * 1024


class StorageFull(Refused):
    """No space is left for a file; nothing of it was kept."""


def new_name(folder: str, suffix: str = "") -> str:
    """A random name in a folder: `media/3f…e1.pdf` for the suffix `.pdf`."""
    return f"{folder}/{secrets.token_hex(16)}{suffix}"


def path(name: str) -> Path:
    """Where the file of that name lies, whether or not it exists. Raises ValueError for a name that is not ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a storage name: {name!r}")
    return Path(current_app.config["INSTANCE"]) / "files" / name


def exists(name: str) -> bool:
    """Whether a whole file is kept under that name."""
    return path(name).is_file()


def read(name: str) -> bytes:
    """The file's bytes. Raises FileNotFoundError."""
    return path(name).read_bytes()


def save(name: str, content: bytes | IO[bytes]) -> int:
    """Keeps the content under the name, whole or not at all, and answers its size in bytes.

    A file of that name is replaced in one step; after the return the bytes are on the disk, power cut or not.
    Raises StorageFull when no space is left.
    """
    target = path(name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            size = _write(file, content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(_("Ruang simpan server penuh. Hubungi admin lembaga Anda.")) from error
        raise
    return size


def delete(name: str) -> None:
    """The file is gone, whether or not it was there."""
    path(name).unlink(missing_ok=True)


def _write(file: IO[bytes], content: bytes | IO[bytes]) -> int:
    if isinstance(content, bytes):
        return file.write(content)
    size = 0
    while chunk := content.read(_CHUNK):
        size += file.write(chunk)
    return size


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
