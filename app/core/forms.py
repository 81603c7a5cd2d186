"""Forms: cleaned input, messages in the reader's language, refusals at their field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateTimeLocalField, PasswordField, StringField, TextAreaField
from wtforms import DecimalField as WTFormsDecimalField
from wtforms.fields.core import UnboundField
from wtforms.validators import Regexp
from wtforms.widgets import TextInput

from app.core.errors import Refused
from app.core.i18n import zone

# What WTForms says in English; a test proves that none is missing.
MESSAGES = {
    "CSRF failed.": _l("Formulir ini sudah kedaluwarsa. Kirim sekali lagi."),
    "CSRF token expired.": _l("Formulir ini sudah kedaluwarsa. Kirim sekali lagi."),
    "CSRF token missing.": _l("Formulir ini sudah kedaluwarsa. Kirim sekali lagi."),
    "Choices cannot be None.": _l("Tidak ada pilihan."),
    "Date must be at least %(min)s.": _l("Tanggal paling awal %(min)s."),
    "Date must be at most %(max)s.": _l("Tanggal paling akhir %(max)s."),
    "Date must be between %(min)s and %(max)s.": _l("Tanggal harus antara %(min)s dan %(max)s."),
    "Field cannot be longer than %(max)d character.": _l("Paling banyak %(max)d karakter."),
    "Field must be at least %(min)d character long.": _l("Paling sedikit %(min)d karakter."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Harus %(min)d sampai %(max)d karakter."),
    "Field must be equal to %(other_name)s.": _l("Isinya harus sama dengan %(other_name)s."),
    "Field must be exactly %(max)d character long.": _l("Harus tepat %(max)d karakter."),
    "File does not have an approved extension.": _l("Jenis berkas ini tidak diterima."),
    "File does not have an approved extension: {extensions}": _l("Jenis berkas yang diterima: {extensions}."),
    "Invalid CSRF Token.": _l("Formulir ini sudah kedaluwarsa. Kirim sekali lagi."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu yang tersedia."),
    "Invalid IP address.": _l("Alamat IP ini tidak benar."),
    "Invalid Mac address.": _l("Alamat MAC ini tidak benar."),
    "Invalid URL.": _l("Alamat web ini tidak benar. Contoh: https://contoh.sch.id"),
    "Invalid UUID.": _l("Kode ini tidak benar."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Pilih dari yang tersedia."),
    "Invalid email address.": _l("Alamat email ini tidak benar. Contoh: nama@contoh.sch.id"),
    "Invalid field name '%s'.": _l("Isian '%s' tidak dikenal."),
    "Invalid input.": _l("Isian ini tidak benar."),
    "Invalid value, can't be any of: %(values)s.": _l("Tidak boleh salah satu dari: %(values)s."),
    "Invalid value, must be one of: %(values)s.": _l("Harus salah satu dari: %(values)s."),
    "'%(value)s' is not a valid choice for this field.": _l("Pilih dari yang tersedia."),
    "Not a valid choice.": _l("Pilih salah satu yang tersedia."),
    "Not a valid date value.": _l("Tanggal ini tidak benar."),
    "Not a valid datetime value.": _l("Tanggal dan jam ini tidak benar."),
    "Not a valid decimal value.": _l("Isi dengan angka. Contoh: 87,5"),
    "Not a valid float value.": _l("Isi dengan angka. Contoh: 87,5"),
    "Not a valid integer value.": _l("Isi dengan bilangan bulat. Contoh: 30"),
    "Not a valid time value.": _l("Jam ini tidak benar."),
    "Not a valid week value.": _l("Minggu ini tidak benar."),
    "Number must be at least %(min)s.": _l("Paling sedikit %(min)s."),
    "Number must be at most %(max)s.": _l("Paling banyak %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Harus antara %(min)s dan %(max)s."),
    "This field cannot be edited.": _l("Isian ini tidak dapat diubah."),
    "This field is disabled and cannot have a value.": _l("Isian ini tidak dapat diisi."),
    "This field is required.": _l("Wajib diisi."),
}

# What browsers take as an email address (HTML Standard, `type=email`), with a dot in the domain.
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = Regexp(
    rf"^[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+\Z",
    message=MESSAGES["Invalid email address."],
)


FIRST_YEAR, LAST_YEAR = 2000, 2100


class DecimalField(WTFormsDecimalField):  # type: ignore[misc]
    """A number as it is written here or elsewhere: `87,5` and `87.5`. It is shown with a comma."""

    data: Decimal | None
    widget = TextInput()  # a number field of a browser takes no comma

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist if value.strip()])
        number: Decimal | None = self.data
        if number is not None and not number.is_finite():
            self.data = None
            raise ValueError(str(MESSAGES["Not a valid decimal value."]))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        text = f"{Decimal(self.data):f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


class MomentField(DateTimeLocalField):  # type: ignore[misc]
    """A moment in the reader's zone; `moment` is the same in UTC. Years in which nobody learns here are refused."""

    data: datetime | None

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value.astimezone(zone()).replace(tzinfo=None) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_("Isi tahun antara %(first)s dan %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))

    @property
    def moment(self) -> datetime | None:
        return self.data.replace(tzinfo=zone()).astimezone(UTC) if self.data else None


class _Translations:
    def gettext(self, string: str) -> str:
        return str(MESSAGES.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular)


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: its text is clean, its messages are in the reader's language."""

    refusal: Refused | None = None
    result: Any = None
    """What the action of `save` has returned."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: UnboundField, options: dict[str, Any]) -> Any:
            own = unbound_field.kwargs.get("filters", ())
            cleaning = _cleaning(unbound_field.field_class)
            return unbound_field.bind(form=form, filters=(*cleaning, *own), **options)

        def get_translations(self, form: Any) -> Any:
            return _Translations()

    def validate(self, extra_validators: Any = None) -> bool:
        """As WTForms does, but what could not even be read gets one sentence: no validator judges it as well."""
        valid = super().validate(extra_validators)
        for field in self:
            if field.process_errors:
                field.errors = field.errors[:1]
        return bool(valid)

    @property
    def http_status(self) -> int:
        """What to answer the page with: 200 as long as nothing was sent, 422 for what is wrong, 429 for too many."""
        if self.refusal is not None:
            return self.refusal.status
        return 422 if self.errors else 200

    @property
    def first_error(self) -> str:
        """One sentence on what is wrong, for an answer that is no page."""
        return str(next(iter([*self.form_errors, *(each for field in self for each in field.errors)]), ""))

    def refuse(self, refusal: Refused) -> None:
        """Puts the sentence at the field that is meant, else above the form."""
        self.refusal = refusal
        if refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.sentence]
        else:
            self.form_errors.append(refusal.sentence)


def save(form: Form, act: Callable[[], object]) -> bool:
    """Runs `act` when the form was sent and is valid; True when it was not refused.

    What `act` returned is in `form.result`. On False render the page again, with `form.http_status`: what was typed
    and what is wrong with it are in the form.
    """
    if not form.validate_on_submit():
        return False
    try:
        form.result = act()
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def sent_fields() -> MultiDict[str, Any]:
    """The fields of the request, sent as a form or as a JSON object. Raises BadRequest for other JSON."""
    if not request.is_json:
        return request.form
    body = request.get_json()
    if not isinstance(body, dict):
        abort(HTTPStatus.BAD_REQUEST)
    return MultiDict({str(key): str(value) for key, value in body.items()})


def clean_text(text: str | None) -> str | None:
    """NFC, plain line breaks, no other control characters, no white space around."""
    if text is None:
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}).strip()


def clean_line(text: str | None) -> str | None:
    """As `clean_text`, on one line: every run of white space is one space."""
    cleaned = clean_text(text)
    return " ".join(cleaned.split()) if cleaned else cleaned


def lower_case(text: str | None) -> str | None:
    """A filter for addresses and names that people sign in with."""
    return text.lower() if text else text


def _normal(text: str | None) -> str | None:
    # A password is not ours to trim, but two keyboards may write the same letter in two ways.
    return unicodedata.normalize("NFC", text) if text else text


def _cleaning(field_class: type) -> tuple[Callable[[str | None], str | None], ...]:
    if issubclass(field_class, PasswordField):
        return (_normal,)
    if issubclass(field_class, TextAreaField):
        return (clean_text,)
    return (clean_line,) if issubclass(field_class, StringField) else ()
