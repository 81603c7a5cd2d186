"""What follows from a completed course."""

from __future__ import annotations

from app.certificates.actions import issue
from app.certificates.events import CertificateIssued
from app.certificates.files import ensure_pdf
from app.certificates.models import Certificate
from app.core.db import db
from app.enrollments.events import EnrollmentCompleted
from app.events import Delivery, receiver


@receiver(EnrollmentCompleted, queue="certificates")
def issue_certificate(event: EnrollmentCompleted, delivery: Delivery) -> None:
    issue(event.enrollment_id)


@receiver(CertificateIssued, queue="certificates", effect="external")
def render_certificate(event: CertificateIssued, delivery: Delivery) -> None:
    ensure_pdf(db.session.get_one(Certificate, event.certificate_id))
