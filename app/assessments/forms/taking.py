"""What a browser sends during an attempt: as a form, or as JSON while the page is open."""

from __future__ import annotations

from wtforms import FileField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.forms import Form, clean_text

MOST_SAVES = 1_000_000
"""Far more than anybody saves one question, and far from where the column that counts them ends."""


class AnswerForm(Form):
    """The answer itself stands under `answer`, as many values as its type has; each type reads its own."""

    answer = TextAreaField()
    """What was typed, where the answer is one text."""
    question = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=1000)])
    """Its place in the attempt."""
    sequence = IntegerField(validators=[Optional(), NumberRange(min=0, max=MOST_SAVES)])
    file = FileField()
    onward = IntegerField(validators=[Optional(), NumberRange(min=0, max=1000)])
    """The place to go to; 0: the summary."""

    def values(self) -> list[str]:
        """What was sent as the answer. Spaces inside are the learner's; a line break is one character, however it was
        sent."""
        return [clean_text(value) or "" for value in self.answer.raw_data or ()]
