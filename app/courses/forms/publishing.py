"""The answer to who asks for a course to be published."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form


class DeclineForm(Form):
    reason = TextAreaField(_l("Alasan"), [DataRequired(), Length(max=500)])
