"""First passwords for people without email: printed on a slip, to be replaced at the first sign-in.

They are not kept anywhere. Each follows from SECRET_KEY, the person and a random key in the row, so that a slip can be
printed again until the person has chosen a password, and 5,000 accounts cost no hashing (docs/adr/0005).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app

from app.accounts.models import User

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike in print."""
LENGTH = 8
"""40 bits: enough for what is guessed against `actions.limits` only, and typed by hand."""


def new_key() -> str:
    """A new `User.initial_key`: another first password."""
    return secrets.token_hex(16)


def initial_password(user: User) -> str:
    """`k7mp-x3dq`, the first password that follows from the person's `initial_key`, which is set."""
    return _derived(user, current_app.config["SECRET_KEY"])


def is_initial_password(user: User | None, typed: str) -> bool:
    """Whether it is the person's first password, with or without the hyphen and in any case."""
    if user is None or not user.initial_key:
        return False
    keys = (current_app.config["SECRET_KEY"], *(current_app.config["SECRET_KEY_FALLBACKS"] or ()))
    given = _plain(typed).encode()
    return any(hmac.compare_digest(given, _plain(_derived(user, key)).encode()) for key in keys)


def _derived(user: User, key: str) -> str:
    digest = hmac.digest(key.encode(), f"initial password {user.id} {user.initial_key}".encode(), hashlib.sha256)
    number, letters = int.from_bytes(digest), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters += LETTERS[letter]
    return f"{letters[:4]}-{letters[4:]}"


def _plain(typed: str) -> str:
    return typed.replace("-", "").replace(" ", "").lower()
