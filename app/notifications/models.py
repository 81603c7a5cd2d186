"""Everything that we told people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Model


class Notification(Model):
    """One thing told to one person, once per fact. `data` holds what its text needs (titles, addresses)."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("event_id", "user_id", "type"), Index(None, "user_id", "read_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(String(50))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    UNSENT = "unsent"
    """There is no mail server: the mail stays here and goes nowhere."""
    FAILED = "failed"
    """Given up after the last try; whoever retries the delivery sends it after all."""


STRUCK = "•••"
"""What stands in the place of a secret in the mails that are kept."""


class OutgoingMail(Model):
    """A mail as it was rendered, kept 30 days: of a notification, or of what somebody asked for an account.

    What was attached is made again for every try, and so is a secret link: here it is struck out, but for a developer
    without a mail server.
    """

    __tablename__ = "outgoing_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    notification_id: Mapped[int | None] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("account_requests.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    attachment_name: Mapped[str | None] = mapped_column(String(255))
    state: Mapped[MailState] = mapped_column(String(20), default=MailState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]

    notification: Mapped[Notification | None] = relationship()
