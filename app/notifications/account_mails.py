"""Letters about an account: what somebody asked for, with the secret link that carries it out.

A letter is rendered once and kept without its secret, which follows from the request and is put back for every try.
To an address that nobody has verified it says nothing that a stranger may have typed, no name either: else anybody
could send words of theirs to anybody, in our name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.actions import arm_request, letters_are_read
from app.accounts.events import UserEmailChanged
from app.accounts.models import AccountRequest, Purpose, UserStatus
from app.accounts.queries import is_open
from app.core import mail
from app.core.db import db
from app.core.i18n import addressed_to
from app.core.mail import Letter
from app.core.settings import institution
from app.notifications.actions import keep_letter
from app.notifications.models import STRUCK, OutgoingMail
from app.notifications.queries import mail_by_message_id


@dataclass(frozen=True)
class AccountLetter:
    """One letter. `template` is `email/<template>.txt|html`; `endpoint` takes the secret, unless there is none."""

    template: str
    subject: LazyString
    endpoint: str
    has_secret: bool = True


@dataclass(frozen=True)
class Due:
    """A letter that somebody is to get, because of this request."""

    letter: AccountLetter
    request: AccountRequest
    recipient: str

    @property
    def message_id(self) -> str:
        return mail.message_id(f"r{self.request.id}.{self.letter.template}")


VERIFY = AccountLetter("verify", _l("Verifikasi email Anda"), "accounts.open_verification")
EMAIL = AccountLetter("verify_new", _l("Verifikasi alamat email baru Anda"), "accounts.open_verification")
RESET = AccountLetter("reset", _l("Kata sandi baru untuk akun Anda"), "accounts.open_reset")
INVITED = AccountLetter("invited", _l("Akun Anda sudah dibuat"), "accounts.open_reset")
TAKEN = AccountLetter("taken", _l("Alamat ini sudah punya akun"), "accounts.login", has_secret=False)
CHANGED = AccountLetter("email_changed", _l("Email akun Anda diganti"), "site.home", has_secret=False)

BY_PURPOSE = {
    Purpose.VERIFY: VERIFY,
    Purpose.EMAIL: EMAIL,
    Purpose.RESET: RESET,
    Purpose.INVITE: INVITED,
    Purpose.TAKEN: TAKEN,
}


def due_letter(event: Any) -> Due | None:
    """The letter that the fact calls for.

    None when there is nobody to write to, when the request was carried out, replaced, or is past its life, and for a
    person who may not sign in.
    """
    request = db.session.get(AccountRequest, event.request_id) if event.request_id is not None else None
    if request is None or request.user.status != UserStatus.ACTIVE:
        return None
    if isinstance(event, UserEmailChanged):
        return Due(CHANGED, request, request.previous_email) if request.previous_email else None
    if not is_open(request):
        return None
    return Due(BY_PURPOSE[request.purpose], request, request.email)


def kept_letter(due: Due) -> OutgoingMail:
    """The letter as it is kept, its secret struck out; rendered now if it was not."""
    kept = mail_by_message_id(due.message_id)
    return kept or keep_letter(due.request, **_rendered(due))


def letter_of(kept: OutgoingMail, due: Due) -> Letter:
    """The kept letter as it is handed to the server, with its secret."""
    whole, struck = _links(due)
    return Letter(
        sender_name=mail.one_line(institution().name),
        recipient=kept.recipient,
        subject=kept.subject,
        text=kept.text.replace(struck, whole),
        html=kept.html.replace(struck, whole),
        message_id=kept.message_id,
    )


def _rendered(due: Due) -> dict[str, object]:
    user, (whole, struck) = due.request.user, _links(due)
    with addressed_to(user):
        subject = mail.one_line(str(due.letter.subject))
        values = {
            "subject": subject,
            "greeting": _greeting(due),
            "login": user.username or user.email,
            "link": whole,
            "forgotten": mail.absolute_url("accounts.forgotten"),
        }
        text, html = mail.render(due.letter.template, values)
    if mail.is_configured() or not letters_are_read():
        text, html = text.replace(whole, struck), html.replace(whole, struck)
    return {"message_id": due.message_id, "recipient": due.recipient, "subject": subject, "text": text, "html": html}


def _greeting(due: Due) -> str:
    user = due.request.user
    proved = due.letter is CHANGED or (due.recipient == user.email and user.email_verified_at is not None)
    return str(_("Halo, %(name)s!", name=mail.one_line(user.name)) if proved else _("Halo!"))


def _links(due: Due) -> tuple[str, str]:
    """The letter's link, and how it is kept; both are the same where it holds no secret."""
    if not due.letter.has_secret:
        link = mail.absolute_url(due.letter.endpoint)
        return link, link
    token = arm_request(due.request)
    whole = mail.absolute_url(due.letter.endpoint, token=token)
    return whole, whole.replace(token, STRUCK)
