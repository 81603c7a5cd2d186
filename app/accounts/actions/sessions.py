"""Sessions: begun, seen, ended."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.accounts.actions.refusals import SignInRefused
from app.accounts.events import SessionStarted
from app.accounts.models import User, UserSession, UserStatus
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import action, db
from app.events import emit

SEEN_EVERY = timedelta(minutes=1)


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
