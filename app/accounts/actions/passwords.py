"""Passwords of one's own: forgotten, changed, chosen for the first time. Hashing comes before the transaction."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.accounts import queries
from app.accounts.actions.emails import request_address
from app.accounts.actions.limits import digest, record_failure, refuse_too_many
from app.accounts.actions.proving import prove_password
from app.accounts.actions.refusals import LinkExpired
from app.accounts.actions.requests import add_request, letters_are_read, use_request, void_requests
from app.accounts.events import EmailVerified, PasswordChanged, PasswordResetRequested
from app.accounts.models import Purpose, User, UserSession, UserStatus
from app.accounts.passwords import hash_password, refuse_weak
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import HasId, action, db
from app.core.errors import Refused
from app.events import emit


def forget_password(login: str, *, address: str) -> None:
    """A letter with a link to choose a new password goes to the person with that email or user name.

    Answer and work are the same for anybody: an unknown or suspended person, or one without email, gets nothing.
    States PasswordResetRequested for the others. Raises TooMany after too many tries for one login, known or not.
    """
    if not letters_are_read():
        raise Refused(_("Server ini belum dapat mengirim email. Minta kata sandi baru kepada admin lembaga Anda."))
    account = digest(f"reset {login.lower()}")
    refuse_too_many(account, address)
    _forget_password(login, account, address)


@action
def _forget_password(login: str, account: str, address: str) -> None:
    record_failure(account, address)
    user = queries.user_by_login(login)
    if user is not None and user.email and user.status == UserStatus.ACTIVE:
        _send_link(user, actor=None)


@action
def request_reset(user: User, *, actor: User) -> None:
    """Staff send the person a letter with a link to choose a password. States PasswordResetRequested.

    Refused for a person without email or who may not sign in, and after three letters in an hour.
    """
    if not user.email or user.status != UserStatus.ACTIVE:
        raise Refused(_("Orang ini tidak dapat dikirimi surat: tanpa email, atau akunnya nonaktif."))
    if not _send_link(user, actor=actor):
        raise Refused(_("Orang ini sudah dikirimi tiga surat dalam satu jam. Coba lagi nanti."))


def reset_password(token: str, password: str) -> None:
    """The person of the letter's link has this password from now on. States PasswordChanged.

    Every session ends, the first password and open links are void. The letter has arrived, so its address is verified.
    A second step stays. Raises LinkExpired; a weak password is refused and leaves the link as it is.
    """
    request = queries.open_request(token, Purpose.RESET)
    if request is None:
        raise LinkExpired(_("Tautan ini sudah dipakai, sudah diganti yang lebih baru, atau kedaluwarsa."))
    _refuse_weak(password, request.user)
    _reset_password(token, hash_password(password))


@action
def _reset_password(token: str, password_hash: str) -> None:
    request = use_request(token, Purpose.RESET)
    user = request.user
    if user.email == request.email and user.email_verified_at is None:
        user.email_verified_at = now()
        void_requests(user, Purpose.VERIFY)
        emit(EmailVerified(user_id=user.id), actor=user)
    _set_password(user, password_hash)
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def change_password(user: User, current: str, password: str, *, address: str, token: str) -> str:
    """The person has another password. States PasswordChanged, answers the new token of the session that had `token`.

    Every other session ends, open links are void. Refused for a wrong current password (TooMany after too many), the
    same one again, and a weak one.
    """
    prove_password(user, current, address=address)
    if password == current:
        raise Refused(_("Ini kata sandi Anda yang sekarang. Pilih yang lain."), "password")
    _refuse_weak(password, user)
    return _change_password(user, hash_password(password), token)


def choose_first_password(user: User, password: str, *, token: str, email: str | None = None) -> str:
    """As `change_password`, for a person whose first password was printed: that one is no good any more.

    With `email`, a letter asks there whether it is the person's (`request_address`).
    """
    if not user.initial_key:
        raise Refused(_("Kata sandi Anda sudah dipilih. Ganti lewat halaman Akun."))
    _refuse_weak(password, user)
    return _change_password(user, hash_password(password), token, email)


@action
def _change_password(user: User, password_hash: str, token: str, email: str | None = None) -> str:
    _set_password(user, password_hash)
    mine, renewed = UserSession.token_hash == token_hash(token), new_token()
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, ~mine))
    db.session.execute(update(UserSession).where(mine).values(token_hash=token_hash(renewed)))
    if email:
        request_address(user, email)
    return renewed


def _send_link(user: User, *, actor: HasId | None) -> bool:
    request = add_request(user, Purpose.RESET, user.email or "")
    if request is not None:
        emit(PasswordResetRequested(user_id=user.id, request_id=request.id), actor=actor)
    return request is not None


def _set_password(user: User, password_hash: str) -> None:
    user.password_hash, user.initial_key = password_hash, None
    void_requests(user, Purpose.RESET, Purpose.EMAIL)
    emit(PasswordChanged(user_id=user.id), actor=user)


def _refuse_weak(password: str, user: User) -> None:
    refuse_weak(password, user.name, user.email, user.username)
