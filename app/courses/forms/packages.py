"""What the import of a course package asks for: the file, which with JavaScript has come before in pieces."""

from __future__ import annotations

import os
from typing import IO, ClassVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, validators
from wtforms.validators import ValidationError

from app.core.errors import Refused
from app.core.forms import MESSAGES, Form
from app.core.i18n import format_filesize
from app.courses.file_rules import FILE_RULES, PACKAGE
from app.courses.models import Upload
from app.courses.queries import upload_by_id


class _Came:
    """The file has come, with the form or before it: a browser must not insist on the one."""

    field_flags: ClassVar = {"hide_optional": True}

    def __call__(self, form: PackageForm, field: Field) -> None:
        if form.sent_before:
            return
        if form.upload.data:
            raise ValidationError(_("Unggahan ini sudah tidak ada. Pilih berkasnya, lalu unggah sekali lagi."))
        if not field.data:
            raise ValidationError(MESSAGES["This field is required."])
        most = FILE_RULES[PACKAGE].max_bytes
        if field.data.stream.seek(0, os.SEEK_END) > most:
            raise ValidationError(_("Berkas paling besar %(size)s.", size=format_filesize(most)))


class PackageForm(Form):
    file = FileField(_l("Paket kursus"), [_Came()], description=_l("ZIP dari Ekspor kursus, paling besar 1 GB."))
    upload = HiddenField(validators=[validators.Optional(), validators.UUID()])

    @property
    def sent_before(self) -> Upload | None:
        """The upload that the browser has sent the file by, whoever has begun it."""
        sent = self.upload.data
        return upload_by_id(UUID(sent)) if sent and self.upload.validate(self) else None

    @property
    def source(self) -> Upload | IO[bytes]:
        """The upload, or the file itself."""
        source: Upload | IO[bytes] = self.sent_before or self.file.data.stream
        return source

    @property
    def file_name(self) -> str:
        """What the file is called where it came from."""
        return "" if self.sent_before else self.file.data.filename or ""

    def refuse(self, refusal: Refused) -> None:
        """As any form; a refused package is forgotten, so its upload is not sent again."""
        super().refuse(refusal)
        if self.sent_before is None:
            self.upload.data = ""
