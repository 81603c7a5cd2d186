"""That the person at the browser knows the password, before something is changed that would lock others out."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.actions.limits import digest, record_failure, refuse_too_many
from app.accounts.models import User
from app.accounts.passwords import matches
from app.core.errors import Refused


def prove_password(user: User, current: str, *, address: str) -> None:
    """Refused at the field `current` when it is not the person's password: counted, TooMany after too many."""
    account = digest(f"password {user.id}")
    refuse_too_many(account, address)
    if not matches(current, user.password_hash):
        record_failure(account, address)
        raise Refused(_("Kata sandi Anda yang sekarang salah. Periksa lalu coba lagi."), "current")
