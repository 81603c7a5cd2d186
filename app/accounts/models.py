"""People and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import Model


class Role(StrEnum):
    LEARNER = "learner"
    CONTENT_MANAGER = "content_manager"
    TRAINER = "trainer"
    LMS_ADMIN = "lms_admin"


class UserStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"


class User(Model):
    """A person: signs in by email or by user name (NIS, NIP), and has one role."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR username IS NOT NULL", name="can_sign_in"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(150))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    username: Mapped[str | None] = mapped_column(String(50), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(String(20), default=Role.LEARNER)
    status: Mapped[UserStatus] = mapped_column(String(20), default=UserStatus.ACTIVE)
    locale: Mapped[str] = mapped_column(String(5), default="id")
    timezone: Mapped[str] = mapped_column(String(50), default="Asia/Jakarta")
    theme: Mapped[Theme] = mapped_column(String(5), default=Theme.AUTO)
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.LMS_ADMIN

    @property
    def is_staff(self) -> bool:
        return self.role != Role.LEARNER

    @property
    def initials(self) -> str:
        """The first letters of the first two words of the name, for the avatar."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class UserSession(Model):
    """One signed-in browser. The browser holds the token, the row only its hash."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()


class LoginFailure(Model):
    """A wrong sign-in, counted for the limits; `account` is what was typed, hashed."""

    __tablename__ = "login_failures"
    __table_args__ = (Index(None, "account", "failed_at"), Index(None, "address", "failed_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    failed_at: Mapped[datetime] = mapped_column(default=now)


class AdminLink(Model):
    """The one-time link by which the first admin of a new installation sets the account up."""

    __tablename__ = "admin_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
