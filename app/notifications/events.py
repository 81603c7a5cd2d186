"""The fact that somebody was told something."""

from __future__ import annotations

from app.events import event


@event("notification.created", aggregate=("notification", "notification_id"), audited=False)
class NotificationCreated:
    """A person has a new notification; kinds that go by mail are mailed because of it."""

    notification_id: int
    user_id: int
    type: str
