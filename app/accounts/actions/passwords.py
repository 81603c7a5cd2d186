"""Passwords of one's own: forgotten, changed, chosen for the first time. Hashing comes before the transaction."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts import queries
from app.accounts.actions.emails import request_address
from app.accounts.actions.limits import account_of, apart, count_try, forget_old_failures
from app.accounts.actions.proving import Secrets, holds, keep_proof, prove_password, secrets_of
from app.accounts.actions.refusals import LinkExpired
from app.accounts.actions.requests import add_request, letters_are_read, use_request, void_requests
from app.accounts.actions.sessions import drop_sessions, forget_devices
from app.accounts.events import EmailVerified, PasswordChanged, PasswordResetRequested, UserInvited
from app.accounts.initial_passwords import is_initial_password
from app.accounts.models import PASSWORD_PURPOSES, Purpose, User, UserSession, UserStatus
from app.accounts.passwords import hash_password, refuse_weak
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import HasId, action, db
from app.core.errors import Refused
from app.events import emit


def forget_password(login: str, *, address: str) -> None:
    """A letter with a link to choose a new password goes to the person with that email or user name.

    Answer and work are the same for anybody: an unknown or suspended person, or one without email, gets nothing.
    States PasswordResetRequested for the others. Raises TooMany after too many tries for one person, known or not.
    """
    if not letters_are_read():
        raise Refused(_("Server ini belum dapat mengirim email. Minta kata sandi baru kepada admin lembaga Anda."))
    _forget_password(login, apart("reset", address))


@action
def _forget_password(login: str, place: str) -> None:
    user = queries.user_by_login(login)
    count_try(account_of("reset", user, login), place)
    forget_old_failures()
    if user is not None and user.email and user.status == UserStatus.ACTIVE:
        _send_link(user, actor=None)


@action
def request_reset(user: User, *, actor: User) -> None:
    """Staff send the person a letter with a link to choose a password, good for a week if it is the first.

    States PasswordResetRequested, or UserInvited for whoever has no password. Refused for a person without email or
    who may not sign in, and after three letters in an hour.
    """
    if not user.email or user.status != UserStatus.ACTIVE:
        raise Refused(_("Orang ini tidak dapat dikirimi surat: tanpa email, atau akunnya nonaktif."))
    if not (_send_link(user, actor=actor) if user.password_hash else _invite(user, actor=actor)):
        raise Refused(_("Orang ini sudah dikirimi tiga surat dalam satu jam. Coba lagi nanti."))


def reset_password(token: str, password: str, *, device: str = "") -> None:
    """The person of the letter's link has this password from now on. States PasswordChanged.

    Every session ends, the first password and open links are void, no browser but that of `device` is known. The
    letter has arrived, so its address is verified. A second step stays. Raises LinkExpired; a weak password is refused
    and leaves the link as it is.
    """
    request = queries.open_request(token, *PASSWORD_PURPOSES)
    if request is None:
        raise LinkExpired(_("Tautan ini sudah dipakai, sudah diganti yang lebih baru, atau kedaluwarsa."))
    _refuse_weak(password, request.user)
    _reset_password(token, hash_password(password), device)


@action
def _reset_password(token: str, password_hash: str, device: str) -> None:
    request = use_request(token, *PASSWORD_PURPOSES)
    user = request.user
    if user.email == request.email and user.email_verified_at is None:
        user.email_verified_at = now()
        void_requests(user, Purpose.VERIFY)
        emit(EmailVerified(user_id=user.id), actor=user)
    _set_password(user, password_hash)
    drop_sessions(user.id)
    forget_devices(user.id, besides=device)


def change_password(user: User, current: str, password: str, *, address: str, token: str, device: str = "") -> str:
    """The person has another password. States PasswordChanged, answers the new token of the session that had `token`.

    Every other session ends, open links are void, no browser but that of `device` is known. Refused for a wrong
    current password (TooMany after too many), the same one again, and a weak one.
    """
    proved = prove_password(user, current, address=address)
    if password == current:
        raise Refused(_("Ini kata sandi Anda yang sekarang. Pilih yang lain."), "password")
    _refuse_weak(password, user)
    return _change_password(user, proved, hash_password(password), token, device)


def choose_first_password(user: User, password: str, *, token: str, email: str | None = None, device: str = "") -> str:
    """As `change_password`, for a person whose first password was printed: that one is no good any more.

    With `email`, a letter asks there whether it is the person's (`request_address`).
    """
    known = secrets_of(user)
    if not known.initial_key:
        raise _chosen()
    if is_initial_password(user, password):
        raise Refused(_("Ini kata sandi awal dari kartu. Pilih kata sandi lain."), "password")
    _refuse_weak(password, user)
    return _choose_first_password(user, known, hash_password(password), token, device, email)


@action
def _choose_first_password(
    user: User, known: Secrets, password_hash: str, token: str, device: str, email: str | None
) -> str:
    if not holds(user, known):
        raise _chosen()
    renewed = _renew(user, password_hash, token, device)
    if email:
        request_address(user, email)
    return renewed


@action
def _change_password(user: User, proved: Secrets, password_hash: str, token: str, device: str) -> str:
    keep_proof(user, proved)
    return _renew(user, password_hash, token, device)


def _renew(user: User, password_hash: str, token: str, device: str) -> str:
    _set_password(user, password_hash)
    drop_sessions(user.id, besides=token)
    forget_devices(user.id, besides=device)
    mine, renewed = UserSession.token_hash == token_hash(token), new_token()
    db.session.execute(update(UserSession).where(mine).values(token_hash=token_hash(renewed)))
    return renewed


def _chosen() -> Refused:
    return Refused(_("Kata sandi Anda sudah dipilih. Ganti lewat halaman Akun."))


def _invite(user: User, *, actor: HasId) -> bool:
    request = add_request(user, Purpose.INVITE, user.email or "")
    if request is not None:
        emit(UserInvited(user_id=user.id, request_id=request.id), actor=actor)
    return request is not None


def _send_link(user: User, *, actor: HasId | None) -> bool:
    request = add_request(user, Purpose.RESET, user.email or "")
    if request is not None:
        emit(PasswordResetRequested(user_id=user.id, request_id=request.id), actor=actor)
    return request is not None


def _set_password(user: User, password_hash: str) -> None:
    user.password_hash, user.initial_key = password_hash, None
    void_requests(user, *PASSWORD_PURPOSES, Purpose.EMAIL)
    emit(PasswordChanged(user_id=user.id), actor=user)


def _refuse_weak(password: str, user: User) -> None:
    refuse_weak(password, user.name, user.email, user.username)
