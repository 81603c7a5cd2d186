"""A whole upload, or a stream, on its way from this machine's disk into the storage."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.models import User
from app.core import storage
from app.core.db import action, db, id_of
from app.core.errors import Conflict, Refused
from app.courses.actions.uploads import (
    UploadGone,
    expect_file,
    forget_upload,
    held,
    path_of,
    receive,
    received,
    stored_name,
)
from app.courses.lessons import FileRule
from app.courses.models import Upload

T = TypeVar("T")


class NotComplete(Conflict):
    """Pieces of the upload are still to come."""


@dataclass(frozen=True)
class Collected:
    """A whole file on this machine, not yet in the storage. `path` is to be read only."""

    upload_id: UUID
    path: Path
    name: str
    size: int
    stored_name: str
    """What it will be called in the storage."""


@contextmanager
def collected(
    source: Upload | IO[bytes], purpose: str, *, name: str = "", owner: User, rule: FileRule | None = None
) -> Iterator[Collected]:
    """The whole file, from an upload of the owner or from a stream called `name`; for `settle` inside the block.

    Nobody can write into it meanwhile. When it is refused inside the block, or cannot be judged at all, it is
    forgotten: nothing is left of it. Raises what `expect_file` and `receive` do, and NotComplete for an upload that
    goes on.
    """
    upload = source if isinstance(source, Upload) else _taken(source, purpose, name, owner, rule)
    if upload.owner_id != id_of(owner) or upload.purpose != purpose:
        raise UploadGone
    whole = Collected(
        upload_id=upload.id,
        path=path_of(upload.id),
        name=upload.file_name,
        size=upload.size,
        stored_name=stored_name(upload.id, purpose, upload.file_name),
    )
    try:
        with held(upload.id) as file:
            if received(upload.id) < whole.size or os.fstat(file.fileno()).st_size < whole.size:
                raise NotComplete(_("Berkas ini belum terunggah seluruhnya. Lanjutkan unggahannya dulu."), "file")
            yield whole
    except (storage.StorageAway, Conflict, SQLAlchemyError):
        raise  # a second try may do
    except BaseException:
        forget_upload(whole.upload_id)
        raise


def settle(file: Collected, keep: Callable[[], T]) -> T:
    """The file lies in the storage under `stored_name`, and `keep` has made the row that names it, or neither.

    `keep` runs inside the transaction that ends the upload. Raises UploadGone, StorageFull, StorageAway.
    """
    try:
        storage.adopt(file.stored_name, file.path)
    except FileNotFoundError as error:
        raise UploadGone from error
    try:
        return _settled(file.upload_id, keep)
    except BaseException:
        storage.delete(file.stored_name)
        raise


@action
def _settled(upload_id: UUID, keep: Callable[[], T]) -> T:
    ended = db.session.execute(
        delete(Upload).where(Upload.id == upload_id), execution_options={"synchronize_session": False}
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise UploadGone
    return keep()


def _taken(source: IO[bytes], purpose: str, name: str, owner: User, rule: FileRule | None) -> Upload:
    """A stream as an upload that has arrived."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    upload = expect_file(name, size, purpose, owner=owner, rule=rule)
    try:
        receive(upload, 0, source)
    except Refused:
        forget_upload(upload.id)
        raise
    return upload
