"""What signing in asks for: the person, wrong tries, the first admin's link."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from app.accounts.models import (
    AdminLink,
    LoginFailure,
    User,
)
from app.accounts.tokens import token_hash
from app.core.clock import now
from app.core.db import db

LINK_LIFE = timedelta(hours=24)
FAILURE_WINDOW = timedelta(minutes=15)


class Failures(NamedTuple):
    """Wrong sign-ins of the last 15 minutes."""

    pair: int
    account: int
    address: int


def user_by_login(login: str) -> User | None:
    """The person with that email or user name, in any case. User names have no `@`."""
    column = User.email if "@" in login else User.username
    return db.session.scalar(select(User).where(column == login.lower()))


def failures_of(account: str, address: str) -> Failures:
    """How often signing in went wrong lately: for this account from here, for this account, from here."""
    pair, of_account, from_here = db.session.execute(failure_counts(account, address)).one()
    return Failures(pair, of_account, from_here)


def failure_counts(account: str, address: str) -> Select[int, int, int]:
    """`failures_of` as a statement, its columns named like those of Failures."""
    of_account, from_here = LoginFailure.account == account, LoginFailure.address == address
    return select(
        func.count().filter(and_(of_account, from_here)).label("pair"),
        func.count().filter(of_account).label("account"),
        func.count().filter(from_here).label("address"),
    ).where(LoginFailure.failed_at > now() - FAILURE_WINDOW, or_(of_account, from_here))


def is_open_link(token: str) -> bool:
    """Whether the link for the first admin is known, unused and not yet a day old."""
    link = db.session.get(AdminLink, token_hash(token))
    return link is not None and link.used_at is None and link.created_at > now() - LINK_LIFE
