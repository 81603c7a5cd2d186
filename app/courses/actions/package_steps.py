"""The lessons of an imported package, some at a time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import action, db
from app.core.errors import Refused
from app.core.i18n import addressed_to
from app.courses.actions.lessons import add_lesson
from app.courses.models import ImportedLesson, Media, Section
from app.events.models import Task

STEP_LESSONS = 50


@action
def import_lessons(task: Task) -> None:
    """Makes the next lessons of the task's package, as its uploader would. States LessonAdded for each.

    What is refused at this moment, as in a course that was published meanwhile, is left out and says why.
    """
    rows = db.session.scalars(
        select(ImportedLesson)
        .where(
            ImportedLesson.import_id == UUID(task.params["import_id"]),
            ImportedLesson.lesson_id.is_(None),
            ImportedLesson.problem.is_(None),
        )
        .order_by(ImportedLesson.number)
        .limit(STEP_LESSONS)
    ).all()
    actor = db.session.get_one(User, task.requested_by)
    with addressed_to(actor):
        for row in rows:
            _make(row, actor)
    # An import that is gone leaves nothing to do.
    task.done = task.done + len(rows) if rows else task.total


def _make(row: ImportedLesson, actor: User) -> None:
    fields = dict(row.fields)
    section = db.session.get_one(Section, fields.pop("section_id"))
    media_id = fields.pop("media_id")
    media = db.session.get_one(Media, media_id) if media_id else None
    row.fields = {}
    try:
        with db.session.begin_nested():
            row.lesson_id = add_lesson(section, actor=actor, media=media, **fields).id
    except Refused as refusal:
        row.problem = refusal.sentence[:500]
