"""A notification is for the person it was written to."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort

from app.accounts.models import User
from app.core.db import db
from app.notifications.models import Notification


def notification_for_addressee(notification_id: int, user: User) -> Notification:
    """The person's own notification; 404 for anybody else's."""
    notification = db.session.get(Notification, notification_id)
    if notification is None or notification.user_id != user.id:
        abort(HTTPStatus.NOT_FOUND)
    return notification
