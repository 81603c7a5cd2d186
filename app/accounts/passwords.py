"""Hashing passwords (argon2id), and which ones are too common to be taken."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import current_app
from flask_babel import gettext as _

from app.core.errors import Refused

MIN_LENGTH, MAX_LENGTH = 8, 256


def hash_password(password: str) -> str:
    """The hash to keep. Takes long on purpose: call it outside transactions."""
    return _hasher().hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is the one that was hashed; False without a hash.

    Runs the hasher once in either case, so that the time does not tell whether there is such a person. What is too
    long to be anybody's password is not hashed at all.
    """
    if len(password) > MAX_LENGTH:
        return False
    try:
        return _hasher().verify(hashed or _nobody(), password)
    except VerifyMismatchError:
        return False


def is_common(password: str) -> bool:
    """Whether the password, in any case, is one of those that everybody tries first."""
    return password.casefold() in _common_passwords()


def refuse_weak(password: str, *known: str | None) -> None:
    """Raises Refused at the field `password` for one that is too short, too long, common, or one of the texts that
    others know of the person (name, email, user name), in any case. Call it before hashing: it costs nothing."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        sentence = _("Harus %(min)s sampai %(max)s karakter.", min=MIN_LENGTH, max=MAX_LENGTH)
        raise Refused(sentence, "password")
    if is_common(password):
        raise Refused(_("Kata sandi ini terlalu umum. Pilih yang tidak mudah ditebak."), "password")
    if password.strip().casefold() in {text.casefold() for text in known if text}:
        sentence = _("Kata sandi tidak boleh sama dengan nama, email, atau nama pengguna Anda.")
        raise Refused(sentence, "password")


def _hasher() -> PasswordHasher:
    return PasswordHasher(**current_app.config["ARGON2"])


def _nobody() -> str:
    """The hash of no password, as dear to check as a real one."""
    cost = current_app.config["ARGON2"]
    parameters = f"m={cost['memory_cost']},t={cost['time_cost']},p={cost['parallelism']}"
    return f"$argon2id$v=19${parameters}${'A' * 22}${'A' * 43}"


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split())
