"""What the outline's small forms send."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from app.core.forms import Form

LAST = 10_000
"""A place behind every other."""


class SectionForm(Form):
    title = StringField(_l("Judul bab"), [DataRequired(), Length(max=255)])


class MoveForm(Form):
    """Where a section or a lesson goes: one `step` up or down, or to a `place` (counted from 1), which may lie in
    another `section`; without a place to its end."""

    step = IntegerField(validators=[Optional(), AnyOf([-1, 1])])
    place = IntegerField(validators=[Optional(), NumberRange(min=1, max=LAST)])
    section = IntegerField(validators=[Optional(), NumberRange(min=1, max=2**31 - 1)])

    def validate(self, extra_validators: Any = None) -> bool:
        named = self.step.data or self.place.data or self.section.data
        return super().validate(extra_validators) and bool(named)
