"""Leaving a course, and saying what it is worth."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form


class DropForm(Form):
    reason = TextAreaField(_l("Alasan"), [Length(max=500)])


class ReviewForm(Form):
    rating = RadioField(
        _l("Bintang"),
        [InputRequired(_l("Pilih satu sampai lima bintang."))],
        coerce=int,
        choices=[SelectChoice(stars, str(stars)) for stars in range(1, 6)],
    )
    text = TextAreaField(
        _l("Ulasan"), [Length(max=1000)], description=_l("Terbaca oleh semua orang yang membuka halaman kursus ini.")
    )


class RemoveReviewForm(Form):
    reason = TextAreaField(_l("Alasan"), [Length(max=500)])
