"""The file that comes with a form."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from app.accounts.models import User
from app.core.db import id_of
from app.courses.actions.media import store_file
from app.courses.actions.uploads import UploadGone
from app.courses.file_rules import FILE_RULES
from app.courses.file_types import suffix_of
from app.courses.models import Media
from app.courses.queries import media_by_public_id, upload_by_id


def attach(
    purpose: str, *, owner: User, stream: IO[bytes] | None = None, name: str = "", upload: str = "", kept: str = ""
) -> Media | None:
    """The file that a form has brought, stored; None when it has brought none.

    It came whole (`stream` and `name`), in pieces before (`upload`, the upload's id), or with an earlier try that was
    refused for something else (`kept`, its public id). Not inside a transaction. Raises what `store_file` raises, and
    UploadGone for ids of other people's files.
    """
    if stream is not None:
        return store_file(stream, purpose, name=name, owner=owner)
    if upload:
        found = upload_by_id(_uuid(upload))
        if found is None or found.owner_id != id_of(owner):
            raise UploadGone
        return store_file(found, purpose, owner=owner)
    if kept:
        media = media_by_public_id(kept)
        if media is None or media.owner_id != id_of(owner):
            raise UploadGone
        suffix_of(media.stored_name, FILE_RULES[purpose].suffixes)
        return media
    return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UploadGone from error
