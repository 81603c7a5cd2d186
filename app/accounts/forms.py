"""What people type to register, to sign in and to set the account up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.models import Theme, User
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.accounts.words import language_choices, zone_choices
from app.core.forms import EMAIL, Form, lower_case

THEMES = [
    SelectChoice(Theme.AUTO, _l("Ikut perangkat")),
    SelectChoice(Theme.LIGHT, _l("Terang")),
    SelectChoice(Theme.DARK, _l("Gelap")),
]

CODE_LENGTH = 20
"""Of what may be typed as a code, with spaces and hyphens."""


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


class ForgottenForm(Form):
    login = StringField(_l("Email atau nama pengguna"), [DataRequired(), Length(max=254)])


class NewPasswordForm(Form):
    password = PasswordField(_l("Kata sandi baru"), [DataRequired(), Length(MIN_LENGTH, MAX_LENGTH)])


class FirstPasswordForm(NewPasswordForm):
    email = EmailField(_l("Email"), [Optional(), Length(max=254), EMAIL], filters=[lower_case])


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_l("Kata sandi sekarang"), [DataRequired(), Length(max=MAX_LENGTH)])


class ChangeEmailForm(Form):
    email = EmailField(_l("Email baru"), [DataRequired(), Length(max=254), EMAIL], filters=[lower_case])
    current = PasswordField(_l("Kata sandi sekarang"), [DataRequired(), Length(max=MAX_LENGTH)])


class ProfileForm(Form):
    name = StringField(_l("Nama lengkap"), [DataRequired(), Length(1, 150)])
    timezone = SelectField(_l("Zona waktu"), [DataRequired()])
    locale = SelectField(_l("Bahasa"), [DataRequired()], choices=language_choices())

    def __init__(self, user: User) -> None:
        """Shows what the person has; a zone outside of Indonesia can be kept."""
        super().__init__(obj=user)
        self.timezone.choices = zone_choices(user.timezone)


class CodeForm(Form):
    code = StringField(_l("Kode"), [DataRequired(), Length(max=CODE_LENGTH)])


class PasswordForm(Form):
    current = PasswordField(_l("Kata sandi sekarang"), [DataRequired(), Length(max=MAX_LENGTH)])


class ProofForm(Form):
    current = PasswordField(_l("Kata sandi, atau kode dari aplikasi"), [DataRequired(), Length(max=MAX_LENGTH)])


class TwoFactorOffForm(PasswordForm):
    code = StringField(_l("Kode dari aplikasi, atau kode pemulihan"), [DataRequired(), Length(max=CODE_LENGTH)])
