"""What people type to register, to sign in and to set the account up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from app.accounts.models import Theme
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.core.forms import EMAIL, Form, lower_case

THEMES = [
    SelectChoice(Theme.AUTO, _l("Ikut perangkat")),
    SelectChoice(Theme.LIGHT, _l("Terang")),
    SelectChoice(Theme.DARK, _l("Gelap")),
]


class SignInForm(Form):
    login = StringField(_l("Email atau nama pengguna"), [DataRequired(), Length(max=254)])
    password = PasswordField(_l("Kata sandi"), [DataRequired(), Length(max=MAX_LENGTH)])
    remember = BooleanField(_l("Ingat saya di perangkat ini"))


class NewAccountForm(Form):
    name = StringField(_l("Nama lengkap"), [DataRequired(), Length(1, 150)])
    email = EmailField(_l("Email"), [DataRequired(), Length(max=254), EMAIL], filters=[lower_case])
    password = PasswordField(_l("Kata sandi"), [DataRequired(), Length(MIN_LENGTH, MAX_LENGTH)])


class ThemeForm(Form):
    theme = RadioField(_l("Warna halaman"), [DataRequired()], choices=THEMES)
