"""Signing in. Passwords are checked before a transaction begins: hashing takes long, on purpose."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.actions.limits import account_of, count_try, forget_failures, settle_wrong
from app.accounts.actions.proving import Secrets, secrets_of
from app.accounts.actions.refusals import SignInRefused
from app.accounts.actions.sessions import Begun, begin_session
from app.accounts.initial_passwords import is_initial_password
from app.accounts.models import User
from app.accounts.passwords import matches
from app.core.db import action


def sign_in(
    login: str, password: str, *, address: str, agent: str, device: str = "", replacing: str | None = None
) -> Begun:
    """Begins a session for the person with that email or user name; it may await a code still.

    `replacing` is the token that the browser had so far: it dies. The work and the answer are the same whether the
    person or the password is unknown; that an account is suspended is said only to whoever knows its password.
    Raises SignInRefused, and TooMany after too many tries that led nowhere.
    """
    user = queries.user_by_login(login)
    account = account_of("sign-in", user, login)
    # Read now: the count ends the transaction, and a known person's row would be read once more than an unknown one's.
    proved, is_first = secrets_of(user), is_initial_password(user, password)
    tried = count_try(account, address)
    right = matches(password, proved.password_hash) or is_first
    if user is None or not right:
        settle_wrong(tried, account, user)
        raise _wrong()
    return _let_in(user, proved, account, address, agent=agent, device=device, replacing=replacing)


@action
def _let_in(user: User, proved: Secrets, account: str, address: str, **browser: Any) -> Begun:
    begun = begin_session(user, **browser)
    if secrets_of(user) != proved:  # as the locked row has them: the password was changed since it was judged
        raise _wrong()
    forget_failures(account, address)
    return begun


def _wrong() -> SignInRefused:
    return SignInRefused(_("Email, nama pengguna, atau kata sandi salah. Periksa lalu coba lagi."))
