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

    Runs the hasher once in either case, so that the time does not tell whether there is such a person.
    """
    try:
        return _hasher().verify(hashed or _nobody(), password)
    except VerifyMismatchError:
        return False


def is_common(password: str) -> bool:
    """Whether the password, in any case, is one of those that everybody tries first."""
    return password.casefold() in _common_passwords()


def refuse_common(password: str) -> None:
    """Raises Refused at the field `password` for one that is common."""
    if is_common(password):
        raise Refused(_("Kata sandi ini terlalu umum. Pilih yang tidak mudah ditebak."), "password")


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
