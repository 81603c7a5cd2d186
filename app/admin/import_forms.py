"""What the import of people asks for: a table, and whether letters go out."""

from __future__ import annotations

import os
import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.core.forms import Form, clean_line
from app.core.i18n import format_filesize

MAX_BYTES = 5_000_000


class TableForm(Form):
    file = FileField(_l("Tabel orang"), [FileRequired()], description=_l("XLSX atau CSV, paling besar 5 MB."))

    def validate_file(self, field: Field) -> None:
        if field.data and field.data.stream.seek(0, os.SEEK_END) > MAX_BYTES:
            raise ValidationError(
                _("Berkas paling besar %(size)s. Bagi tabelnya, lalu unggah satu per satu.",
                  size=format_filesize(MAX_BYTES))
            )  # fmt: skip
        if field.data:
            field.data.stream.seek(0)

    @property
    def file_name(self) -> str:
        """What the file is called, without the folders that some browsers send along."""
        return clean_line(re.split(r"[/\\]", self.file.data.filename or "")[-1]) or _("tanpa nama")


class ImportForm(Form):
    send_links = BooleanField(
        _l("Kirim tautan kata sandi kepada yang punya email"),
        description=_l("Tanpa ini, semua akun baru mendapat kata sandi awal untuk dicetak pada kartu."),
    )
