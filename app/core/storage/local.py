"""The store on this machine's disk, in a folder that the web server does not see."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import current_app

from app.core.storage.refusals import full_disk_refused

_CHUNK = 1024 * 1024
_PIECE = 64 * 1024


def path(name: str) -> Path:
    """Where the file of that name lies, whether or not it exists."""
    return Path(current_app.config["INSTANCE"]) / "files" / name


def save(name: str, content: bytes | IO[bytes]) -> int:
    target = _prepared(name)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with full_disk_refused(), os.fdopen(handle, "wb") as file:
            size = _write(file, content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return size


def adopt(name: str, file: Path) -> None:
    target = _prepared(name)
    handle = os.open(file, os.O_RDONLY)
    try:
        with full_disk_refused():
            os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(file, target)
    _sync_folder(target.parent)


def size(name: str) -> int:
    return path(name).stat().st_size


def pieces(name: str, start: int = 0) -> Iterator[bytes]:
    with path(name).open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    yield path(name)


def delete(name: str) -> None:
    path(name).unlink(missing_ok=True)


def free_space() -> int:
    """Bytes that are left on this machine, for files and for a database that lies beside them."""
    folder = Path(current_app.config["INSTANCE"])
    return shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free


def _prepared(name: str) -> Path:
    target = path(name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return target


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
