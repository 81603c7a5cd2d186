"""Wrong tries are counted in the database, so that no restart and no second process forgets them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts import queries
from app.accounts.models import LoginFailure
from app.core.clock import now
from app.core.db import action, db
from app.core.errors import TooMany

PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 300
"""Wrong sign-ins in 15 minutes: for one account from one address, for one account, from one address (a school's)."""
FAILURE_LIFE = timedelta(days=1)
PRUNED_AT_ONCE = 100


@action
def record_failure(account: str, address: str) -> None:
    """Counts one wrong try. `account` is a digest of what was typed. The oldest that are past a day are forgotten."""
    db.session.add(LoginFailure(account=account, address=address))
    # Ids rise with the time, so the primary key finds the oldest; each try clears away more than it adds.
    oldest = select(LoginFailure.id).order_by(LoginFailure.id).limit(PRUNED_AT_ONCE)
    past = delete(LoginFailure).where(LoginFailure.id.in_(oldest), LoginFailure.failed_at <= now() - FAILURE_LIFE)
    db.session.execute(past, execution_options={"synchronize_session": False})


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
