"""What people ask for and confirm from a letter: made, armed when the letter is written, used once.

The row is made without a token. Whoever writes the letter arms it, so no token waits in a queue.
"""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts import queries
from app.accounts.actions.refusals import LinkExpired
from app.accounts.models import AccountRequest, Purpose, User, UserStatus
from app.accounts.tokens import request_token, token_hash
from app.core import mail
from app.core.clock import now
from app.core.db import action, db, id_of, lock

LETTERS_AN_HOUR = 3
"""Of one purpose for one account: nobody fills somebody else's mailbox from here."""


def letters_are_read() -> bool:
    """Whether somebody sees the letters that we write: a server sends them, or a developer reads the outbox."""
    return mail.is_configured() or current_app.config["PROFILE"] == "development"


@action
def add_request(
    user: User, purpose: Purpose, email: str, *, previous_email: str | None = None
) -> AccountRequest | None:
    """A new request that a letter is written for, in the place of the person's open ones of that purpose.

    None, and nothing is changed, when as many letters of that purpose as an hour allows were asked for already.
    """
    lock(db.session.get_one(User, id_of(user)))  # of two at once one is the newer
    if queries.count_requests(user.id, purpose) >= LETTERS_AN_HOUR:
        return None
    return replace_request(user, purpose, email, previous_email=previous_email)


@action
def replace_request(user: User, purpose: Purpose, email: str, *, previous_email: str | None = None) -> AccountRequest:
    """As `add_request`, however many there were."""
    void_requests(user, purpose)
    request = AccountRequest(user_id=user.id, purpose=purpose, email=email, previous_email=previous_email)
    db.session.add(request)
    db.session.flush()
    return request


@action
def void_requests(user: User, *purposes: Purpose) -> None:
    """The links that the person was sent for these purposes lead nowhere any more."""
    open_ones = (
        AccountRequest.user_id == id_of(user),
        AccountRequest.purpose.in_(purposes),
        AccountRequest.used_at.is_(None),
    )
    db.session.execute(update(AccountRequest).where(*open_ones).values(used_at=now()))


@action
def arm_request(request: AccountRequest) -> str:
    """The token of the request, which can be used from now on. Answers the same as often as it is asked."""
    token = request_token(request)
    request.token_hash = token_hash(token)
    return token


def use_request(token: str, *purposes: Purpose) -> AccountRequest:
    """Uses the request of that token up, inside the caller's transaction. Of two at once one has it.

    Raises LinkExpired when it is unknown, used, replaced by a newer one, past its life, or of a person who may not
    sign in.
    """
    found = db.session.scalar(
        update(AccountRequest)
        .where(*queries.open_conditions(token, *purposes))
        .values(used_at=now())
        .returning(AccountRequest)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if found is None or found.user.status != UserStatus.ACTIVE:
        raise LinkExpired(_("Tautan ini sudah dipakai, sudah diganti yang lebih baru, atau kedaluwarsa."))
    return found
