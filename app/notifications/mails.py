"""A notification as a mail: rendered once, kept, and the same on every try."""

from __future__ import annotations

from app.accounts.models import User, UserStatus
from app.certificates.files import download_name, ensure_pdf
from app.certificates.models import Certificate
from app.core import mail, storage
from app.core.db import db
from app.core.i18n import addressed_to
from app.core.mail import Letter
from app.core.settings import institution
from app.notifications import kinds
from app.notifications.actions import keep_mail
from app.notifications.kinds import kind_of
from app.notifications.models import Notification, OutgoingMail
from app.notifications.queries import mail_of


def is_mailed(notification: Notification) -> bool:
    """Whether this kind goes by mail and the person has an address, which is verified where mails leave, and may
    still sign in."""
    user = notification.user
    has_address = bool(user.email) and (user.email_verified_at is not None or not mail.is_configured())
    return kind_of(notification).mail is not None and has_address and user.status == UserStatus.ACTIVE


def kept_mail(notification: Notification) -> OutgoingMail:
    """The notification's mail, rendered and kept now if it was not."""
    kept = mail_of(notification.id)
    return kept or keep_mail(notification, **_rendered(notification, notification.user))


def letter_of(kept: OutgoingMail) -> Letter:
    """The kept mail as it is handed to the server, with what belongs to it."""
    attached = _attachment(kept.notification) if kept.notification else None
    return Letter(
        sender_name=mail.one_line(institution().name),
        recipient=kept.recipient,
        subject=kept.subject,
        text=kept.text,
        html=kept.html,
        message_id=kept.message_id,
        attachments=((attached[0], storage.read(attached[1])),) if attached else (),
    )


def _rendered(notification: Notification, user: User) -> dict[str, object]:
    kind = kind_of(notification)
    attached = _attachment(notification)
    with addressed_to(user):
        subject = mail.one_line(kind.write_subject(notification))
        name, link = mail.one_line(user.name), mail.under_base(notification.data["address"])
        told = {"sentence": kind.write(notification), "advice": kind.write_advice()}
        values = {**notification.data, **told, "subject": subject, "name": name, "link": link}
        text, html = mail.render(kind.mail or "", values)
    return {
        "message_id": mail.message_id(f"n{notification.id}.{notification.event_id.hex[-16:]}"),
        "recipient": user.email,
        "subject": subject,
        "text": text,
        "html": html,
        "attachment_name": attached[0] if attached else None,
    }


def _attachment(notification: Notification) -> tuple[str, str] | None:
    """The file's name for the reader, and its name in the storage."""
    if notification.type != kinds.CERTIFICATE:
        return None
    certificate = db.session.get_one(Certificate, notification.data["certificate_id"])
    return download_name(certificate), ensure_pdf(certificate)
