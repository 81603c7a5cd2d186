"""What people asked for and have still to confirm from a letter."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.models import (
    AccountRequest,
    Purpose,
    User,
    UserStatus,
)
from app.accounts.queries.signing_in import LINK_LIFE
from app.accounts.tokens import token_hash
from app.core.clock import now
from app.core.db import db

REQUEST_LIFE = {
    **dict.fromkeys(Purpose, LINK_LIFE),
    Purpose.RESET: timedelta(minutes=60),
    Purpose.INVITE: timedelta(days=7),
}
"""How long a letter's link can be used. The letters of a whole school take hours, and people read them late."""


def open_request(token: str, *purposes: Purpose) -> AccountRequest | None:
    """What the link of a letter is about, as long as it can be used."""
    of_active = AccountRequest.user.has(User.status == UserStatus.ACTIVE)
    return db.session.scalar(select(AccountRequest).where(*open_conditions(token, *purposes), of_active))


def open_conditions(token: str, *purposes: Purpose) -> tuple[ColumnElement[bool], ...]:
    """That a row is the unused request of that token, for one of these purposes, and not past its life."""
    alive = [and_(AccountRequest.purpose == each, AccountRequest.created_at > _oldest(each)) for each in purposes]
    return AccountRequest.token_hash == token_hash(token), AccountRequest.used_at.is_(None), or_(*alive)


def is_open(request: AccountRequest) -> bool:
    """Whether the request is neither carried out, nor replaced, nor past its life."""
    return request.used_at is None and request.created_at > _oldest(request.purpose)


def count_requests(user_id: int, purpose: Purpose) -> int:
    """How often that was asked for the account within the last hour."""
    lately = AccountRequest.created_at > now() - timedelta(hours=1)
    asked = select(func.count()).where(AccountRequest.user_id == user_id, AccountRequest.purpose == purpose, lately)
    return db.session.scalars(asked).one()


def was_registered_again(user_id: int) -> bool:
    """Whether somebody has registered once more with the address of this account, which was not verified then."""
    repeated = select(AccountRequest.id).where(
        AccountRequest.user_id == user_id,
        AccountRequest.purpose == Purpose.VERIFY,
        AccountRequest.previous_email.is_not(None),
    )
    return db.session.scalar(repeated.limit(1)) is not None


def waiting_request(user_id: int, purpose: Purpose) -> AccountRequest | None:
    """The request of that purpose that the person has still to confirm."""
    waiting = select(AccountRequest).where(
        AccountRequest.user_id == user_id,
        AccountRequest.purpose == purpose,
        AccountRequest.used_at.is_(None),
        AccountRequest.created_at > _oldest(purpose),
    )
    return db.session.scalar(waiting.order_by(AccountRequest.id.desc()).limit(1))


def _oldest(purpose: Purpose) -> datetime:
    return now() - REQUEST_LIFE[purpose]
