"""New accounts: registered, made by staff, set up by the first admin."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.accounts import queries
from app.accounts.actions.emails import request_verification, tell_owner
from app.accounts.actions.limits import (
    Limits,
    apart,
    count_try,
    digest,
    forget_failures,
    forget_old_failures,
    settle_wrong,
)
from app.accounts.actions.refusals import LinkExpired, NameTaken
from app.accounts.actions.sessions import start_session
from app.accounts.events import UserRegistered
from app.accounts.models import AdminLink, Role, User
from app.accounts.passwords import hash_password, refuse_weak
from app.accounts.tokens import new_token, token_hash
from app.core import mail
from app.core.clock import now
from app.core.db import action, db
from app.core.errors import Refused
from app.core.once import insert_once
from app.core.settings import registration_is_open
from app.events import emit

LETTERS = Limits(address=1000)
"""Registrations in 15 minutes, most of which are right: a whole school begins on one morning."""


def register(
    *,
    name: str,
    email: str,
    password: str,
    address: str,
    agent: str,
    device: str = "",
    replacing: str | None = None,
) -> str | None:
    """Makes a learner's account; answers the session's token, None where the address is to be verified first.

    Refused are a closed registration and a weak password. With a mail server a letter tells the rest, and neither
    the answer nor the work tells whether the email had an account already: TooMany comes after so many tries for
    one email, known or not. Without one the new account is signed in at once, so no answer could hide it. It is said
    then, but dearly: only when all else was right, after the hash, and counted like a wrong sign-in
    (docs/adr/0013).
    """
    if not registration_is_open():
        raise Refused(_("Pendaftaran sedang ditutup. Hubungi admin lembaga Anda."))
    email = email.lower()
    refuse_weak(password, name, email)
    account = digest(f"register {email}")
    if mail.is_configured():
        count_try(account, apart("register", address), LETTERS)
        _register_by_letter(name, email, hash_password(password))
        return None
    tried = count_try(account, address)
    hashed = hash_password(password)
    try:
        browser = {"agent": agent, "device": device, "replacing": replacing}
        return _register_at_once(name, email, hashed, account, address, **browser)
    except NameTaken:
        settle_wrong(tried, account)
        raise


@action
def _register_by_letter(name: str, email: str, password_hash: str) -> None:
    forget_old_failures()
    try:
        user = create_user(name=name, email=email, password_hash=password_hash, verified=False)
    except NameTaken:
        tell_owner(email)
        return
    request_verification(user, actor=user)


@action
def _register_at_once(name: str, email: str, password_hash: str, account: str, address: str, **browser: Any) -> str:
    user = create_user(name=name, email=email, password_hash=password_hash, verified=False)
    forget_failures(account, address)
    return start_session(user, **browser)


@action
def create_user(
    *,
    name: str,
    email: str | None = None,
    username: str | None = None,
    password_hash: str | None = None,
    role: Role = Role.LEARNER,
    timezone: str = "Asia/Jakarta",
    verified: bool = True,
    actor: User | None = None,
) -> User:
    """A new active account; without an actor the person made it. States UserRegistered. Raises NameTaken.

    `verified`: whoever makes the account vouches for its address, so no letter has to prove it.
    """
    user = insert_once(
        User,
        name=name,
        email=email.lower() if email else None,
        email_verified_at=now() if email and verified else None,
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
def create_admin_link() -> str:
    """A one-time token for `/siapkan/<token>`, good for a day. Those that are past it are deleted."""
    token = new_token()
    db.session.execute(delete(AdminLink).where(AdminLink.created_at <= now() - queries.LINK_LIFE))
    db.session.add(AdminLink(token_hash=token_hash(token)))
    return token


def set_up_admin(link: str, *, name: str, email: str, password: str, agent: str, device: str = "") -> str:
    """Makes the admin of a one-time link, signed in; answers the session's token. The link is used up by it.

    Raises LinkExpired, NameTaken; a weak password is refused.
    """
    refuse_weak(password, name, email)
    return _set_up_admin(link, name, email, hash_password(password), agent=agent, device=device)


@action
def _set_up_admin(link: str, name: str, email: str, password_hash: str, **browser: Any) -> str:
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
        raise LinkExpired(
            _("Tautan ini sudah dipakai atau kedaluwarsa. Buat yang baru dengan make flask CMD=create-admin.")
        )
    user = create_user(name=name, email=email, password_hash=password_hash, role=Role.LMS_ADMIN)
    return start_session(user, **browser)
