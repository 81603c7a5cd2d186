"""The facts about certificates."""

from __future__ import annotations

from app.events import event


@event("certificate.issued", aggregate=("certificate", "certificate_id"))
class CertificateIssued:
    """A certificate has been issued for a completed course."""

    certificate_id: int
    enrollment_id: int
    user_id: int
    course_id: int
    course_title: str
    number: str


@event("certificate.revoked", aggregate=("certificate", "certificate_id"))
class CertificateRevoked:
    """An admin has revoked a certificate; from now on the public page says so."""

    certificate_id: int
    enrollment_id: int
    user_id: int
    number: str
    reason: str
