"""Two-step sign-in: set up, passed, switched off; and the recovery codes for who has lost the phone."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.accounts import queries, two_factor
from app.accounts.actions.codes import judged, new_recovery_codes, secret_of, use_code
from app.accounts.actions.proving import Secrets, keep_proof, prove_password
from app.accounts.actions.refusals import CodeRefused, SignInRefused
from app.accounts.actions.sessions import sign_out, welcome
from app.accounts.events import RecoveryCodesRenewed, RecoveryCodeUsed, TwoFactorDisabled, TwoFactorEnabled
from app.accounts.models import RecoveryCode, TwoFactor, User, UserSession
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import action, db, id_of
from app.core.errors import Refused, TooMany
from app.core.once import insert_once
from app.core.settings import institution
from app.events import emit


class Passed(NamedTuple):
    """The token of the full session. `remaining`: the recovery codes that are left, when it was one of them."""

    token: str
    remaining: int | None


def begin_two_factor(user: User, current: str, *, address: str) -> None:
    """The person has a new secret to give to an app within 15 minutes; nothing holds before `confirm_two_factor`.

    Refused for a wrong current password (TooMany after too many), and when the second step is on.
    """
    _refuse_when_on(user)
    _begin_two_factor(user, prove_password(user, current, address=address))


@action
def _begin_two_factor(user: User, proved: Secrets) -> None:
    keep_proof(user, proved)
    _refuse_when_on(user)
    db.session.execute(delete(TwoFactor).where(TwoFactor.user_id == user.id, TwoFactor.confirmed_at.is_(None)))
    insert_once(TwoFactor, user_id=user.id, secret=two_factor.encrypted(two_factor.new_secret()))


@action
def confirm_two_factor(user: User, code: str) -> list[str]:
    """Signing in takes a code of the person's app from now on; answers ten recovery codes. States TwoFactorEnabled.

    Refused for a wrong code, and when the set-up is done, was not begun, or was begun more than 15 minutes ago.
    """
    pending = queries.pending_two_factor(user.id)
    if pending is None:
        raise Refused(_("Waktu untuk memasang aplikasi sudah habis. Mulai sekali lagi."))
    step = two_factor.step_of(secret_of(pending), two_factor.plain(code))
    if step is None:
        raise CodeRefused(_("Kode ini salah. Periksa jam ponsel Anda, lalu ketik kode yang sedang tampak."), "code")
    unconfirmed = update(TwoFactor).where(TwoFactor.user_id == user.id, TwoFactor.confirmed_at.is_(None))
    if not db.session.execute(unconfirmed.values(confirmed_at=now(), last_step=step)).rowcount:  # type: ignore[attr-defined]
        raise Refused(_("Masuk dua langkah sudah menyala."))
    emit(TwoFactorEnabled(user_id=user.id), actor=user)
    return new_recovery_codes(user)


def pass_second_step(token: str, code: str, *, address: str, device: str = "") -> Passed:
    """The session of `token`, which awaits a code, becomes a full one under a new token.

    The code is the app's, or an unused recovery code, which is used up (RecoveryCodeUsed). States SessionStarted.
    Refused for a wrong code; TooMany after five of them in 15 minutes, and then the session is over.
    """
    visit = queries.visit_of(token)
    if visit is None or not visit.awaits_code:
        raise SignInRefused(_("Waktu untuk mengetik kode sudah habis. Masuk sekali lagi."))
    try:
        return judged(visit.user, address, lambda: _pass_second_step(visit.user, token, code, address, device))
    except TooMany:
        sign_out(token)
        raise


@action
def _pass_second_step(user: User, token: str, code: str, address: str, device: str) -> Passed:
    entry = queries.entry_of(id_of(user), device)
    remaining = use_code(user, code, address)
    renewed, moment = new_token(), now()
    waiting = update(UserSession).where(UserSession.token_hash == token_hash(token), UserSession.awaits_code)
    full = waiting.values(
        token_hash=token_hash(renewed), awaits_code=False, created_at=moment, last_seen_at=moment
    ).returning(UserSession.id)
    session_id = db.session.scalar(full)
    if session_id is None:
        raise SignInRefused(_("Waktu untuk mengetik kode sudah habis. Masuk sekali lagi."))
    if remaining is not None:
        emit(RecoveryCodeUsed(user_id=user.id, remaining=remaining), actor=user)
    welcome(user, session_id, device, entry)
    return Passed(renewed, remaining)


def renew_recovery_codes(user: User, proof: str, *, address: str) -> list[str]:
    """Ten new recovery codes; the old ones are void. States RecoveryCodesRenewed.

    `proof` is the person's password or a code of the app. Refused for a wrong one, TooMany after too many.
    """
    _refuse_when_off(user)
    if two_factor.is_app_code(two_factor.plain(proof)):
        return judged(user, address, lambda: _renew_by_code(user, proof, address))
    return _renew_by_password(user, prove_password(user, proof, address=address))


@action
def _renew_by_password(user: User, proved: Secrets) -> list[str]:
    keep_proof(user, proved)
    return _renew_recovery_codes(user)


@action
def _renew_by_code(user: User, code: str, address: str) -> list[str]:
    use_code(user, code, address)
    return _renew_recovery_codes(user)


@action
def _renew_recovery_codes(user: User) -> list[str]:
    emit(RecoveryCodesRenewed(user_id=user.id), actor=user)
    return new_recovery_codes(user)


def turn_off_two_factor(user: User, current: str, code: str, *, address: str) -> None:
    """The person's password alone signs in again. States TwoFactorDisabled.

    Refused for a wrong password or code (TooMany after too many), and for staff where the institution requires it.
    """
    _refuse_when_off(user)
    if is_required_of(user):
        raise Refused(_("Lembaga Anda mewajibkan masuk dua langkah untuk staf."))
    proved = prove_password(user, current, address=address)
    judged(user, address, lambda: _turn_off_by_code(user, proved, code, address))


@action
def _turn_off_by_code(user: User, proved: Secrets, code: str, address: str) -> None:
    keep_proof(user, proved)
    use_code(user, code, address)
    _turn_off(user, actor=user)


@action
def disable_two_factor(user: User, *, actor: User | None) -> None:
    """An admin, or without an actor the operator, switches it off for who has lost the phone. States TwoFactorDisabled.

    Refused for oneself and when it is off.
    """
    if actor is not None and user.id == id_of(actor):
        raise Refused(_("Ini akun Anda sendiri. Matikan dua langkah di halaman Akun."))
    _refuse_when_off(user)
    _turn_off(user, actor=actor)


def is_required_of(user: User) -> bool:
    """Whether the institution wants the second step of this person."""
    return user.is_staff and institution().two_factor_for_staff


def _turn_off(user: User, *, actor: User | None) -> None:
    for table in (TwoFactor, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, UserSession.awaits_code))
    emit(TwoFactorDisabled(user_id=user.id), actor=actor)


def _refuse_when_on(user: User) -> None:
    if queries.confirmed_two_factor(user.id) is not None:
        raise Refused(_("Masuk dua langkah sudah menyala."))


def _refuse_when_off(user: User) -> None:
    if queries.confirmed_two_factor(user.id) is None:
        raise Refused(_("Masuk dua langkah tidak menyala."))
