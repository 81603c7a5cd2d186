"""The private file store: bytes under names that we choose, on the disk or, with S3_BUCKET, in an S3-compatible store.

Both are modules with the functions of `Store`; which one it is, `init_app` decides once.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol, cast

from flask import Flask, current_app

from app.core.errors import StorageFull
from app.core.storage.refusals import StorageAway

# Lower-case words, folders by slashes, at most one suffix: nothing that a file system could read otherwise.
_NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9]{1,10})?")


class Store(Protocol):
    """Where the bytes lie. Names have been checked; what is read and not there raises FileNotFoundError."""

    def save(self, name: str, content: bytes | IO[bytes]) -> int: ...
    def adopt(self, name: str, file: Path) -> None: ...
    def size(self, name: str) -> int: ...
    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]: ...
    def local_copy(self, name: str) -> AbstractContextManager[Path]: ...
    def delete(self, name: str) -> None: ...


def init_app(app: Flask) -> None:
    """Chooses the store by the settings. The module for S3 needs boto3, so nothing else imports it."""
    kind = "s3" if app.config["S3_BUCKET"] else "local"
    app.extensions["storage"] = import_module(f"{__name__}.{kind}")


def new_name(folder: str, suffix: str = "") -> str:
    """A random name in a folder: `media/3f…e1.pdf` for the suffix `.pdf`."""
    return f"{folder}/{secrets.token_hex(16)}{suffix}"


def save(name: str, content: bytes | IO[bytes]) -> int:
    """Keeps the content under the name, whole or not at all, and answers its size in bytes.

    A file of that name is replaced in one step; after the return the bytes are safe, power cut or not.
    Raises StorageFull when no space is left, StorageAway.
    """
    return _store().save(checked(name), content)


def adopt(name: str, file: Path) -> None:
    """Keeps a finished file of this machine under the name, as `save` does; it is not where it was any more."""
    _store().adopt(checked(name), file)


def exists(name: str) -> bool:
    """Whether a whole file is kept under that name."""
    try:
        size(name)
    except FileNotFoundError:
        return False
    return True


def size(name: str) -> int:
    """The file's size in bytes. Raises FileNotFoundError, StorageAway."""
    return _store().size(checked(name))


def read(name: str) -> bytes:
    """The file's bytes. Raises FileNotFoundError, StorageAway."""
    return b"".join(_store().pieces(checked(name)))


def pieces(name: str, start: int = 0) -> Iterator[bytes]:
    """The file's bytes from `start` on, piece by piece. Raises FileNotFoundError, StorageAway at the first one."""
    return _store().pieces(checked(name), start)


def local_copy(name: str) -> AbstractContextManager[Path]:
    """Inside the block the file can be read at a path of this machine. Do not change it."""
    return _store().local_copy(checked(name))


def delete(name: str) -> None:
    """The file is gone, whether or not it was there."""
    _store().delete(checked(name))


def checked(name: str) -> str:
    """The name. Raises ValueError for one that is not ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a storage name: {name!r}")
    return name


def _store() -> Store:
    return cast(Store, current_app.extensions["storage"])


__all__ = [
    "StorageAway",
    "StorageFull",
    "adopt",
    "checked",
    "delete",
    "exists",
    "init_app",
    "local_copy",
    "new_name",
    "pieces",
    "read",
    "save",
    "size",
]
