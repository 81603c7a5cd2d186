"""Who looks, and from where: sessions and devices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

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
            UserSession.last_seen_at > now() - SESSION_LIFE,
            or_(UserSession.awaits_code.is_(False), UserSession.created_at > now() - HALF_LIFE),
            User.status == UserStatus.ACTIVE,
        )
    ).one_or_none()
    return Visit(*row) if row else None


class Entry(NamedTuple):
    """What signing in depends on. `was_here`: the person has signed in before, with this browser or another."""

    has_two_factor: bool
    device_is_known: bool
    was_here: bool


def entry_of(user_id: int, device: str) -> Entry:
    """How the person stands at the door with this browser. One statement, which reads the person's row again."""
    known = select(KnownDevice.user_id).where(KnownDevice.user_id == user_id)
    before = select(UserSession.id).where(UserSession.user_id == user_id, UserSession.awaits_code.is_(False))
    confirmed = select(TwoFactor.user_id).where(TwoFactor.user_id == user_id, TwoFactor.confirmed_at.is_not(None))
    row = db.session.execute(
        select(
            User,
            confirmed.exists(),
            known.where(KnownDevice.device_hash == token_hash(device)).exists(),
            or_(known.exists(), before.exists()),
        ).where(User.id == user_id)
    ).one()
    return Entry(*row[1:])


def living_sessions(user_id: int) -> tuple[ColumnElement[bool], ...]:
    """That a row is a session with which the person is signed in."""
    alive = UserSession.last_seen_at > now() - SESSION_LIFE
    return UserSession.user_id == user_id, UserSession.awaits_code.is_(False), alive


def sessions_of(user_id: int) -> Sequence[UserSession]:
    """The sessions with which the person is signed in, the one that was seen last first."""
    living = select(UserSession).where(*living_sessions(user_id))
    return db.session.scalars(living.order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())).all()
