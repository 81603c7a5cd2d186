"""What the import of a course package asks for: the file, which with JavaScript has come before in pieces."""

from __future__ import annotations

import os
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, validators
from wtforms.validators import ValidationError

from app.core.forms import MESSAGES, Form
from app.core.i18n import format_filesize
from app.courses.file_rules import FILE_RULES, PACKAGE
from app.courses.models import Upload
from app.courses.queries import upload_by_id


class PackageForm(Form):
    file = FileField(_l("Paket kursus"), description=_l("ZIP dari Ekspor kursus, paling besar 1 GB."))
    upload = HiddenField(validators=[validators.Optional(), validators.UUID()])

    def validate_file(self, field: Field) -> None:
        if self._upload:
            return
        if self.upload.data:
            raise ValidationError(_("Unggahan ini sudah tidak ada. Pilih berkasnya, lalu unggah sekali lagi."))
        if not field.data:
            raise ValidationError(MESSAGES["This field is required."])
        most = FILE_RULES[PACKAGE].max_bytes
        if field.data.stream.seek(0, os.SEEK_END) > most:
            raise ValidationError(_("Berkas paling besar %(size)s.", size=format_filesize(most)))

    @property
    def source(self) -> Upload | IO[bytes]:
        """The upload, whoever has begun it, or the file itself."""
        source: Upload | IO[bytes] = self._upload or self.file.data.stream
        return source

    @property
    def file_name(self) -> str:
        """What the file is called where it came from."""
        return "" if self._upload else self.file.data.filename or ""

    @property
    def _upload(self) -> Upload | None:
        sent = self.upload.data
        return upload_by_id(UUID(sent)) if sent and not self.upload.errors else None
