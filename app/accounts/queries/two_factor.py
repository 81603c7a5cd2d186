"""The second step of signing in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import (
    RecoveryCode,
    TwoFactor,
)
from app.core.clock import now
from app.core.db import db

SETUP_LIFE = timedelta(minutes=15)
"""How long a new second step waits for the first code of its app."""


def two_factor_of(user_id: int) -> TwoFactor | None:
    """The person's second step, in use or only begun."""
    return db.session.get(TwoFactor, user_id)


def confirmed_two_factor(user_id: int) -> TwoFactor | None:
    """The person's second step, when it is in use."""
    row = two_factor_of(user_id)
    return row if row is not None and row.confirmed_at else None


def pending_two_factor(user_id: int) -> TwoFactor | None:
    """The second step that the person is setting up."""
    row = two_factor_of(user_id)
    return row if row is not None and not row.confirmed_at and row.created_at > now() - SETUP_LIFE else None


def unused_recovery_codes(user_id: int) -> int:
    """How many recovery codes the person has left."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalars(unused).one()
