"""What somebody has typed and not saved."""

from __future__ import annotations

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Course, EditDraft, Lesson


def draft_of(thing: Course | Lesson, user: User) -> EditDraft | None:
    """What this person has typed into the thing's form and not saved."""
    return db.session.get(EditDraft, (user.id, subject_of(thing), thing.id))


def subject_of(thing: Course | Lesson) -> str:
    """What `EditDraft.subject` says of the thing."""
    return "course" if isinstance(thing, Course) else "lesson"
