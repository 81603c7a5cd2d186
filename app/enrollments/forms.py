"""Leaving a course."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.forms import Form


class DropForm(Form):
    reason = TextAreaField(_l("Alasan"), [Length(max=500)])
