"""Who looks, and from where: sessions and devices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.models import (
    KnownDevice,
    TwoFactor,
    User,
    UserSession,
    UserStatus,
)
from app.accounts.tokens import token_hash
from app.core.clock import now
from app.core.db import db

SESSION_LIFE = timedelta(days=30)
"""A browser that was not seen for this long has to sign in again."""
HALF_LIFE = timedelta(minutes=10)
"""How long a session waits for its code."""


class Visit(NamedTuple):
    """Who signed in with a browser, and when the browser was last seen.

    `awaits_code`: only the password was right so far. `has_two_factor`: a second step is set up.
    """

    user: User
    session_id: int
    last_seen_at: datetime
    awaits_code: bool
    has_two_factor: bool


def visit_of(token: str) -> Visit | None:
    """The session of that token, if it is alive and its person may still sign in. One statement."""
    row = db.session.execute(
        select(
            User,
            UserSession.id,
            UserSession.last_seen_at,
            UserSession.awaits_code,
            TwoFactor.confirmed_at.is_not(None),
        )
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(TwoFactor, TwoFactor.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash(token),
            ~is_past(),
            User.status == UserStatus.ACTIVE,
        )
    ).one_or_none()
    return Visit(*row) if row else None


class Entry(NamedTuple):
    """What signing in depends on. `was_here`: the person has signed in before, with this browser or another.

    `has_past_sessions`: there are rows of the person that open nothing any more.
    """

    has_two_factor: bool
    device_is_known: bool
    was_here: bool
    has_past_sessions: bool


def entry_of(user_id: int, device: str) -> Entry:
    """How the person stands at the door with this browser. One statement, which reads the person's row again.

    In a transaction the row stays locked, so that no password is changed and no one suspended meanwhile.
    """
    known = select(KnownDevice.user_id).where(
        KnownDevice.user_id == user_id, KnownDevice.device_hash == token_hash(device)
    )
    past = select(UserSession.id).where(UserSession.user_id == user_id, is_past())
    confirmed = select(TwoFactor.user_id).where(TwoFactor.user_id == user_id, TwoFactor.confirmed_at.is_not(None))
    row = db.session.execute(
        select(User, confirmed.exists(), known.exists(), User.last_seen_at.is_not(None), past.exists())
        .where(User.id == user_id)
        .with_for_update(of=User)
        .execution_options(populate_existing=True)
    ).one()
    return Entry(*row[1:])


def living_sessions(user_id: int) -> tuple[ColumnElement[bool], ...]:
    """That a row is a session with which the person is signed in."""
    return UserSession.user_id == user_id, is_living()


def is_living() -> ColumnElement[bool]:
    """That somebody is signed in with the row's session."""
    return and_(UserSession.awaits_code.is_(False), UserSession.last_seen_at > now() - SESSION_LIFE)


def is_past() -> ColumnElement[bool]:
    """That the row's session opens nothing any more: not seen for too long, or its code has never come."""
    late = and_(UserSession.awaits_code, UserSession.created_at <= now() - HALF_LIFE)
    return or_(UserSession.last_seen_at <= now() - SESSION_LIFE, late)


def sessions_of(user_id: int) -> Sequence[UserSession]:
    """The sessions with which the person is signed in, the one that was seen last first."""
    living = select(UserSession).where(*living_sessions(user_id))
    return db.session.scalars(living.order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())).all()
