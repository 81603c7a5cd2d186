"""Wrong tries are counted in the database, so that no restart and no second process forgets them.

A try is counted before it is judged, and taken back when it was right: a hundred at once are not more tries.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, literal, select

from app.accounts import queries
from app.accounts.events import SignInLimited
from app.accounts.models import LoginFailure, User
from app.core.clock import now
from app.core.db import UTCDateTime, action, db, id_of
from app.core.errors import TooMany
from app.events import emit


class Limits(NamedTuple):
    """Tries in 15 minutes: for one account from one address, for one account, from one address (a school's)."""

    pair: int = 5
    account: int = 20
    address: int = 300


PASSWORDS = Limits()
FAILURE_LIFE = timedelta(days=1)
PRUNED_AT_ONCE = 100


@action
def count_try(account: str, address: str, limits: Limits = PASSWORDS) -> int:
    """Counts a try, as if it were wrong; answers its id. `account` is a digest, as `account_of` makes it.

    Who was right takes it back (`forget_failures`), of who was not `settle_wrong` is told. Raises TooMany when there
    were as many as the limits allow; this one does not count then. The work is the same for an unknown account.
    """
    _one_at_a_time(account)
    counts = queries.failure_counts(account, address).subquery()
    room = select(literal(account), literal(address), literal(now(), UTCDateTime)).where(
        counts.c.pair < limits.pair, counts.c.account < limits.account, counts.c.address < limits.address
    )
    counted = insert(LoginFailure).from_select(["account", "address", "failed_at"], room)
    tried: int | None = db.session.scalar(counted.returning(LoginFailure.id))
    if tried is None:
        raise TooMany(_("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."))
    return tried


def _one_at_a_time(account: str) -> None:
    """Tries for one account wait for each other, also where no row could be locked. SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(account, 0))))


@action
def settle_wrong(tried: int, account: str, owner: User | None = None) -> None:
    """The counted try was wrong indeed. Old ones are forgotten.

    `owner` is who signs in with the account, if there is anybody: when this was the last try that the account had,
    SignInLimited is stated; not again before a day has passed without that.
    """
    first = _first_at_limit(account) == tried
    if first and owner is not None:
        emit(SignInLimited(user_id=id_of(owner)))
    forget_old_failures()


def _first_at_limit(account: str) -> int | None:
    """The try of the last day with which the account first had as many in the window as it may have."""
    of_account = (LoginFailure.account == account, LoginFailure.failed_at > now() - FAILURE_LIFE)
    rows = select(LoginFailure.id, LoginFailure.failed_at).where(*of_account).order_by(LoginFailure.id)
    tries = db.session.execute(rows).all()
    spans = zip(tries, tries[PASSWORDS.account - 1 :], strict=False)
    return next((last.id for first, last in spans if last.failed_at - first.failed_at < queries.FAILURE_WINDOW), None)


@action
def forget_failures(account: str, address: str) -> None:
    """The right answer came from this address: its own tries at this account no longer count."""
    of_pair = (LoginFailure.account == account, LoginFailure.address == address)
    db.session.execute(delete(LoginFailure).where(*of_pair), execution_options={"synchronize_session": False})


@action
def forget_old_failures() -> None:
    """The oldest that are past a day are forgotten: more of them than a try adds."""
    # Ids rise with the time, so the primary key finds the oldest.
    oldest = select(LoginFailure.id).order_by(LoginFailure.id).limit(PRUNED_AT_ONCE)
    past = delete(LoginFailure).where(LoginFailure.id.in_(oldest), LoginFailure.failed_at <= now() - FAILURE_LIFE)
    db.session.execute(past, execution_options={"synchronize_session": False})


def apart(kind: str, address: str) -> str:
    """What stands in the place of the address for tries that are no wrong sign-ins: they are counted by themselves."""
    return digest(f"{kind} {address}")[:45]


def account_of(kind: str, user: User | None, login: str) -> str:
    """What tries of that kind are counted for: the person, under whichever name; for nobody, the name that was typed.

    Who guesses both names of a person can so learn that they are one's: two counters would be twice the guesses.
    """
    return digest(f"{kind} of {id_of(user)}" if user else f"{kind} as {login.lower()}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
