"""The files of an uploaded package: taken out and kept outside of any transaction, as often as it takes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import mkstemp
from uuid import UUID

from app.accounts.models import User
from app.core import storage
from app.core.db import db
from app.core.errors import Refused
from app.core.i18n import addressed_to
from app.core.ids import public_id
from app.core.storage import StorageAway, local
from app.courses.actions.packages import LessonToBe, begin_course, is_open, refuse_import
from app.courses.file_types import WrongFile, plain_name, type_of
from app.courses.models import CourseImport, Media
from app.courses.packages import (
    LessonSkipped,
    Package,
    PackageRefused,
    PackedLesson,
    as_kept,
    is_picture,
    judge,
    needed_assets,
    read_package,
    stored_name,
)
from app.courses.pictures import NotAPicture
from app.courses.probing import pages_of, seconds_of


def unpack_package(import_id: UUID) -> None:
    """Keeps the files that the package's lessons need and begins its course; or refuses the import.

    Done again after a crash, it comes to the same end: files are kept under names that the import decides. Raises
    StorageAway, for a later try.
    """
    upload = db.session.get_one(CourseImport, import_id)
    if not is_open(upload):
        return
    owner = db.session.get_one(User, upload.owner_id)
    stored, owner_id = upload.stored_name, owner.id
    with addressed_to(owner):
        db.session.rollback()  # lets go of the snapshot: what follows takes long
        try:
            with storage.local_copy(stored) as path, path.open("rb") as file:
                _unpack(import_id, owner_id, read_package(file))
        except StorageAway:
            raise
        except Refused as refusal:
            refuse_import(import_id, refusal.sentence)


def clear_package(import_id: UUID) -> None:
    """The package is not kept any more, nor are files that were taken out of one that was refused."""
    upload = db.session.get_one(CourseImport, import_id)
    stored, was_refused = upload.stored_name, upload.problem is not None
    for left in _scratch_folder().glob(f"{import_id.hex}-*"):
        left.unlink(missing_ok=True)
    if was_refused and storage.exists(stored):
        for asset in _assets(stored):
            storage.delete(stored_name(import_id, asset))
    storage.delete(stored)


def _unpack(import_id: UUID, owner_id: int, package: Package) -> None:
    media: dict[str, Media] = {}
    problems: dict[str, str] = {}
    for asset in needed_assets(package.course):
        with _scratch(import_id) as path:
            with path.open("wb") as target:
                package.unpack(asset, target)
            try:
                media[asset] = _keep(import_id, asset, path, package.course.files[asset], owner_id)
            except LessonSkipped as refusal:
                problems[asset] = refusal.sentence
    lessons = [_judged(place, lesson, media, problems) for place, lesson in package.course.lessons]
    begin_course(import_id, package, media, lessons)


def _keep(import_id: UUID, asset: str, path: Path, called: str, owner_id: int) -> Media:
    """The file lies in the storage; the row to be. Raises LessonSkipped when it is not what its name says."""
    name, kept = plain_name(called), stored_name(import_id, asset)
    if is_picture(asset):
        name = f"{PurePosixPath(name).stem[:200] or 'gambar'}.webp"
        _draw(path)
    try:
        with path.open("rb") as file:
            mime = type_of(file, name, {PurePosixPath(kept).suffix})
    except WrongFile as refusal:
        raise LessonSkipped(refusal.sentence) from refusal
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    media = Media(
        public_id=public_id(),
        owner_id=owner_id,
        stored_name=kept,
        original_name=name,
        mime=mime,
        size=path.stat().st_size,
        sha256=digest,
        pages=pages_of(path, mime),
        seconds=seconds_of(path, mime),
    )
    storage.adopt(kept, path)
    return media


def _draw(path: Path) -> None:
    try:
        with path.open("rb") as file:
            drawn = as_kept(file)
    except NotAPicture as refusal:
        raise LessonSkipped(refusal.sentence) from refusal
    path.write_bytes(drawn)


def _judged(place: int, lesson: PackedLesson, media: dict[str, Media], problems: dict[str, str]) -> LessonToBe:
    try:
        fields = {"kind": lesson.kind, **judge(lesson, media, problems)}
    except LessonSkipped as refusal:
        return LessonToBe(lesson.title, place, {}, None, refusal.sentence[:500])
    return LessonToBe(lesson.title, place, fields, lesson.file, None)


def _assets(stored: str) -> list[str]:
    """What may have been taken out of the package."""
    try:
        with storage.local_copy(stored) as path, path.open("rb") as file:
            return needed_assets(read_package(file).course)
    except PackageRefused:
        return []


@contextmanager
def _scratch(import_id: UUID) -> Iterator[Path]:
    """A file on this machine, gone after the block unless it was moved."""
    folder = _scratch_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=f"{import_id.hex}-", dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _scratch_folder() -> Path:
    return local.path("unpacking")
