"""What a browser may report."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.core.forms import Form
from app.progress.recording import Report


class ReportForm(Form):
    page = IntegerField(validators=[Optional(), NumberRange(min=1)])
    position = IntegerField(validators=[Optional(), NumberRange(min=0)])
    seconds = IntegerField(validators=[Optional(), NumberRange(min=0)])

    @property
    def report(self) -> Report:
        return Report(page=self.page.data, position=self.position.data, seconds=self.seconds.data or 0)
