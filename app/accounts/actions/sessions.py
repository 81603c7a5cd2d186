"""Sessions: begun, seen, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
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
    code has come. The person's past sessions are cleared away. Refused for a suspended person.
    """
    entry = queries.entry_of(id_of(user), device)
    if user.status != UserStatus.ACTIVE:
        raise SignInRefused(_("Akun Anda sedang dinonaktifkan. Hubungi admin lembaga Anda."))
    if replacing:
        sign_out(replacing)
    if entry.has_past_sessions:
        past = delete(UserSession).where(UserSession.user_id == user.id, queries.is_past())
        db.session.execute(past, execution_options={"synchronize_session": False})
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
def drop_sessions(*user_ids: int, besides: str | None = None) -> int:
    """Every session of these people is over, but that of the token `besides`; answers how many were alive.

    Those that await a code and those that are past end too, uncounted.
    """
    others = UserSession.token_hash != token_hash(besides or "")
    dropped = delete(UserSession).where(UserSession.user_id.in_(user_ids), others).returning(queries.is_living())
    return sum(db.session.scalars(dropped, execution_options={"synchronize_session": False}).all())


@action
def forget_devices(user_id: int, *, besides: str) -> None:
    """Every browser but that of the device `besides` is a new one to the person again: signing in with it is told."""
    others = (KnownDevice.user_id == user_id, KnownDevice.device_hash != token_hash(besides))
    db.session.execute(delete(KnownDevice).where(*others), execution_options={"synchronize_session": False})


@action
def end_session(user: User, session_id: int) -> None:
    """One of the person's own sessions is over. States SessionsEnded. Raises NotFound for a foreign or unknown one."""
    ended = delete(UserSession).where(UserSession.id == session_id, *queries.living_sessions(user.id))
    if not db.session.execute(ended).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    emit(SessionsEnded(user_id=user.id, count=1), actor=user)


@action
def end_all_sessions(user: User, *, besides: str | None = None, device: str = "") -> int:
    """The person ends all own sessions, but that of the token `besides`; answers how many were alive.

    Of the browsers only that of `device` is still known. States SessionsEnded when there were any.
    """
    count = drop_sessions(user.id, besides=besides)
    forget_devices(user.id, besides=device)
    if count:
        emit(SessionsEnded(user_id=user.id, count=count), actor=user)
    return count


@action
def touch_session(session_id: int) -> None:
    """The browser, and with it its person, was seen now; written at most once a minute."""
    moment, plain = now(), {"synchronize_session": False}
    mine = (UserSession.id == session_id, UserSession.last_seen_at <= moment - SEEN_EVERY)
    person = select(UserSession.user_id).where(*mine).scalar_subquery()
    # The person first, as everywhere: who waits for a session's row holds its person's already.
    seen = update(User).where(User.id == person).values(last_seen_at=moment)
    if db.session.execute(seen, execution_options=plain).rowcount:  # type: ignore[attr-defined]
        db.session.execute(update(UserSession).where(*mine).values(last_seen_at=moment), execution_options=plain)
