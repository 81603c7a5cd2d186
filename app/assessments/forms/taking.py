"""What a browser sends during an attempt: as a form, or as JSON while the page is open."""

from __future__ import annotations

from typing import Any

from wtforms import FileField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.forms import Form

LARGEST = 2**31 - 1


class AnswerForm(Form):
    """The answer itself stands under `answer`, as many values as its type has; each type reads its own."""

    question = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=1000)])
    """Its place in the attempt."""
    sequence = IntegerField(validators=[Optional(), NumberRange(min=0, max=LARGEST)])
    file = FileField()
    onward = IntegerField(validators=[Optional(), NumberRange(min=0, max=1000)])
    """The place to go to; 0: the summary."""

    def values(self, formdata: Any) -> list[str]:
        """What was sent as the answer. Spaces inside are the learner's."""
        return [str(value) for value in formdata.getlist("answer")]
