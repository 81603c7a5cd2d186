"""Wrong tries are counted in the database, so that no restart and no second process forgets them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts import queries
from app.accounts.events import SignInLimited
from app.accounts.models import LoginFailure, User
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import TooMany
from app.events import emit
from app.events.models import StoredEvent

PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 300
"""Wrong sign-ins in 15 minutes: for one account from one address, for one account, from one address (a school's)."""
FAILURE_LIFE = timedelta(days=1)
LIMITED_AGAIN = timedelta(days=1)
PRUNED_AT_ONCE = 100


@action
def record_failure(account: str, address: str, owner: User | None = None) -> None:
    """Counts one wrong try. `account` is a digest of what was typed. The oldest that are past a day are forgotten.

    `owner` is who signs in with it, if there is anybody: when it was the last try that the account has, SignInLimited
    is stated, at most once a day. The work is the same for an account that does not exist.
    """
    db.session.add(LoginFailure(account=account, address=address))
    if queries.failures_of(account, address).account >= ACCOUNT_LIMIT and owner is not None:
        _state_limited(owner)
    # Ids rise with the time, so the primary key finds the oldest; each try clears away more than it adds.
    oldest = select(LoginFailure.id).order_by(LoginFailure.id).limit(PRUNED_AT_ONCE)
    past = delete(LoginFailure).where(LoginFailure.id.in_(oldest), LoginFailure.failed_at <= now() - FAILURE_LIFE)
    db.session.execute(past, execution_options={"synchronize_session": False})


def _state_limited(owner: User) -> None:
    lock(owner)  # of two at once only one is the first of the day
    said = select(StoredEvent.id).where(
        StoredEvent.aggregate_type == "user",
        StoredEvent.aggregate_id == str(owner.id),
        StoredEvent.name == "user.sign_in_limited",
        StoredEvent.occurred_at > now() - LIMITED_AGAIN,
    )
    if db.session.scalar(said.limit(1)) is None:
        emit(SignInLimited(user_id=owner.id))


@action
def forget_failures(account: str, address: str) -> None:
    """The right password came from this address: its own wrong tries at this account no longer count."""
    of_pair = (LoginFailure.account == account, LoginFailure.address == address)
    db.session.execute(delete(LoginFailure).where(*of_pair))


def refuse_too_many(account: str, address: str) -> queries.Failures:
    failures = queries.failures_of(account, address)
    if failures.pair >= PAIR_LIMIT or failures.account >= ACCOUNT_LIMIT or failures.address >= ADDRESS_LIMIT:
        raise TooMany(_("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."))
    return failures


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
