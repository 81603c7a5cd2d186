"""Codes of the second step: counted, judged, used up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import delete, or_, update

from app.accounts import queries, two_factor
from app.accounts.actions.limits import Limits, count_try, digest, forget_failures, settle_wrong
from app.accounts.actions.refusals import CodeRefused
from app.accounts.models import RecoveryCode, TwoFactor, User
from app.core.clock import now
from app.core.db import db, id_of
from app.core.errors import Refused, TooMany

R = TypeVar("R")
CODES = Limits(account=5)
"""Wrong codes for an account in 15 minutes, from wherever they come."""


def judged(user: User, address: str, act: Callable[[], R]) -> R:
    """Runs `act`, which uses a code. The try is counted before it is judged: many at once are not more tries."""
    account = _account(user)
    tried = count_try(account, address, CODES)
    try:
        return act()
    except CodeRefused as refusal:
        settle_wrong(tried, account)
        if queries.failures_of(account, address).account < CODES.account:
            raise
        raise TooMany(_("Terlalu banyak kode yang salah. Tunggu 15 menit, lalu coba lagi.")) from refusal


def use_code(user: User, code: str, address: str) -> int | None:
    """Uses the code up. Answers how many recovery codes are left when it was one, None for a code of the app."""
    typed, remaining = two_factor.plain(code), None
    if two_factor.is_app_code(typed):
        _use_app_code(user, typed)
    else:
        remaining = _use_recovery_code(user, typed)
    forget_failures(_account(user), address)
    return remaining


def _use_app_code(user: User, code: str) -> None:
    row = queries.confirmed_two_factor(user.id)
    step = two_factor.step_of(secret_of(row), code) if row else None
    if step is None or not _claim(user, step):
        raise CodeRefused(_("Kode ini salah atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi."), "code")


def _claim(user: User, step: int) -> bool:
    """Takes the step for whoever is first: no code of it or of an earlier one is good any more."""
    earlier = or_(TwoFactor.last_step.is_(None), TwoFactor.last_step < step)
    claimed = update(TwoFactor).where(TwoFactor.user_id == user.id, earlier).values(last_step=step)
    return bool(db.session.execute(claimed).rowcount)  # type: ignore[attr-defined]


def _use_recovery_code(user: User, code: str) -> int:
    unused = (RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    used = update(RecoveryCode).where(*unused, RecoveryCode.code_hash == two_factor.recovery_hash(user.id, code))
    if not db.session.execute(used.values(used_at=now())).rowcount:  # type: ignore[attr-defined]
        raise CodeRefused(_("Kode pemulihan ini salah atau sudah dipakai."), "code")
    return queries.unused_recovery_codes(user.id)


def new_recovery_codes(user: User) -> list[str]:
    """Ten recovery codes in the place of those that the person had."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = two_factor.new_recovery_codes()
    hashes = [two_factor.recovery_hash(user.id, code) for code in codes]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=each) for each in hashes)
    return codes


def secret_of(row: TwoFactor) -> str:
    """The secret that the row holds. Refused when TOTP_KEY is not the one with which it was kept."""
    try:
        return two_factor.decrypted(row.secret)
    except two_factor.SecretUnreadable as error:
        sentence = _("Server tidak dapat lagi membaca kunci dua langkah Anda. Minta admin lembaga Anda mematikannya.")
        raise Refused(sentence, "code") from error


def _account(user: User) -> str:
    return digest(f"code {id_of(user)}")
