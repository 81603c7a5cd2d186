"""Issuing, drawing and revoking: T-CRT-04."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.assessments.models import Attempt, AttemptStatus, Show
from app.certificates import actions
from app.certificates.events import CertificateIssued, CertificateRevoked
from app.certificates.files import ensure_pdf, sheet_of
from app.certificates.models import Certificate, CertificateState
from app.certificates.queries import certificate_of
from app.core import clock, storage
from app.core.db import db, transaction
from app.core.errors import Refused
from app.core.settings import change_institution
from app.core.storage import local
from app.enrollments.events import EnrollmentCompleted
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events import emit
from app.events.steps import stepped
from app.progress import actions as progress
from tests import make
from tests.facts import assert_stated

Drain = Callable[[], int]
AUGUST = datetime(2026, 8, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def enrollment(app: Flask) -> Enrollment:
    """Somebody who has completed a course of three lessons of ten minutes."""
    return make.enrollment(into=make.course(title="Dasar K3"), status=EnrollmentStatus.COMPLETED)


@pytest.fixture
def certificate(enrollment: Enrollment) -> Certificate:
    issued = actions.issue(enrollment.id)
    assert issued is not None
    return issued


def state_completion(enrollment: Enrollment) -> None:
    """The fact, whether or not it is true."""
    with transaction():
        emit(
            EnrollmentCompleted(
                enrollment_id=enrollment.id,
                user_id=enrollment.user_id,
                course_id=enrollment.course_id,
                course_title="Dasar K3",
                enrolled_at=AUGUST,
                completed_at=AUGUST,
                total_time_spent=0,
            )
        )


def count(enrollment: Enrollment) -> int:
    return db.session.scalars(
        select(func.count()).select_from(Certificate).where(Certificate.enrollment_id == enrollment.id)
    ).one()


def test_completing_a_course_gives_a_certificate(app: Flask, drain: Drain) -> None:
    enrollment = make.enrollment(into=make.course(lessons=1))
    progress.complete_lesson(enrollment, make.lessons_of(enrollment.course)[0], actor=enrollment.user)
    drain()
    certificate = certificate_of(enrollment.id)
    assert certificate is not None
    assert (certificate.name, certificate.course_title) == (enrollment.user.name, enrollment.course.title)
    assert_stated(CertificateIssued, 1, number=certificate.number)
    assert storage.read(certificate.file).startswith(b"%PDF")
    assert certificate.sha256 == sha256(storage.read(certificate.file)).hexdigest()


def test_the_paper_is_a_snapshot(enrollment: Enrollment, certificate: Certificate) -> None:
    with transaction():
        enrollment.user.name, enrollment.course.title = "Nama Baru", "Judul Baru"
    assert (certificate.name, certificate.course_title) == (enrollment_name(certificate), "Dasar K3")
    assert certificate.minutes == 30


def graded(enrollment: Enrollment, percentage: str, show_score: Show = Show.NOW, **fields: object) -> None:
    """An assessment of the course in which the learner has got so many percent, after a worse attempt."""
    assessment = make.assessment(enrollment.course, **fields)
    for number, percent in enumerate(("12.50", percentage), 1):
        make.kept(
            Attempt(
                assessment_id=assessment.id,
                user_id=enrollment.user_id,
                enrollment_id=enrollment.id,
                number=number,
                status=AttemptStatus.GRADED,
                graded_at=AUGUST,
                percentage=Decimal(percent),
                passed=number == 2,
                policy={"show_score": show_score},
            )
        )


def issued_for(enrollment: Enrollment) -> Certificate:
    certificate = actions.issue(enrollment.id)
    assert certificate is not None
    return certificate


def test_the_paper_says_the_mean_score_of_the_required_assessments(enrollment: Enrollment) -> None:
    for percentage in ("80.00", "90.01"):
        graded(enrollment, percentage)
    graded(enrollment, "20.00", is_required=False)
    certificate = issued_for(enrollment)
    assert certificate.score == Decimal("85.01"), "the best attempt of each, and half a hundredth up"
    assert sheet_of(certificate).score == "85,01"


def test_a_score_that_its_learner_may_not_see_is_on_no_paper(enrollment: Enrollment) -> None:
    graded(enrollment, "80.00")
    graded(enrollment, "90.00", Show.NEVER)
    assert issued_for(enrollment).score is None


def test_a_course_without_assessments_gives_no_score(certificate: Certificate) -> None:
    assert certificate.score is None
    assert sheet_of(certificate).score == ""


def enrollment_name(certificate: Certificate) -> str:
    return sheet_of(certificate).name


def test_numbers_run_without_gaps_and_begin_anew_each_year(app: Flask) -> None:
    def number() -> str:
        issued = actions.issue(make.enrollment(status=EnrollmentStatus.COMPLETED).id)
        assert issued is not None
        return issued.number

    with clock.at(AUGUST):
        assert [number(), number()] == ["001/SERT/VIII/2026", "002/SERT/VIII/2026"]
    with clock.at(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)):  # 1 January, 00.30 WIB
        assert number() == "001/SERT/I/2027"


def test_t_crt_04_no_step_gives_a_certificate_before_the_course_is_completed(app: Flask, drain: Drain) -> None:
    for status in (EnrollmentStatus.ACTIVE, EnrollmentStatus.DROPPED):
        enrollment = make.enrollment(status=status)
        assert actions.issue(enrollment.id) is None
        state_completion(enrollment)
        drain()
        assert count(enrollment) == 0
    assert actions.issue(999_999) is None
    assert_stated(CertificateIssued, 0)


def test_t_crt_04_replaying_the_completion_gives_no_second_certificate(enrollment: Enrollment, drain: Drain) -> None:
    for _time in range(3):
        state_completion(enrollment)
        drain()
    assert count(enrollment) == 1
    assert_stated(CertificateIssued, 1)


@pytest.mark.parametrize("point", ["outbox.staged", "outbox.written", "delivery.effected", "delivery.marked"])
def test_t_crt_04_a_fault_after_issuing_leaves_nothing_and_the_retry_one(
    enrollment: Enrollment, drain: Drain, point: str
) -> None:
    state_completion(enrollment)
    with power_cut_at(point), pytest.raises(PowerCut):
        drain()
    db.session.rollback()
    assert count(enrollment) == 0
    with clock.at(clock.now() + timedelta(minutes=5)):
        drain()
    certificate = certificate_of(enrollment.id)
    assert certificate is not None
    assert certificate.number.startswith("001/")
    assert_stated(CertificateIssued, 1)


class PowerCut(BaseException):
    """The worker dies."""


@contextmanager
def power_cut_at(point: str) -> Iterator[None]:
    def cut(reached: str) -> None:
        if reached == point and db.session.query(Certificate).count():
            raise PowerCut

    with stepped.connected_to(cut):
        yield


def test_t_crt_04_after_revocation_a_replay_gives_no_new_certificate(
    enrollment: Enrollment, certificate: Certificate, drain: Drain
) -> None:
    actions.revoke(certificate, reason="Salah orang", actor=make.admin())
    state_completion(enrollment)
    drain()
    assert count(enrollment) == 1


def test_t_crt_04_the_database_itself_refuses_a_second_valid_certificate(certificate: Certificate) -> None:
    copied = {c.name: getattr(certificate, c.name) for c in Certificate.__table__.columns if c.name != "id"}
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        db.session.add(Certificate(**{**copied, "number": "x", "code": "y"}))


class TestRevoking:
    def test_a_revoked_certificate_does_not_hold(self, certificate: Certificate) -> None:
        admin = make.admin()
        with clock.at(AUGUST):
            actions.revoke(certificate, reason="Salah orang", actor=admin)
        assert certificate.state(clock.now()) == CertificateState.REVOKED
        assert (certificate.revoked_at, certificate.revoked_by) == (AUGUST, admin.id)
        assert_stated(CertificateRevoked, 1, number=certificate.number, reason="Salah orang")

    def test_revoking_twice_is_refused(self, certificate: Certificate) -> None:
        admin = make.admin()
        actions.revoke(certificate, reason="Salah orang", actor=admin)
        with pytest.raises(Refused):
            actions.revoke(certificate, reason="Lagi", actor=admin)
        assert_stated(CertificateRevoked, 1)


class TestThePdf:
    def test_drawing_again_gives_the_same_bytes(self, certificate: Certificate) -> None:
        first = storage.read(ensure_pdf(certificate))
        storage.delete(certificate.file)
        assert storage.read(ensure_pdf(certificate)) == first
        assert certificate.sha256 == sha256(first).hexdigest()

    def test_a_drawn_file_is_not_drawn_again(self, certificate: Certificate) -> None:
        before = local.path(ensure_pdf(certificate)).stat().st_mtime_ns
        change_institution(city="Semarang")
        assert local.path(ensure_pdf(certificate)).stat().st_mtime_ns == before

    def test_a_file_that_is_drawn_differently_has_its_new_digest(self, certificate: Certificate) -> None:
        first = storage.read(ensure_pdf(certificate))
        change_institution(city="Semarang")
        storage.delete(certificate.file)
        second = storage.read(ensure_pdf(certificate))
        assert second != first
        assert certificate.sha256 == sha256(second).hexdigest()

    def test_a_full_disk_leaves_no_half_file_and_says_so(
        self, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(storage.StorageFull, match="Ruang simpan server penuh"):
            ensure_pdf(certificate)
        assert list(local.path(certificate.file).parent.iterdir()) == []
        monkeypatch.undo()
        assert storage.exists(ensure_pdf(certificate))

    def test_the_sheet_carries_the_institution_and_the_public_address(self, certificate: Certificate) -> None:
        change_institution(name="Balai", city="Semarang", signatories=[{"name": "Ibu Endang", "position": "Kepala"}])
        sheet = sheet_of(certificate)
        assert sheet.verify_url == f"http://localhost/v/{certificate.code}"
        assert (sheet.city, sheet.signatories) == ("Semarang", (("Ibu Endang", "Kepala"),))
        assert sheet.institution == "Tuntas"  # as it was called when it issued the certificate


def test_files_lie_in_the_private_store(app: Flask, certificate: Certificate) -> None:
    assert Path(app.config["INSTANCE"]) in local.path(ensure_pdf(certificate)).parents
