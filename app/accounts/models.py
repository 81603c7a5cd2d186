"""People and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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
    last_seen_at: Mapped[datetime | None]
    email_verified_at: Mapped[datetime | None]
    initial_key: Mapped[str | None] = mapped_column(String(32))
    """What the printed first password follows from (`initial_passwords`); None once the person has chosen one."""
    anonymized_at: Mapped[datetime | None]

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

    @property
    def short_name(self) -> str:
        """`Siti A.`: what strangers read, the first word of the name and the first letter of the last."""
        first, *more = self.name.split() or [""]
        return f"{first} {more[-1][0]}." if more and not self.anonymized_at else self.name


class UserSession(Model):
    """One signed-in browser. The browser holds the token, the row only its hash."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(String(255), default="")
    awaits_code: Mapped[bool] = mapped_column(default=False)
    """The password was right, the second step is still to come: until then nobody is signed in."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()


class LoginFailure(Model):
    """A wrong sign-in, counted for the limits; `account` is the person, or the name that is nobody's, hashed."""

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


class KnownDevice(Model):
    """A browser in which a person has signed in before: the next time there is no mail about it."""

    __tablename__ = "known_devices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    device_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Purpose(StrEnum):
    VERIFY = "verify"
    """The address of a new account."""
    EMAIL = "email"
    """A new address of an account; `email` holds it, `previous_email` the one that it replaces."""
    RESET = "reset"
    """A new password."""
    INVITE = "invite"
    """The first password, of a person whom staff have brought in."""
    TAKEN = "taken"
    """Somebody tried to register with the address of an account; the letter carries no link to act on."""


PASSWORD_PURPOSES = (Purpose.RESET, Purpose.INVITE)
"""Of a link that leads to choosing a password."""


class AccountRequest(Model):
    """What a person has asked for and must confirm from a mail. The mail holds the token, the row only its hash."""

    __tablename__ = "account_requests"
    __table_args__ = (Index(None, "user_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    previous_email: Mapped[str | None] = mapped_column(String(254))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    """When it was carried out, or replaced by a newer one of the same purpose."""

    user: Mapped[User] = relationship()


class TwoFactor(Model):
    """A person's authenticator app. The secret is encrypted with TOTP_KEY."""

    __tablename__ = "two_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]
    """The 30-second step of the last code that was taken: none is taken twice."""


class RecoveryCode(Model):
    """A code that signs in once when the authenticator app is lost."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


class PeopleImport(Model):
    """An uploaded table of people: checked row by row, imported by a task when somebody says so."""

    __tablename__ = "people_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    file_name: Mapped[str] = mapped_column(String(255))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)


class ImportRow(Model):
    """One row of the table. `cells` are its texts by field, `problems` sentences for the admin."""

    __tablename__ = "people_import_rows"
    __table_args__ = (UniqueConstraint("import_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("people_imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    verdict: Mapped[Verdict] = mapped_column(String(10))
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    outcome: Mapped[Verdict | None] = mapped_column(String(10))
    """What the import made of it; None as long as it did not run."""
