"""What a grader sends."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.assessments.models import Answer
from app.core.forms import DecimalField, Form


class GradeForm(Form):
    """The range of the score is that of the question: the action refuses what is outside."""

    score = DecimalField(_l("Skor"), [InputRequired()])
    feedback = TextAreaField(_l("Umpan balik untuk peserta"), [Length(max=5000)])
    reason = StringField(_l("Alasan perubahan"), [Length(max=500)])
    keep = BooleanField(_l("Simpan umpan balik ini sebagai kalimat siap pakai"))
    version = HiddenField()

    @classmethod
    def of(cls, answer: Answer) -> GradeForm:
        """The form as it opens on an answer."""
        return cls(data={"score": answer.score, "feedback": answer.feedback, "version": str(answer.version)})

    @property
    def opened_on(self) -> int | None:
        """The version of the answer that the form was opened on."""
        given = self.version.data
        return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else None
