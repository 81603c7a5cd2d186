"""Issuing, revoking and looking up certificates."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import case, delete, update

from app.accounts.models import User
from app.assessments.queries.results import course_score
from app.certificates.codes import new_code
from app.certificates.events import CertificateIssued, CertificateRevoked
from app.certificates.models import Certificate, CertificateCounter, CertificateLookup
from app.certificates.numbering import write_number
from app.certificates.queries import certificate_of
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused, TooMany
from app.core.i18n import home_day
from app.core.once import insert_once
from app.core.settings import institution
from app.courses.queries import duration_minutes
from app.enrollments.models import Enrollment
from app.events import emit

LOOKUPS_A_MINUTE = 30
LOOKUPS_KEPT = timedelta(hours=1)


@action
def issue(enrollment_id: int) -> Certificate | None:
    """Gives the completed enrolment its certificate and states `CertificateIssued`.

    None, and nothing happens, when the enrolment is not completed or has had a certificate before: whoever lost one
    by revocation does not get another by a replayed fact.
    """
    enrollment = db.session.get(Enrollment, enrollment_id, with_for_update=True)
    if enrollment is None or not enrollment.is_completed or certificate_of(enrollment_id) is not None:
        return None
    certificate = _written(enrollment)
    db.session.add(certificate)
    db.session.flush()
    emit(
        CertificateIssued(
            certificate_id=certificate.id,
            enrollment_id=enrollment.id,
            user_id=enrollment.user_id,
            course_id=enrollment.course_id,
            course_title=certificate.course_title,
            number=certificate.number,
        )
    )
    return certificate


@action
def revoke(certificate: Certificate, *, reason: str, actor: User) -> None:
    """The certificate does not hold any more, and the public page says since when; states `CertificateRevoked`.

    Raises Refused when it did not hold before.
    """
    lock(certificate)
    if certificate.revoked_at is not None or certificate.replaced_by is not None:
        raise Refused(_("Sertifikat ini sudah dicabut atau diganti."))
    certificate.revoked_at = now()
    certificate.revoked_by = actor.id
    certificate.revoke_reason = reason
    emit(
        CertificateRevoked(
            certificate_id=certificate.id,
            enrollment_id=certificate.enrollment_id,
            user_id=certificate.user_id,
            number=certificate.number,
            reason=reason,
        ),
        actor=actor,
    )


@action
def keep_paper(certificate: Certificate, sha256: str, size: int) -> None:
    """Remembers the digest of the drawn file, by which a copy is compared, and its bytes, which its link tells."""
    certificate.sha256 = sha256
    certificate.size = size


@action
def rename_on_certificates(user: User, name: str | None) -> None:
    """The person's certificates carry that name, and their papers are to be drawn again; None leaves them alone."""
    if name is not None:
        own = update(Certificate).where(Certificate.user_id == user.id)
        db.session.execute(own.values(name=name, sha256=None), execution_options={"synchronize_session": False})


@action
def count_lookup(address: str) -> None:
    """Counts a look-up from that address. Raises TooMany for the 31st within the minute that its first one began."""
    present = now()
    db.session.execute(delete(CertificateLookup).where(CertificateLookup.since < present - LOOKUPS_KEPT))
    insert_once(CertificateLookup, address=address, since=present, count=0)
    recent = CertificateLookup.since > present - timedelta(minutes=1)
    counting = (
        update(CertificateLookup)
        .where(CertificateLookup.address == address)
        .values(
            since=case((recent, CertificateLookup.since), else_=present),
            count=case((recent, CertificateLookup.count + 1), else_=1),
        )
        .returning(CertificateLookup.count)
    )
    counted = db.session.scalars(counting, execution_options={"synchronize_session": False}).one()
    if counted > LOOKUPS_A_MINUTE:
        raise TooMany(_("Terlalu banyak pemeriksaan dari jaringan ini. Tunggu satu menit, lalu coba lagi."))


def _written(enrollment: Enrollment) -> Certificate:
    """The row with everything that will stand on the paper."""
    present, code, house = now(), new_code(), institution()
    day = home_day(present)
    return Certificate(
        number=write_number(house.certificate_number, _next_sequence(day.year), day),
        code=code,
        enrollment_id=enrollment.id,
        user_id=enrollment.user_id,
        name=enrollment.user.name,
        course_title=enrollment.course.title,
        minutes=duration_minutes(enrollment.course),
        score=course_score(enrollment.id),
        institution=house.name,
        started_at=enrollment.started_at or enrollment.enrolled_at,
        completed_at=enrollment.completed_at,
        issued_at=present,
        file=f"certificates/{code.lower()}.pdf",
    )


def _next_sequence(year: int) -> int:
    """The next number of the year; its row stays locked, so that none is skipped or given twice."""
    insert_once(CertificateCounter, year=year, last=0)
    counter = db.session.get_one(CertificateCounter, year, with_for_update=True, populate_existing=True)
    counter.last += 1
    return counter.last
