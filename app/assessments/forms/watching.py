"""What staff send while an assessment is taken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.forms import Form, MomentField


class MinutesForm(Form):
    minutes = IntegerField(_l("Tambahan waktu"), [InputRequired(), NumberRange(min=1, max=360)], default=5)
    reason = StringField(_l("Alasan"), [DataRequired(), Length(max=500)])


class ReasonForm(Form):
    reason = StringField(_l("Alasan"), [DataRequired(), Length(max=500)])


class ExtensionForm(Form):
    person = SelectField(_l("Peserta"), [InputRequired()], coerce=int)
    minutes = IntegerField(_l("Tambahan waktu setiap percobaan"), [Optional(), NumberRange(min=0, max=360)], default=0)
    attempts = IntegerField(_l("Tambahan percobaan"), [Optional(), NumberRange(min=0, max=10)], default=0)
    closes_at = MomentField(_l("Ditutup khusus untuknya"), [Optional()])
    reason = StringField(_l("Alasan"), [DataRequired(), Length(max=500)])
