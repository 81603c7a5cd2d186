"""Comparing a copy with the original."""

from __future__ import annotations

from hashlib import file_digest

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, ValidationError
from wtforms.validators import Optional, Regexp

from app.core.forms import Form

DIGEST = _l("SHA-256 terdiri dari 64 angka dan huruf a–f.")


class CompareForm(Form):
    """A copy of the PDF, or its digest; the copy is read and not kept."""

    file = FileField(_l("Berkas PDF sertifikat"))
    sha256 = StringField(
        _l("Atau tempel SHA-256"),
        validators=[Optional(), Regexp(r"^[0-9a-fA-F]{64}$", message=DIGEST)],
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data and not self.sha256.data:
            raise ValidationError(_("Pilih berkas PDF atau tempel SHA-256-nya."))

    @property
    def digest(self) -> str:
        if self.file.data:
            return file_digest(self.file.data.stream, "sha256").hexdigest()
        return str(self.sha256.data).lower()
