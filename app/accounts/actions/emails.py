"""Whose address it is: verified by a letter, changed by a letter."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import queries
from app.accounts.actions.proving import Secrets, keep_proof, prove_password
from app.accounts.actions.refusals import NameTaken
from app.accounts.actions.requests import (
    add_request,
    arm_request,
    letters_are_read,
    replace_request,
    use_request,
    void_requests,
)
from app.accounts.actions.sessions import drop_sessions
from app.accounts.events import EmailVerificationRequested, EmailVerified, RegistrationRepeated, UserEmailChanged
from app.accounts.models import PASSWORD_PURPOSES, AccountRequest, Purpose, User
from app.core.clock import now
from app.core.db import action, db
from app.core.errors import Refused, TooMany
from app.events import emit


@action
def request_verification(user: User, *, actor: User) -> None:
    """A letter asks whether the account's address is the person's. States EmailVerificationRequested.

    Refused for an address that is verified, TooMany after three letters in an hour.
    """
    if not user.email or user.email_verified_at is not None:
        raise Refused(_("Email Anda sudah terverifikasi."))
    request = _ask_to_verify(user)
    if request is None:
        raise _too_many_letters()
    emit(EmailVerificationRequested(user_id=user.id, request_id=request.id), actor=actor)


@action
def tell_owner(email: str) -> None:
    """Somebody has used this address of an account as if it were a new one: the owner is told by a letter.

    States RegistrationRepeated. As long as the address is not verified the letter asks for that once more. Nothing
    happens once an hour's letters are spent.
    """
    owner = db.session.scalars(select(User).where(User.email == email)).one()
    if owner.email_verified_at is None:
        _mark_repeated(owner)
        request = _ask_to_verify(owner, repeated=True)
    else:
        request = add_request(owner, Purpose.TAKEN, email)
    if request is not None:
        emit(RegistrationRepeated(user_id=owner.id, request_id=request.id))


@action
def confirm_email(token: str) -> str | None:
    """Carries out what the link of a letter is about: the address is verified, or is the account's new one.

    States EmailVerified, and UserEmailChanged for a new one. Where the address was registered more than once, the
    password may be another's than the mailbox's: it and every session are no good any more, and the answer is a token
    for `reset_password`. Raises LinkExpired, and NameTaken when somebody else has got the new address meanwhile.
    """
    request = use_request(token, Purpose.VERIFY, Purpose.EMAIL)
    user = request.user
    if request.purpose == Purpose.EMAIL:
        _move(user, request)
    if user.email_verified_at is None or request.purpose == Purpose.EMAIL:
        user.email_verified_at = now()
        emit(EmailVerified(user_id=user.id), actor=user)
    if request.purpose == Purpose.EMAIL or request.previous_email is None:
        return None
    user.password_hash = None
    drop_sessions(user.id)
    return arm_request(replace_request(user, Purpose.RESET, request.email))


def change_email(user: User, email: str, current: str, *, address: str) -> None:
    """A letter asks at the new address whether it is the person's; until that is confirmed the old one stays.

    Whether somebody else has the address is not said: its owner gets a letter instead. States
    EmailVerificationRequested, or RegistrationRepeated. Refused for a wrong current password (TooMany after too many),
    for the address that the account has, and where nobody would read the letter.
    """
    if not letters_are_read():
        raise Refused(_("Server ini belum dapat mengirim email. Minta admin lembaga Anda mengganti alamatnya."))
    proved = prove_password(user, current, address=address)
    if email == user.email:
        raise Refused(_("Ini sudah alamat email akun Anda."), "email")
    _change_email(user, proved, email)


@action
def _change_email(user: User, proved: Secrets, email: str) -> None:
    keep_proof(user, proved)
    request_address(user, email)


@action
def request_address(user: User, email: str) -> None:
    """As `change_email`, of a person who has already proved who it is. Raises TooMany after three in an hour."""
    verified = user.email if user.email_verified_at else None
    request = add_request(user, Purpose.EMAIL, email, previous_email=verified)
    if request is None:
        raise _too_many_letters()
    if queries.user_by_login(email) is None:
        emit(EmailVerificationRequested(user_id=user.id, request_id=request.id), actor=user)
    else:
        tell_owner(email)  # the request stays as it is, unarmed: nothing in the person's pages tells the two apart


@action
def tell_of_moves(moves: Sequence[tuple[User, str | None]], *, actor: User) -> None:
    """Staff have given people another address; beside each stands the one before, if it was the person's for sure.

    States UserEmailChanged for each, which tells the one before by a letter. Every link that was sent is void.
    """
    ids = [user.id for user, _previous in moves]
    void = update(AccountRequest).where(AccountRequest.user_id.in_(ids), AccountRequest.used_at.is_(None))
    db.session.execute(void.values(used_at=now()), execution_options={"synchronize_session": False})
    rows = {
        user.id: AccountRequest(
            user_id=user.id, purpose=Purpose.EMAIL, email=user.email or "", previous_email=previous, used_at=now()
        )
        for user, previous in moves
        if previous
    }
    db.session.add_all(rows.values())
    db.session.flush()
    for user_id in ids:
        row = rows.get(user_id)
        emit(UserEmailChanged(user_id=user_id, request_id=row.id if row else None), actor=actor)


def _ask_to_verify(user: User, *, repeated: bool = False) -> AccountRequest | None:
    email = user.email or ""
    repeated = repeated or queries.was_registered_again(user.id)
    return add_request(user, Purpose.VERIFY, email, previous_email=email if repeated else None)


def _mark_repeated(user: User) -> None:
    """Notes in `previous_email` of what waits for the address that it was registered more than once."""
    mine = (AccountRequest.user_id == user.id, AccountRequest.purpose == Purpose.VERIFY)
    db.session.execute(update(AccountRequest).where(*mine).values(previous_email=AccountRequest.email))


def _move(user: User, request: AccountRequest) -> None:
    try:
        with db.session.begin_nested():
            user.email = request.email
    except IntegrityError as error:
        raise NameTaken(_("Alamat ini baru saja dipakai akun lain. Pakai alamat lain.")) from error
    void_requests(user, Purpose.VERIFY, *PASSWORD_PURPOSES)
    emit(UserEmailChanged(user_id=user.id, request_id=request.id), actor=user)


def _too_many_letters() -> TooMany:
    return TooMany(_("Kami sudah mengirim beberapa surat. Periksa kotak masuk dan folder spam, atau coba lagi nanti."))
