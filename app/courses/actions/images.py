"""Which pictures stand in the text of a lesson."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts.models import User
from app.core.db import action, db
from app.core.errors import Refused
from app.core.markdown import NAMED_FILE
from app.courses.models import Lesson, LessonImage, Media, Section


class ForeignImage(Refused):
    """The text names a file that is not the author's to show."""


def named_images(text: str) -> set[str]:
    """The public ids of the files whose address stands in a text."""
    return {found[2] for found in NAMED_FILE.finditer(text)}


@action
def link_images(lesson: Lesson, *, actor: User) -> None:
    """Who may open the lesson sees exactly the pictures that its text names.

    Raises ForeignImage for a file that is neither the actor's own nor in this course already: naming it must not open
    it to others.
    """
    named = named_images(lesson.body)
    found = db.session.scalars(select(Media).where(Media.public_id.in_(named))).all() if named else []
    at_home = select(LessonImage.media_id).join(Lesson, Lesson.id == LessonImage.lesson_id)
    here = set(db.session.scalars(at_home.join(Lesson.section).where(Section.course_id == lesson.section.course_id)))
    foreign = [each for each in found if each.owner_id != actor.id and each.id not in here]
    if foreign or len(found) < len(named):
        raise ForeignImage(_("Teks ini memuat gambar yang bukan milik Anda. Unggah gambarnya di sini."), "body")
    db.session.execute(delete(LessonImage).where(LessonImage.lesson_id == lesson.id))
    db.session.add_all(LessonImage(lesson_id=lesson.id, media_id=each.id) for each in found)
    db.session.flush()
