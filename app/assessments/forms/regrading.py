"""Grading anew after a key was corrected."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form


class RegradeForm(Form):
    reason = StringField(_l("Alasan"), [DataRequired(), Length(max=500)])
