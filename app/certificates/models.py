"""Proof that a course was completed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model


class CertificateState(StrEnum):
    """What the public page answers; read from the row's moments, not stored."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Certificate(Model):
    """What stands on the paper is a snapshot: a later change of name or title does not change it."""

    __tablename__ = "certificates"
    __table_args__ = (
        Index(
            "uq_certificates_one_valid",
            "enrollment_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND replaced_by IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND replaced_by IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(100), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="RESTRICT"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(150))
    course_title: Mapped[str] = mapped_column(String(255))
    minutes: Mapped[int]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    institution: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    revoke_reason: Mapped[str | None] = mapped_column(String(500))
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("certificates.id", ondelete="SET NULL"), index=True)
    file: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]

    def state(self, moment: datetime) -> CertificateState:
        """Whether the certificate holds at that moment."""
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.replaced_by is not None:
            return CertificateState.REPLACED
        if self.expires_at is not None and self.expires_at <= moment:
            return CertificateState.EXPIRED
        return CertificateState.VALID


class CertificateCounter(Model):
    """The last running number of a year; locked while the next one is taken, so that there are no gaps."""

    __tablename__ = "certificate_counters"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class CertificateLookup(Model):
    """How often an address has asked about certificates since `since`; kept here so that it counts for all workers."""

    __tablename__ = "certificate_lookups"

    address: Mapped[str] = mapped_column(String(45), primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]
