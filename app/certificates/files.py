"""The paper itself."""

from __future__ import annotations

from hashlib import sha256

from flask_babel import force_locale

from app.certificates.actions import keep_paper
from app.certificates.drawing import CertificateSheet, draw_certificate
from app.certificates.models import Certificate
from app.core import storage
from app.core.i18n import format_date, format_number, home_day
from app.core.mail import absolute_url
from app.core.settings import institution

LANGUAGE = "id"
"""Of the paper, whoever downloads it."""


def ensure_pdf(certificate: Certificate) -> str:
    """The name of the certificate's PDF in the storage, drawn now if it was not; its digest and size stand in the row.

    Can be called again at any time; the same row and the same institution give the same bytes. Raises
    StorageFull, StorageAway.
    """
    if certificate.sha256 is None or not storage.exists(certificate.file):
        content = draw_certificate(sheet_of(certificate))
        storage.save(certificate.file, content)
        digest = sha256(content).hexdigest()
        if certificate.sha256 != digest:
            keep_paper(certificate, digest, len(content))
    return certificate.file


def download_name(certificate: Certificate) -> str:
    """`Sertifikat 007-SERT-VIII-2026.pdf`."""
    return f"Sertifikat {certificate.number.replace('/', '-')}.pdf"


def sheet_of(certificate: Certificate) -> CertificateSheet:
    """What stands on the paper: the row's snapshot, with the institution's present signatories and logo."""
    house = institution()
    with force_locale(LANGUAGE):
        issued, started, finished, expires = (
            format_date(home_day(moment)) if moment else ""
            for moment in (
                certificate.issued_at, certificate.started_at, certificate.completed_at, certificate.expires_at
            )
        )  # fmt: skip
    return CertificateSheet(
        name=certificate.name,
        course_title=certificate.course_title,
        number=certificate.number,
        code=certificate.code,
        verify_url=absolute_url("certificates.verify", code=certificate.code),
        issued_on=issued,
        started_on=started,
        finished_on=finished,
        expires_on=expires,
        minutes=certificate.minutes,
        score="" if certificate.score is None else format_number(certificate.score),
        institution=certificate.institution,
        city=house.city,
        signatories=tuple((each.name, each.position) for each in house.signatories),
        logo=storage.read(house.logo) if house.logo else None,
        issued_at=certificate.issued_at,
    )
