"""What somebody has typed and not saved."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Course, EditDraft, Lesson, Section

Draftable = Course | Lesson | Section
"""What has a form whose typing is kept; of a section it is that of a new lesson."""


def draft_of(thing: Draftable, user: User) -> EditDraft | None:
    """What this person has typed into the thing's form and not saved."""
    return db.session.get(EditDraft, (user.id, subject_of(thing), thing.id))


def subject_of(thing: Draftable) -> str:
    """What `EditDraft.subject` says of the thing."""
    if isinstance(thing, Section):
        return "section"
    return "course" if isinstance(thing, Course) else "lesson"


def last_saved(thing: Draftable) -> tuple[int, int | None]:
    """The version that a form of the thing opens on, and the id of who saved it.

    For a new lesson of a section that is the number of its newest one, 0 while there is none.
    """
    if not isinstance(thing, Section):
        return thing.version, thing.updated_by
    newest = select(Lesson.id, Lesson.updated_by).where(Lesson.section_id == thing.id).order_by(Lesson.id.desc())
    row = db.session.execute(newest.limit(1)).one_or_none()
    return (row.id, row.updated_by) if row else (0, None)
