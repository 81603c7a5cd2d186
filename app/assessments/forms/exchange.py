"""Bringing questions in."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import DataRequired, ValidationError

from app.core.errors import Refused
from app.core.forms import Form

MAX_BYTES = 300_000


class QuestionFileForm(Form):
    """The file; `read` it once, then its bytes are in `content`."""

    file = FileField(_l("Berkas soal"), [FileRequired(_l("Pilih berkasnya dulu."))])

    def validate_file(self, field: FileField) -> None:
        self.content = field.data.stream.read(MAX_BYTES + 1) if field.data else b""
        if len(self.content) > MAX_BYTES:
            raise ValidationError(_("Berkas soal paling besar 300 KB. Bagi berkasnya, lalu unggah satu per satu."))

    @property
    def name(self) -> str:
        return str(self.file.data.filename or "")

    @property
    def packed(self) -> str:
        """The bytes as the preview carries them to the import."""
        return b64encode(self.content).decode()


class QuestionImportForm(Form):
    """What the preview sends: the same file again, read again."""

    packed = HiddenField(validators=[DataRequired()])
    name = HiddenField()

    @property
    def content(self) -> bytes:
        """The file's bytes. Raises Refused for what the preview has not written."""
        try:
            return b64decode(self.packed.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused(_("Unggah berkasnya sekali lagi."), "file") from error
