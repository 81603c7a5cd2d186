"""That the person at the browser knows the password, before something is changed that would lock others out.

Hashing comes before the transaction, so what a password was judged against may be gone when the change is made: the
change asks once more, under the lock.
"""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from app.accounts.actions.limits import count_try, digest, forget_failures, settle_wrong
from app.accounts.models import User
from app.accounts.passwords import matches
from app.core.db import db, id_of
from app.core.errors import Refused


class Secrets(NamedTuple):
    """What a person's password is judged against."""

    password_hash: str | None
    initial_key: str | None


def secrets_of(user: User | None) -> Secrets:
    """As the row has them; none for nobody."""
    return Secrets(user.password_hash, user.initial_key) if user else Secrets(None, None)


def prove_password(user: User, current: str, *, address: str) -> Secrets:
    """Answers what the password was judged against, for `keep_proof`.

    Refused at the field `current` when it is not the person's: counted, TooMany after too many.
    """
    account = digest(f"password {id_of(user)}")
    tried = count_try(account, address)
    secrets = secrets_of(user)
    if not matches(current, secrets.password_hash):
        settle_wrong(tried, account)
        raise _wrong_password()
    forget_failures(account, address)
    return secrets


def keep_proof(user: User, proved: Secrets) -> None:
    """Locks the person until the transaction ends. Refused when the password was changed since it was proved."""
    if not holds(user, proved):
        raise _wrong_password()


def holds(user: User, proved: Secrets) -> bool:
    """Locks the person until the transaction ends; whether the row still has what the password was judged against."""
    row = db.session.get_one(User, id_of(user), with_for_update=True, populate_existing=True)
    return secrets_of(row) == proved


def _wrong_password() -> Refused:
    return Refused(_("Kata sandi Anda yang sekarang salah. Periksa lalu coba lagi."), "current")
