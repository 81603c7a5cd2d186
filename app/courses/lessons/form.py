"""What the author of every kind of lesson fills in; each kind adds its own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.core.errors import Refused
from app.core.forms import Form
from app.courses.models import Lesson

LONGEST_TEXT = 200_000


class EditForm(Form):
    """The form of a stored thing that several people may edit: it knows on which version it was opened."""

    version = HiddenField()

    @property
    def opened_on(self) -> int | None:
        """The version of the thing that the form was opened on."""
        given = self.version.data
        return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else None


class LessonForm(EditForm):
    """The fields that all kinds share. A kind adds fields, and says in `own_values` what they mean for the lesson."""

    title = StringField(_l("Judul materi"), [DataRequired(), Length(max=255)])
    minutes = IntegerField(_l("Perkiraan lama belajar"), [Optional(), NumberRange(min=0, max=1440)])
    is_required = BooleanField(_l("Wajib diselesaikan"))
    is_free_preview = BooleanField(_l("Pratinjau: boleh dibuka tanpa ikut kursus"))

    OWN: tuple[str, ...] = ()
    """The names of the fields that the kind has added, in the order in which they are shown."""

    @classmethod
    def initial(cls, lesson: Lesson) -> dict[str, Any]:
        """What the form shows of a stored lesson."""
        shared = ("title", "minutes", "is_required", "is_free_preview")
        stored = {name: getattr(lesson, name) for name in shared}
        return {**stored, "version": str(lesson.version), **cls.own_initial(lesson)}

    @classmethod
    def own_initial(cls, lesson: Lesson) -> dict[str, Any]:
        """What the kind's own fields show of a stored lesson."""
        return {"body": lesson.body}

    def values(self) -> dict[str, Any]:
        """The fields for `add_lesson` and `update_lesson`, but for the file."""
        shared = ("title", "is_required", "is_free_preview")
        return {
            **{name: self[name].data for name in shared},
            "minutes": self.minutes.data or 0,
            **self.own_values(),
        }

    def own_values(self) -> dict[str, Any]:
        """The fields of the lesson that the kind's own fields make."""
        return {"body": self["body"].data or ""}


class NoteForm(LessonForm):
    """With a note in Markdown below what the lesson shows."""

    body = TextAreaField(_l("Catatan untuk peserta"), [Length(max=LONGEST_TEXT)])
    OWN = ("body",)


class FileForm(NoteForm):
    """With a file: sent along, or in pieces before, of which `upload` is the id.

    `kept` is the public id of the file that came with an earlier try, when the rest of the form was refused.
    """

    file = FileField(_l("Berkas"))
    upload = HiddenField()
    kept = HiddenField()

    def refuse(self, refusal: Refused) -> None:
        """As any form; a refused file is forgotten, so it is not named again."""
        super().refuse(refusal)
        if refusal.field == "file":
            self.upload.data = self.kept.data = ""
