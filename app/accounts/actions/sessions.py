"""Sessions: begun, seen, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from werkzeug.exceptions import NotFound

from app.accounts import queries
from app.accounts.actions.refusals import SignInRefused
from app.accounts.events import SessionsEnded, SessionStarted
from app.accounts.models import KnownDevice, User, UserSession, UserStatus
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import action, db, id_of
from app.core.once import insert_once
from app.events import emit

SEEN_EVERY = timedelta(minutes=1)


class Begun(NamedTuple):
    """The token of a new session; `awaits_code`: it has no rights before the second step."""

    token: str
    awaits_code: bool


@action
def begin_session(user: User, *, agent: str, device: str = "", replacing: str | None = None) -> Begun:
    """A new session under a new token. Where the person has a second step, the session awaits its code.

    `device` is what the browser is recognised by. States SessionStarted, of a session that awaits a code only when the
    code has come. Refused for a suspended person.
    """
    entry = queries.entry_of(id_of(user), device)
    if user.status != UserStatus.ACTIVE:
        raise SignInRefused(_("Akun Anda sedang dinonaktifkan. Hubungi admin lembaga Anda."))
    if replacing:
        sign_out(replacing)
    token = new_token()
    session = UserSession(
        token_hash=token_hash(token), user_id=user.id, agent=agent[:255], awaits_code=entry.has_two_factor
    )
    db.session.add(session)
    db.session.flush()
    if not entry.has_two_factor:
        welcome(user, session.id, device, entry)
    return Begun(token, entry.has_two_factor)


@action
def start_session(user: User, *, agent: str, device: str = "", replacing: str | None = None) -> str:
    """As `begin_session`; answers only the token."""
    return begin_session(user, agent=agent, device=device, replacing=replacing).token


@action
def welcome(user: User, session_id: int, device: str, entry: queries.Entry) -> None:
    """The session is the person's now, the browser a known one. States SessionStarted."""
    if device and not entry.device_is_known:
        insert_once(KnownDevice, user_id=user.id, device_hash=token_hash(device))
    user.last_seen_at = now()
    new = entry.was_here and not entry.device_is_known
    emit(SessionStarted(user_id=user.id, session_id=session_id, new_device=new), actor=user)


@action
def sign_out(token: str) -> None:
    """The session of that token is over, wherever a copy of the cookie may be."""
    db.session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(token)))


@action
def sign_out_everywhere(user: User) -> None:
    """Every session of the person is over, this one too."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))


@action
def end_session(user: User, session_id: int) -> None:
    """One of the person's own sessions is over. States SessionsEnded. Raises NotFound for a foreign or unknown one."""
    ended = delete(UserSession).where(UserSession.id == session_id, *queries.living_sessions(user.id))
    if not db.session.execute(ended).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    emit(SessionsEnded(user_id=user.id, count=1), actor=user)


@action
def end_all_sessions(user: User, *, besides: int | None = None) -> int:
    """All sessions of the person are over, but that of the id `besides`; answers how many were alive.

    States SessionsEnded when there were any. Sessions that await a code end too.
    """
    others = UserSession.id != (besides or 0)
    alive = select(func.count()).where(*queries.living_sessions(user.id), others)
    count = db.session.scalars(alive).one()
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, others))
    if count:
        emit(SessionsEnded(user_id=user.id, count=count), actor=user)
    return count


@action
def touch_session(session_id: int) -> None:
    """The browser, and with it its person, was seen now; written at most once a minute."""
    mine, moment = UserSession.id == session_id, now()
    seen = update(UserSession).where(mine, UserSession.last_seen_at <= moment - SEEN_EVERY)
    if db.session.execute(seen.values(last_seen_at=moment)).rowcount:  # type: ignore[attr-defined]
        person = select(UserSession.user_id).where(mine).scalar_subquery()
        db.session.execute(
            update(User).where(User.id == person).values(last_seen_at=moment),
            execution_options={"synchronize_session": False},
        )
