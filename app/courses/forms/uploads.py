"""What begins an upload, and a picture for a text."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import Form
from app.courses.file_rules import FILE_RULES


class UploadForm(Form):
    """What the browser knows of a file before it sends it."""

    name = StringField(validators=[InputRequired(), Length(max=255)])
    size = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    purpose = SelectField(validators=[InputRequired()], choices=list(FILE_RULES))

    @property
    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, "size": self.size.data, "purpose": self.purpose.data}


class ImageForm(Form):
    file = FileField(validators=[FileRequired()])
