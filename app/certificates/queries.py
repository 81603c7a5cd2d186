"""Reading certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.certificates.codes import read_code
from app.certificates.models import Certificate
from app.core.db import db


def certificate_by_code(typed: str) -> Certificate | None:
    """The certificate with that code, however it was typed."""
    code = read_code(typed)
    return db.session.scalar(select(Certificate).where(Certificate.code == code)) if code else None


def certificates_of(user_id: int) -> Sequence[Certificate]:
    """All certificates of a person, newest first; a replaced one is not among them."""
    mine = select(Certificate).where(Certificate.user_id == user_id, Certificate.replaced_by.is_(None))
    return db.session.scalars(mine.order_by(Certificate.issued_at.desc(), Certificate.id.desc())).all()


def undrawn_certificates_of(user_id: int) -> Sequence[Certificate]:
    """The certificates of a person whose paper was never drawn, or does not say any more what the row says."""
    undrawn = select(Certificate).where(Certificate.user_id == user_id, Certificate.sha256.is_(None))
    return db.session.scalars(undrawn).all()


def certificate_of(enrollment_id: int) -> Certificate | None:
    """The newest certificate of an enrolment, valid or not; None while there is none."""
    newest = select(Certificate).where(Certificate.enrollment_id == enrollment_id)
    return db.session.scalar(newest.order_by(Certificate.id.desc()).limit(1))
