"""Reading what people were told."""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select

from app.core.db import db
from app.notifications.models import Notification, OutgoingMail

LAST_PAGE = 10_000


def unread_count(user_id: int) -> int:
    """How many notifications the person has not read."""
    unread = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return db.session.scalars(unread).one()


def notifications_of(user_id: int, page: int = 1) -> Pagination:
    """A person's notifications, newest first, 30 a page."""
    mine = select(Notification).where(Notification.user_id == user_id)
    return _page(mine.order_by(Notification.created_at.desc(), Notification.id.desc()), page, 30)


def outgoing_mails(page: int = 1) -> Pagination:
    """All kept mails, newest first, 50 a page; `state` says what became of each."""
    newest = select(OutgoingMail).order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    return _page(newest, page, 50)


def outgoing_mail(mail_id: int) -> OutgoingMail | None:
    """A kept mail with its text, HTML and the notification that it carried."""
    return db.session.get(OutgoingMail, mail_id)


def mail_of(notification_id: int) -> OutgoingMail | None:
    """The mail that carries the notification, if it was rendered already."""
    return db.session.scalar(select(OutgoingMail).where(OutgoingMail.notification_id == notification_id))


def mail_by_message_id(message_id: str) -> OutgoingMail | None:
    """The kept mail with that Message-ID."""
    return db.session.scalar(select(OutgoingMail).where(OutgoingMail.message_id == message_id))


def _page(rows: Select[Any], page: int, size: int) -> Pagination:
    return db.paginate(rows, page=max(1, min(page, LAST_PAGE)), per_page=size, error_out=False)
