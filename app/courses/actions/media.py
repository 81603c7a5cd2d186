"""Files that are kept for lessons."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.models import User
from app.core import storage
from app.core.db import action, db
from app.core.ids import public_id
from app.courses.file_types import NotADocument, document_type, plain_name
from app.courses.models import Media

MAX_DOCUMENT = 20 * 1000 * 1000


def store_document(content: bytes, name: str, *, owner: User) -> Media:
    """Keeps a document under a random name; its type is read from its bytes. Raises NotADocument."""
    if len(content) > MAX_DOCUMENT:
        raise NotADocument(_("Berkas ini terlalu besar. Paling besar 20 MB."), "file")
    name = plain_name(name)
    mime = document_type(content, name)
    stored = storage.new_name("media", name[name.rindex(".") :].lower())
    storage.save(stored, content)
    return _add_media(owner, stored_name=stored, original_name=name, mime=mime, size=len(content))


@action
def _add_media(owner: User, *, stored_name: str, original_name: str, mime: str, size: int) -> Media:
    media = Media(
        public_id=public_id(),
        owner_id=owner.id,
        stored_name=stored_name,
        original_name=original_name,
        mime=mime,
        size=size,
    )
    db.session.add(media)
    db.session.flush()
    return media
