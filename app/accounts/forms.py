"""What people type to register, to sign in and to set the account up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.models import Theme
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.core.forms import EMAIL, Form, lower_case

THEMES = [(Theme.AUTO, _l("Ikut perangkat")), (Theme.LIGHT, _l("Terang")), (Theme.DARK, _l("Gelap"))]


class SignInForm(Form):
    login = StringField(_l("Email atau nama pengguna"), [InputRequired(), Length(max=254)])
    password = PasswordField(_l("Kata sandi"), [InputRequired(), Length(max=MAX_LENGTH)])
    remember = BooleanField(_l("Ingat saya di perangkat ini"))


class NewAccountForm(Form):
    name = StringField(_l("Nama lengkap"), [InputRequired(), Length(1, 150)])
    email = EmailField(_l("Email"), [InputRequired(), Length(max=254), EMAIL], filters=[lower_case])
    password = PasswordField(_l("Kata sandi"), [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)])


class ThemeForm(Form):
    theme = RadioField(_l("Tampilan"), [InputRequired()], choices=THEMES)


class BareForm(Form):
    """A button alone, with its token."""
