"""What the author of every type of question fills in; each type adds its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.assessments.questions.content import Choice, Content
from app.core.forms import DecimalField, Form

MOST_ROWS = 20
"""Choices, accepted texts or pairs of one question."""
EMPTY_ROWS = 2
"""So many more are there to be filled in."""


class Row(Form):
    """One of several like it in a question's form."""

    class Meta(Form.Meta):
        csrf = False


class QuestionForm(Form):
    """The fields that all types share. A type adds fields, and says in `own` what they mean for the question."""

    text = TextAreaField(_l("Soal"), [DataRequired(), Length(max=20_000)])
    points = DecimalField(_l("Poin"), [InputRequired(), NumberRange(min=1, max=1000)], default=1)
    feedback = TextAreaField(
        _l("Umpan balik"),
        [Length(max=5000)],
        description=_l("Dibaca peserta setelah dinilai, sesuai aturan tampil asesmen."),
    )
    tags = StringField(
        _l("Tag"),
        [Length(max=300)],
        description=_l("Pisahkan dengan koma. Asesmen dapat mengambil soal secara acak menurut tag."),
    )

    version = HiddenField()
    """The number of the version that the form was opened on."""

    ROWS: str | None = None
    """The name of the field that has rows, for a type with choices."""

    @classmethod
    def initial(cls, content: Content, tags: list[str]) -> dict[str, Any]:
        """What the form shows of a stored question."""
        shared = {"text": content.text, "points": content.points, "feedback": content.feedback}
        return {**shared, "tags": ", ".join(tags), **cls.own_initial(content)}

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        """What the type's own fields show of it."""
        return {}

    def content(self) -> Content:
        """The question that the fields make."""
        data, options = self.own()
        return Content(self.text.data, self.points.data or Decimal(1), self.feedback.data or "", data, options)

    def own(self) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        """`data` and options that the type's own fields make."""
        return {}, ()

    @property
    def opened_on(self) -> int | None:
        given = self.version.data
        return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else None

    @property
    def tag_list(self) -> list[str]:
        return [tag for tag in (self.tags.data or "").split(",") if tag.strip()]

    def add_rows(self) -> None:
        """Room for more choices."""
        if self.ROWS:
            rows = self[self.ROWS]
            for _number in range(min(EMPTY_ROWS, MOST_ROWS - len(rows))):
                rows.append_entry()
