"""What authors send about an assessment."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.assessments.models import Assessment, AssessmentKind, Show
from app.core.forms import DecimalField, Form, MomentField

SHOWS = [
    SelectChoice(Show.NOW, _l("Segera setelah dinilai")),
    SelectChoice(Show.AFTER_CLOSE, _l("Setelah ditutup")),
    SelectChoice(Show.NEVER, _l("Tidak")),
]
KINDS = [SelectChoice(AssessmentKind.QUIZ, _l("Kuis")), SelectChoice(AssessmentKind.EXAM, _l("Ujian"))]
PLAIN = (
    "title", "kind", "description", "instructions", "time_limit_minutes", "passing_score", "max_attempts",
    "shuffle_questions", "shuffle_options", "is_required", "show_score", "show_keys", "show_feedback",
)  # fmt: skip
MOMENTS = ("opens_at", "closes_at")


class NewAssessmentForm(Form):
    title = StringField(_l("Judul asesmen baru"), [DataRequired(), Length(max=255)])
    kind = RadioField(_l("Jenis"), [InputRequired()], choices=KINDS, default=AssessmentKind.QUIZ)


class AssessmentForm(Form):
    """Every setting. Moments are in the author's zone."""

    title = StringField(_l("Judul"), [DataRequired(), Length(max=255)])
    kind = RadioField(_l("Jenis"), [InputRequired()], choices=KINDS)
    description = TextAreaField(_l("Ringkasan"), [Length(max=500)])
    instructions = TextAreaField(_l("Petunjuk"), [Length(max=20_000)])
    time_limit_minutes = IntegerField(
        _l("Batas waktu"), [Optional(), NumberRange(min=1, max=360)], description=_l("Kosongkan bila tidak dibatasi.")
    )
    passing_score = IntegerField(_l("Nilai minimal"), [InputRequired(), NumberRange(min=0, max=100)])
    max_attempts = IntegerField(
        _l("Jumlah percobaan"), [InputRequired(), NumberRange(min=0, max=10)], description=_l("0: tidak dibatasi.")
    )
    opens_at = MomentField(_l("Dibuka"), [Optional()], description=_l("Menurut zona waktu Anda."))
    closes_at = MomentField(_l("Ditutup"), [Optional()])
    is_required = BooleanField(_l("Wajib lulus untuk menyelesaikan kursus"))
    shuffle_questions = BooleanField(_l("Acak urutan soal"))
    shuffle_options = BooleanField(_l("Acak urutan pilihan"))
    show_score = SelectField(_l("Tampilkan nilai"), [InputRequired()], choices=SHOWS)
    show_keys = SelectField(_l("Tampilkan kunci jawaban"), [InputRequired()], choices=SHOWS)
    show_feedback = SelectField(_l("Tampilkan umpan balik"), [InputRequired()], choices=SHOWS)
    version = HiddenField()

    @classmethod
    def initial(cls, assessment: Assessment) -> dict[str, Any]:
        """What the form shows of a stored assessment."""
        stored = {name: getattr(assessment, name) for name in PLAIN + MOMENTS}
        return {**stored, "version": str(assessment.version)}

    def validate_closes_at(self, field: MomentField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("Waktu tutup harus sesudah waktu buka."))

    def settings(self) -> dict[str, Any]:
        """The fields for `update_assessment`."""
        moments = {name: self[name].moment for name in MOMENTS}
        texts = {name: self[name].data or "" for name in ("description", "instructions")}
        return {**{name: self[name].data for name in PLAIN}, **texts, **moments}

    @property
    def opened_on(self) -> int | None:
        """The version of the assessment that the form was opened on."""
        given = self.version.data
        return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else None


class DrawForm(Form):
    tag = SelectField(_l("Tag"), validators=[DataRequired()])
    draw = IntegerField(_l("Jumlah soal"), [InputRequired(), NumberRange(min=1, max=200)], default=5)


class ItemForm(Form):
    """What one place of an assessment is worth, and how many are drawn there."""

    points = DecimalField(_l("Poin"), [Optional(), NumberRange(min=1, max=1000)])
    draw = IntegerField(_l("Jumlah soal"), [Optional(), NumberRange(min=1, max=200)])


class PlaceForm(Form):
    place = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=10_000)])
