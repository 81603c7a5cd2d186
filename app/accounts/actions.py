"""Verbs on accounts. Passwords are hashed before the transaction begins: hashing takes long, on purpose."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.accounts import queries
from app.accounts.events import SessionStarted, UserRegistered
from app.accounts.models import AdminLink, LoginFailure, Role, Theme, User, UserSession, UserStatus
from app.accounts.passwords import hash_password, is_common, matches
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import action, db
from app.core.errors import Refused, TooMany
from app.core.once import insert_once
from app.events import emit

PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 300
"""Wrong sign-ins in 15 minutes: for one account from one address, for one account, from one address (a school's)."""
SEEN_EVERY = timedelta(minutes=1)
FAILURE_LIFE = timedelta(days=1)
PRUNED_AT_ONCE = 100


class SignInRefused(Refused):
    """Nobody has this login and password; which of the two is wrong is not said."""


class NameTaken(Refused):
    """Somebody else signs in with this email or user name."""


class LinkExpired(Refused):
    """The one-time link is unknown, used, or older than a day."""


def sign_in(login: str, password: str, *, address: str, agent: str, replacing: str | None = None) -> str:
    """Starts a session for the person with that email or user name and answers its token.

    `replacing` is the token that the browser had so far: it dies. The work and the answer are the same whether the
    person or the password is unknown; that an account is suspended is said only to whoever knows its password.
    Raises SignInRefused, and TooMany after too many wrong tries.
    """
    account = _digest(login.lower())
    failures = _refuse_too_many(account, address)
    user = queries.user_by_login(login)
    if not matches(password, user.password_hash if user else None) or user is None:
        record_failure(account, address)
        raise SignInRefused(_("Email, nama pengguna, atau kata sandi salah. Periksa lalu coba lagi."))
    if failures.pair:
        forget_failures(account, address)
    return start_session(user, agent=agent, replacing=replacing)


def register(*, name: str, email: str, password: str, address: str, agent: str, replacing: str | None = None) -> str:
    """Makes a learner's account and signs it in; answers the session's token. States UserRegistered.

    Refused are a closed registration, a common password and an email that is taken. As the new account is signed in
    at once, no answer could hide that an email is taken. So it is said, but dearly: only when all else was right,
    after the hash, and as a failure that is counted like a wrong sign-in (TooMany).
    """
    if not current_app.config["REGISTRATION_OPEN"]:
        raise Refused(_("Pendaftaran sedang ditutup. Hubungi admin lembaga Anda."))
    _refuse_common(password)
    account = _digest(f"register {email}")
    _refuse_too_many(account, address)
    hashed = hash_password(password)
    try:
        return _register(name, email, hashed, agent, replacing)
    except NameTaken:
        record_failure(account, address)
        raise


@action
def _register(name: str, email: str, password_hash: str, agent: str, replacing: str | None) -> str:
    user = create_user(name=name, email=email, password_hash=password_hash)
    return start_session(user, agent=agent, replacing=replacing)


@action
def create_user(
    *,
    name: str,
    email: str | None = None,
    username: str | None = None,
    password_hash: str | None = None,
    role: Role = Role.LEARNER,
    timezone: str = "Asia/Jakarta",
    actor: User | None = None,
) -> User:
    """A new active account; without an actor the person made it. States UserRegistered. Raises NameTaken."""
    user = insert_once(
        User,
        name=name,
        email=email.lower() if email else None,
        username=username.lower() if username else None,
        password_hash=password_hash,
        role=role,
        timezone=timezone,
    )
    if user is None:
        raise NameTaken(_("Sudah ada akun dengan alamat ini. Masuk, atau pakai alamat lain."), "email")
    emit(UserRegistered(user_id=user.id, role=role), actor=actor or user)
    return user


@action
def start_session(user: User, *, agent: str, replacing: str | None = None) -> str:
    """A new session, under a new token, which is answered. States SessionStarted. Refused for a suspended person."""
    if user.status != UserStatus.ACTIVE:
        raise SignInRefused(_("Akun Anda sedang dinonaktifkan. Hubungi admin lembaga Anda."))
    if replacing:
        sign_out(replacing)
    token = new_token()
    session = UserSession(token_hash=token_hash(token), user_id=user.id, agent=agent[:255])
    db.session.add(session)
    db.session.flush()
    emit(SessionStarted(user_id=user.id, session_id=session.id), actor=user)
    return token


@action
def sign_out(token: str) -> None:
    """The session of that token is over, wherever a copy of the cookie may be."""
    db.session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(token)))


