"""Reads of files."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import db
from app.courses.models import Lesson, LessonImage, Media, Upload

media_uses: list[InstrumentedAttribute[int] | InstrumentedAttribute[int | None]] = [
    Lesson.media_id,
    LessonImage.media_id,
]
"""Columns that name a file, which is kept because of it. Packages above add theirs."""


def media_by_public_id(public_id: str) -> Media | None:
    """The file at `/media/<public_id>`."""
    return db.session.scalar(select(Media).where(Media.public_id == public_id))


def upload_by_id(upload_id: UUID) -> Upload | None:
    """The upload on its way."""
    return db.session.get(Upload, upload_id)


def space_used() -> int:
    """Bytes of all files that are kept, and of those on their way as large as they will be."""
    kept, coming = select(func.sum(Media.size)).scalar_subquery(), select(func.sum(Upload.size)).scalar_subquery()
    return int(db.session.scalar(select(func.coalesce(kept, 0) + func.coalesce(coming, 0))) or 0)
