"""What follows from a completed course, and from a person who leaves."""

from __future__ import annotations

from app.accounts.actions.anonymizing import add_eraser
from app.accounts.events import UserAnonymized
from app.certificates.actions import issue, rename_on_certificates
from app.certificates.events import CertificateIssued
from app.certificates.files import ensure_pdf
from app.certificates.models import Certificate
from app.certificates.queries import undrawn_certificates_of
from app.core import storage
from app.core.db import db
from app.enrollments.events import EnrollmentCompleted
from app.events import Delivery, receiver

add_eraser(rename_on_certificates)


@receiver(EnrollmentCompleted, queue="certificates")
def issue_certificate(event: EnrollmentCompleted, delivery: Delivery) -> None:
    issue(event.enrollment_id)


@receiver(CertificateIssued, queue="certificates", effect="external")
def render_certificate(event: CertificateIssued, delivery: Delivery) -> None:
    ensure_pdf(db.session.get_one(Certificate, event.certificate_id))


@receiver(UserAnonymized, queue="certificates", effect="external")
def remove_papers(event: UserAnonymized, delivery: Delivery) -> None:
    """The files with the name that is gone; whoever asks for one gets it drawn again."""
    for certificate in undrawn_certificates_of(event.user_id):
        storage.delete(certificate.file)