@action
def sign_out_everywhere(user: User) -> None:
    """Every session of the person is over, this one too."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))


@action
def touch_session(session_id: int) -> None:
    """The browser was seen now; written at most once a minute."""
    seen = update(UserSession).where(UserSession.id == session_id, UserSession.last_seen_at <= now() - SEEN_EVERY)
    db.session.execute(seen.values(last_seen_at=now()))


@action
def change_theme(user: User, theme: Theme) -> None:
    """The person's pages are light, dark, or as the device says. No fact: nothing follows from it."""
    user.theme = theme


@action
def record_failure(account: str, address: str) -> None:
    """Counts one wrong try. `account` is a digest of what was typed. The oldest that are past a day are forgotten."""
    db.session.add(LoginFailure(account=account, address=address))
    # Ids rise with the time, so the primary key finds the oldest; each try clears away more than it adds.
    oldest = select(LoginFailure.id).order_by(LoginFailure.id).limit(PRUNED_AT_ONCE)
    past = delete(LoginFailure).where(LoginFailure.id.in_(oldest), LoginFailure.failed_at <= now() - FAILURE_LIFE)
    db.session.execute(past, execution_options={"synchronize_session": False})


@action
def forget_failures(account: str, address: str) -> None:
    """The right password came from this address: its own wrong tries at this account no longer count."""
    of_pair = (LoginFailure.account == account, LoginFailure.address == address)
    db.session.execute(delete(LoginFailure).where(*of_pair))


@action
def create_admin_link() -> str:
    """A one-time token for `/siapkan/<token>`, good for a day. Those that are past it are deleted."""
    token = new_token()
    db.session.execute(delete(AdminLink).where(AdminLink.created_at <= now() - queries.LINK_LIFE))
    db.session.add(AdminLink(token_hash=token_hash(token)))
    return token


def set_up_admin(link: str, *, name: str, email: str, password: str, agent: str) -> str:
    """Makes the admin of a one-time link, signed in; answers the session's token. The link is used up by it.

    Raises LinkExpired, NameTaken; a common password is refused.
    """
    _refuse_common(password)
    return _set_up_admin(link, name, email, hash_password(password), agent)


@action
def _set_up_admin(link: str, name: str, email: str, password_hash: str, agent: str) -> str:
    used = db.session.execute(
        update(AdminLink)
        .where(
            AdminLink.token_hash == token_hash(link),
            AdminLink.used_at.is_(None),
            AdminLink.created_at > now() - queries.LINK_LIFE,
        )
        .values(used_at=now())
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise LinkExpired(_("Tautan ini sudah dipakai atau kedaluwarsa. Buat yang baru dengan flask create-admin."))
    user = create_user(name=name, email=email, password_hash=password_hash, role=Role.LMS_ADMIN)
    return start_session(user, agent=agent)


def _refuse_too_many(account: str, address: str) -> queries.Failures:
    failures = queries.failures_of(account, address)
    if failures.pair >= PAIR_LIMIT or failures.account >= ACCOUNT_LIMIT or failures.address >= ADDRESS_LIMIT:
        raise TooMany(_("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."))
    return failures


def _refuse_common(password: str) -> None:
    if is_common(password):
        raise Refused(_("Kata sandi ini terlalu umum. Pilih yang tidak mudah ditebak."), "password")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
