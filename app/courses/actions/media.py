"""Files that are kept for lessons: read, measured and moved first, then named by a row."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import delete, exists, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, id_of
from app.core.ids import public_id
from app.courses.actions.collecting import Collected, collected, settle
from app.courses.actions.images import named_images
from app.courses.events import MediaForgotten
from app.courses.file_rules import DRAWN, FILE_RULES, IMAGE
from app.courses.file_types import plain_name, type_of
from app.courses.lessons import FileRule
from app.courses.models import EditDraft, Media, Upload
from app.courses.pictures import as_webp
from app.courses.probing import pages_of, seconds_of
from app.courses.queries.media import media_uses
from app.events import emit

KEPT_UNUSED = timedelta(days=7)
"""How long a file is kept that no lesson uses: a form may be open with it."""


def store_file(
    source: Upload | IO[bytes], purpose: str, *, name: str = "", owner: User, rule: FileRule | None = None
) -> Media:
    """Keeps a file under a random name; its type, pages and seconds are read from its bytes.

    `source` is a complete upload of the owner for the same `purpose`, a name of FILE_RULES (the lesson's kind) or one
    with its own `rule`, or a stream that can be sought, called `name`. Not inside a transaction: it has several of its
    own. A refused file is forgotten. Raises, at the field `file`, WrongFile, WrongSize, QuotaFull, StorageFull,
    UploadGone, NotComplete; StorageAway.
    """
    return _store(source, purpose, name, owner, rule or FILE_RULES[purpose])


def store_image(file: IO[bytes], name: str, *, owner: User) -> Media:
    """Keeps a picture for a text as it was drawn anew: WebP, at most 1600 pixels wide and high.

    Raises, at the field `file`, NotAPicture, QuotaFull, StorageFull; StorageAway.
    """
    drawn = as_webp(file)
    called = f"{PurePosixPath(plain_name(name)).stem[:200] or 'gambar'}.webp"
    return _store(BytesIO(drawn), IMAGE, called, owner, DRAWN)


@action
def forget_unused() -> None:
    """Files that nothing has used for a week, deleted lessons and drafts of texts included, have no row any more.

    States MediaForgotten for each.
    """
    typed = (text for fields in db.session.scalars(select(EditDraft.fields)) for text in fields.values())
    in_drafts = {name for text in typed for name in named_images(str(text))}
    gone = db.session.execute(
        delete(Media)
        .where(
            Media.created_at <= now() - KEPT_UNUSED,
            Media.public_id.not_in(in_drafts),
            *(~exists().where(column == Media.id) for column in media_uses),
        )
        .returning(Media.id, Media.stored_name),
        execution_options={"synchronize_session": False},
    ).all()
    for media_id, stored_name in gone:
        emit(MediaForgotten(media_id=media_id, stored_name=stored_name))


@action
def forget_file(media: Media, *, actor: User) -> None:
    """A file that nothing uses any more goes at once. States MediaForgotten."""
    db.session.delete(media)
    emit(MediaForgotten(media_id=media.id, stored_name=media.stored_name), actor=actor)


def _store(source: Upload | IO[bytes], purpose: str, name: str, owner: User, rule: FileRule) -> Media:
    with collected(source, purpose, name=name, owner=owner, rule=rule) as file:
        with file.path.open("rb") as content:
            mime = type_of(content, file.name, rule.suffixes)
        values = {
            "mime": mime,
            "sha256": _digest(file.path),
            "pages": pages_of(file.path, mime),
            "seconds": seconds_of(file.path, mime),
        }
        return settle(file, lambda: _add_media(file, owner, **values))


@action
def _add_media(file: Collected, owner: User, **values: str | int | None) -> Media:
    media = Media(
        public_id=public_id(),
        owner_id=id_of(owner),
        stored_name=file.stored_name,
        original_name=file.name,
        size=file.size,
        **values,
    )
    db.session.add(media)
    db.session.flush()
    return media


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
