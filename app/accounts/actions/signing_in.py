"""Signing in. Passwords are checked before a transaction begins: hashing takes long, on purpose."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.actions.limits import digest, forget_failures, record_failure, refuse_too_many
from app.accounts.actions.refusals import SignInRefused
from app.accounts.actions.sessions import Begun, begin_session
from app.accounts.initial_passwords import is_initial_password
from app.accounts.passwords import matches


def sign_in(
    login: str, password: str, *, address: str, agent: str, device: str = "", replacing: str | None = None
) -> Begun:
    """Begins a session for the person with that email or user name; it may await a code still.

    `replacing` is the token that the browser had so far: it dies. The work and the answer are the same whether the
    person or the password is unknown; that an account is suspended is said only to whoever knows its password.
    Raises SignInRefused, and TooMany after too many wrong tries.
    """
    account = digest(login.lower())
    failures = refuse_too_many(account, address)
    user = queries.user_by_login(login)
    right = matches(password, user.password_hash if user else None) or is_initial_password(user, password)
    if user is None or not right:
        record_failure(account, address, user)
        raise SignInRefused(_("Email, nama pengguna, atau kata sandi salah. Periksa lalu coba lagi."))
    if failures.pair:
        forget_failures(account, address)
    return begin_session(user, agent=agent, device=device, replacing=replacing)
