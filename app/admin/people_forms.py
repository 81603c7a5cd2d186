"""What the pages of people ask for: the list's address, an account, a role, a farewell."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, Field, IntegerField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from app.accounts import words
from app.accounts.models import Role, User
from app.accounts.queries.people import PAGE, SORTS, PeopleFilter, Tab
from app.accounts.words import language_choices, zone_choices
from app.core.forms import EMAIL, Form, clean_line, lower_case

ROLES = [SelectChoice(each, label) for each, label in words.ROLES.items()]
USERNAME = Regexp(
    r"([a-z0-9._-]{2,50})?\Z",
    message=_l("Pakai 2–50 huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi."),
)
"""As in the import (`accounts.importing.rows`)."""
MAX_SEARCH = 100


class PeopleAddress:
    """The list as its address asks for it; what is unknown there is as if it were not."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        sort = args.get("urut", "nama")
        tab = args.get("tab", Tab.ALL)
        self.page = max(1, args.get("hal", 1, type=int))
        self.filter = PeopleFilter(
            text=(clean_line(args.get("q", "")) or "")[:MAX_SEARCH],
            tab=Tab(tab) if tab in list(Tab) else Tab.ALL,
            sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "nama",
            descending=sort.startswith("-") and sort[1:] in SORTS,
        )

    def query(self, **changes: Any) -> dict[str, Any]:
        """The values of the address, with changes; what is as usual is left out."""
        wanted = self.filter
        sort = f"-{wanted.sort}" if wanted.descending else wanted.sort
        values = {"q": wanted.text, "tab": str(wanted.tab), "urut": sort, **changes}
        usual = {"q": "", "tab": str(Tab.ALL), "urut": "nama"}
        return {key: value for key, value in values.items() if value != usual.get(key)}

    def toggled(self, sort: str) -> str:
        """The value of `urut` that a click on that column's head asks for: names rise first, moments fall."""
        rising = self.filter.sort != sort or self.filter.descending
        if sort != "nama" and self.filter.sort != sort:
            rising = False
        return sort if rising else f"-{sort}"


class PersonForm(Form):
    """An account as admins see it."""

    name = StringField(_l("Nama lengkap"), [DataRequired(), Length(1, 150)])
    email = EmailField(_l("Email"), [Optional(), Length(max=254), EMAIL], filters=[lower_case])
    username = StringField(
        _l("Nama pengguna"),
        [Length(max=50), USERNAME],
        filters=[lower_case],
        description=_l("Misalnya NIS atau NIP. Isi bila orang ini tidak punya email."),
    )
    timezone = SelectField(_l("Zona waktu"), [InputRequired()], choices=zone_choices(), default="Asia/Jakarta")
    locale = SelectField(_l("Bahasa"), [InputRequired()], choices=language_choices(), default="id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = zone_choices(getattr(kwargs.get("obj"), "timezone", None))

    def validate_username(self, field: Field) -> None:
        if not field.data and not self.email.data:
            raise ValidationError(_("Isi email atau nama pengguna: salah satunya dipakai untuk masuk."))

    def profile(self) -> dict[str, Any]:
        """The values for the action; what is empty is None."""
        return {
            "name": self.name.data,
            "email": self.email.data or None,
            "username": self.username.data or None,
            "timezone": self.timezone.data,
            "locale": self.locale.data,
        }


class NewPersonForm(PersonForm):
    role = RadioField(_l("Peran"), [InputRequired()], choices=ROLES, default=Role.LEARNER)


class RoleForm(Form):
    role = RadioField(_l("Peran"), [InputRequired()], choices=ROLES)


class BulkForm(Form):
    """What is to be done, and where to go back to. Who is meant is read with `people`."""

    tindakan = StringField(validators=[DataRequired(), Length(max=20)])
    kembali = StringField(validators=[Length(max=500)])
    yakin = IntegerField(validators=[Optional()])


def chosen(form: MultiDict[str, str]) -> list[int]:
    """The numbers of the people whose boxes were ticked: at most those of one page."""
    return form.getlist("orang", type=int)[:PAGE]


class AnonymizeForm(Form):
    typed = StringField(_l("Ketik nama orang ini untuk memastikan"), [DataRequired(), Length(max=150)])
    keeps_name = BooleanField(
        _l("Nama tetap tertulis pada sertifikatnya"),
        description=_l("Pilih hanya bila orang itu memintanya. Tanpa ini, sertifikat tetap sah, tetapi tanpa nama."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def validate_typed(self, field: Field) -> None:
        if (field.data or "").casefold() != (clean_line(self.user.name) or "").casefold():
            raise ValidationError(_("Nama ini tidak sama dengan nama pada akun."))
