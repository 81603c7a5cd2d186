"""Large files on their way, piece by piece onto this machine's disk.

An upload is a row and, beside the storage, a file of the bytes so far. The row is there before the first byte and goes
in the commit that names the stored file (`collecting`). So whatever dies in between, the timer set with it finds it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, id_of
from app.core.errors import Conflict, Refused, TooMany
from app.core.i18n import format_filesize, format_number
from app.core.storage import StorageFull, local
from app.core.storage.refusals import full_disk_refused
from app.courses.actions.quota import reserve
from app.courses.events import UploadContinued, UploadForgotten, UploadStarted
from app.courses.file_rules import FILE_RULES, PACKAGE
from app.courses.file_types import plain_name, suffix_of
from app.courses.lessons import FileRule
from app.courses.models import Upload
from app.events import emit

CHUNK = 1024 * 1024
"""Bytes that a browser sends at a time: half of what any request may bring."""
KEPT_FOR = timedelta(hours=24)
"""How long an upload is kept that no form has taken."""
STALLED_AFTER = timedelta(hours=1)
"""How long the next piece is waited for."""
MOST_AT_ONCE = 5
"""Uploads of one person that wait for pieces."""
_READ = 64 * 1024


class WrongSize(Refused):
    """The file is empty, larger than the rule allows, or larger than it was said to be."""


class OutOfStep(Conflict):
    """The piece does not follow what is there, or another one is just being received; `received` bytes are there."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Bagian berkas ini tidak bersambung dengan yang sudah diterima."))
        self.received = received


class TooManyUploads(TooMany):
    """The person has so many files on their way that one of them must be finished or given up first."""


class UploadGone(Refused):
    """The upload was given up, finished or forgotten."""

    def __init__(self) -> None:
        super().__init__(_("Unggahan ini sudah tidak ada. Pilih berkasnya, lalu unggah sekali lagi."), "file")


@action
def start_upload(name: str, size: int, purpose: str, *, owner: User) -> Upload:
    """A file comes in pieces; else as `expect_file`. Raises TooManyUploads, too."""
    upload = expect_file(name, size, purpose, owner=owner)
    mine = Upload.owner_id == id_of(owner), Upload.received < Upload.size
    if (db.session.scalar(select(func.count()).select_from(Upload).where(*mine)) or 0) > MOST_AT_ONCE:
        raise TooManyUploads(
            _("Masih ada %(number)s unggahan Anda yang belum selesai. Selesaikan atau batalkan salah satunya; unggahan"
              " yang berhenti dihapus sendiri setelah satu jam.", number=format_number(MOST_AT_ONCE)), "file",
        )  # fmt: skip
    return upload


@action
def expect_file(name: str, size: int, purpose: str, *, owner: User, rule: FileRule | None = None) -> Upload:
    """A file of `size` bytes is on its way; it counts towards the institution's quota. States UploadStarted.

    `purpose` is one of FILE_RULES, or has its own `rule`. Raises WrongFile for the suffix, WrongSize, QuotaFull.
    """
    rule = rule or FILE_RULES[purpose]
    name = plain_name(name)
    suffix_of(name, rule.suffixes)
    if size <= 0:
        raise WrongSize(_("Berkas ini kosong."), "file")
    if size > rule.max_bytes:
        raise WrongSize(_("Berkas paling besar %(size)s.", size=format_filesize(rule.max_bytes)), "file")
    reserve(size)
    upload = Upload(owner_id=id_of(owner), purpose=purpose, file_name=name, size=size)
    db.session.add(upload)
    db.session.flush()
    emit(
        UploadStarted(
            upload_id=str(upload.id),
            stored_name=stored_name(upload.id, purpose, name),
            size=size,
            purpose=purpose,
            abandoned_at=now() + STALLED_AFTER,
        ),
        actor=owner,
    )
    return upload


def receive(upload: Upload, start: int, content: IO[bytes]) -> int:
    """Puts what can be read of the content behind the first `start` bytes; answers how many are there then.

    A connection that breaks in the middle leaves what has come. Raises OutOfStep, WrongSize, UploadGone, and
    StorageFull, which gives the upload up.
    """
    upload_id, size = upload.id, upload.size
    with held(upload_id) as file:
        if start != received(upload_id):
            raise OutOfStep(received(upload_id))
        try:
            end = start + _write(file, start, content, size - start)
        except StorageFull:
            forget_upload(upload_id)
            raise
        _note_received(upload_id, start, end)
    return end


@action
def forget_upload(upload_id: UUID, *, actor: User | None = None) -> None:
    """The upload is given up, and its file goes. States UploadForgotten, once; nothing happens to a finished one."""
    gone = db.session.execute(
        delete(Upload).where(Upload.id == upload_id).returning(Upload.purpose, Upload.file_name),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if gone is not None:
        stored = stored_name(upload_id, gone.purpose, gone.file_name)
        emit(UploadForgotten(upload_id=str(upload_id), stored_name=stored), actor=actor)


@action
def forget_stalled(upload_id: UUID, seen: int) -> None:
    """The upload is forgotten when there are still only the `seen` bytes, or when its day is over.

    Else it is looked at again later. States UploadForgotten or UploadContinued.
    """
    upload = db.session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        return
    end = upload.created_at + KEPT_FOR
    if upload.received == seen or now() >= end:
        forget_upload(upload_id)
        return
    is_whole = upload.received == upload.size
    emit(
        UploadContinued(
            upload_id=str(upload_id),
            received=upload.received,
            abandoned_at=end if is_whole else min(end, now() + STALLED_AFTER),
        )
    )


def path_of(upload_id: UUID) -> Path:
    """Where the bytes of an upload lie on this machine, whatever the storage is."""
    return local.path(f"uploads/{upload_id.hex}.part")


def stored_name(upload_id: UUID, purpose: str, name: str) -> str:
    """What the file of that upload is called in the storage, once it is there."""
    return f"{'packages' if purpose == PACKAGE else 'media'}/{upload_id.hex}{Path(name).suffix.lower()}"


def received(upload_id: UUID) -> int:
    """How many bytes are there. Raises UploadGone."""
    found = db.session.scalar(select(Upload.received).where(Upload.id == upload_id))
    if found is None:
        raise UploadGone
    return found


@contextmanager
def held(upload_id: UUID) -> Iterator[IO[bytes]]:
    """The file of the bytes so far, for nobody else until the block ends. Raises OutOfStep while somebody has it.

    When UploadGone comes out of the block the file goes: what deletes the forgotten ones may have passed already.
    """
    path = path_of(upload_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutOfStep(received(upload_id)) from error
        try:
            yield file
        except UploadGone:
            path.unlink(missing_ok=True)
            raise


@action
def _note_received(upload_id: UUID, start: int, end: int) -> None:
    # What was read before the file was held may be old: the condition decides.
    noted = db.session.execute(
        update(Upload).where(Upload.id == upload_id, Upload.received == start).values(received=end),
        execution_options={"synchronize_session": False},
    )
    if not noted.rowcount:  # type: ignore[attr-defined]
        raise OutOfStep(received(upload_id))


def _write(file: IO[bytes], start: int, content: IO[bytes], room: int) -> int:
    """Puts the content behind `start`, safe from a power cut; answers its size."""
    file.seek(start)
    written = 0
    with full_disk_refused():
        while piece := content.read(_READ):
            written += len(piece)
            if written > room:
                raise WrongSize(_("Berkas ini lebih besar daripada yang disebut di awal."), "file")
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return written
