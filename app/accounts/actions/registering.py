"""New accounts: registered, made by staff, set up by the first admin."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.accounts import queries
from app.accounts.actions.limits import digest, record_failure, refuse_too_many
from app.accounts.actions.refusals import LinkExpired, NameTaken
from app.accounts.actions.sessions import start_session
from app.accounts.events import UserRegistered
from app.accounts.models import AdminLink, Role, User
from app.accounts.passwords import hash_password, refuse_common
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import action, db
from app.core.errors import Refused
from app.core.once import insert_once
from app.events import emit


def register(*, name: str, email: str, password: str, address: str, agent: str, replacing: str | None = None) -> str:
    """Makes a learner's account and signs it in; answers the session's token. States UserRegistered.

    Refused are a closed registration, a common password and an email that is taken. As the new account is signed in
    at once, no answer could hide that an email is taken. So it is said, but dearly: only when all else was right,
    after the hash, and as a failure that is counted like a wrong sign-in (TooMany).
    """
    if not current_app.config["REGISTRATION_OPEN"]:
        raise Refused(_("Pendaftaran sedang ditutup. Hubungi admin lembaga Anda."))
    refuse_common(password)
    account = digest(f"register {email}")
    refuse_too_many(account, address)
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
    refuse_common(password)
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
