"""Whole lives, through the pages only: what a learner does in one sitting, and what an admin sees of it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.certificates.events import CertificateIssued
from app.certificates.models import Certificate
from app.core.db import db
from app.courses.models import Course
from app.enrollments.events import EnrollmentCompleted, UserEnrolled
from app.events import audit
from app.events.models import StoredEvent
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.facts import assert_logged, assert_stated, drain_all
from tests.pages import Person

END = {
    "certificates": [("Wahyu Nur'aini", "Dasar Pembukuan", "001")],
    "mails": {
        "Selamat bergabung di Dasar Pembukuan": 1,
        "Selamat! Anda telah menyelesaikan Dasar Pembukuan": 1,
        "Sertifikat Anda: Dasar Pembukuan": 1,
    },
    "notifications": {"enrollment.welcome": 1, "enrollment.completed": 1, "certificate.issued": 1},
    "facts": {
        "user.registered": 1, "session.started": 1, "enrollment.created": 1, "enrollment.course_started": 1,
        "lesson.completed": 3, "progress.updated": 3, "state.transitioned": 1, "enrollment.completed": 1,
        "certificate.issued": 1, "notification.created": 3,
    },
}  # fmt: skip
"""What there is, and how often, when a learner has worked through the three lessons."""


@pytest.fixture
def course(app: Flask) -> Course:
    return make.course(lessons=3, title="Dasar Pembukuan", slug="dasar-pembukuan")


def study_everything(person: Person, *, worker: bool) -> None:
    """Registers, enrols and works through every lesson; a running worker drains after each page."""

    def work() -> None:
        if worker:
            drain_all()

    person.opens("/daftar").submits(
        "Daftar", name="Wahyu Nur'aini", email="wahyu@contoh.test", password="belajar-terus-2026"
    )
    work()
    person.opens("/kursus").follows("Dasar Pembukuan").submits("Ikuti Kursus")
    work()
    person.opens("/belajar/dasar-pembukuan")
    for _ in range(3):
        person.submits("Tandai Selesai & Lanjut" if "Tandai Selesai & Lanjut" in buttons(person) else "Tandai Selesai")
        work()


def buttons(person: Person) -> list[str]:
    return [button for form in person.forms for button in form.buttons]


def end_state() -> dict[str, object]:
    db.session.rollback()
    certificates = db.session.scalars(select(Certificate))
    return {
        "certificates": [(each.name, each.course_title, each.number.partition("/")[0]) for each in certificates],
        "mails": Counter(db.session.scalars(select(OutgoingMail.subject))),
        "notifications": Counter(db.session.scalars(select(Notification.type))),
        "facts": Counter(db.session.scalars(select(StoredEvent.name))),
    }


@pytest.mark.parametrize("worker", [True, False], ids=["worker running", "worker started later"])
def test_a_life_ends_the_same_whether_the_worker_runs_or_comes_later(app: Flask, course: Course, worker: bool) -> None:
    learner = Person(app)
    study_everything(learner, worker=worker)
    assert learner.sees("100%")
    drain_all()
    assert end_state() == END
    for fact in (UserEnrolled, EnrollmentCompleted, CertificateIssued):
        assert_stated(fact)
        assert_logged(fact)


def test_the_certificate_can_be_downloaded_and_verified_by_anyone(app: Flask, course: Course) -> None:
    learner = Person(app)
    study_everything(learner, worker=True)
    drain_all()
    learner.opens("/sertifikat?kursus=dasar-pembukuan")
    address = next(link for link in learner.links.values() if link.endswith(".pdf"))
    with learner.client.get(address) as paper:
        assert paper.data.startswith(b"%PDF")
    code = re.fullmatch(r"/sertifikat/(.+)\.pdf", address).group(1)  # type: ignore[union-attr]
    anybody = Person(app).opens(f"/v/{code}")
    assert anybody.sees("Sertifikat sah")
    assert anybody.sees("Wahyu Nur'aini")
    assert anybody.client.get(address).status_code in {302, 303, 404}


def ids_of(name: str) -> set[str]:
    """The facts of that name; there is at least one."""
    found = {str(each) for each in db.session.scalars(select(StoredEvent.id).where(StoredEvent.name == name))}
    assert found, name
    return found


def rows_of(admin: Person) -> set[str]:
    """The facts to which the rows of the stream lead."""
    return set(re.findall(r'href="/admin/peristiwa/([0-9a-f-]{36})"', admin.response.get_data(as_text=True)))


def test_an_admin_sees_every_fact_of_a_life_and_its_reactions(app: Flask, course: Course) -> None:
    study_everything(Person(app), worker=True)
    drain_all()
    chief = make.admin(name="Kepala", email="kepala@contoh.test")
    admin = Person(app).logs_in(chief.email or "")
    admin.opens("/admin/peristiwa")
    for name in ("user.registered", "enrollment.created", "lesson.completed", "enrollment.completed"):
        assert ids_of(name) <= rows_of(admin), name
    admin.opens("/admin/peristiwa?jenis=certificate.issued")
    (issued,) = ids_of("certificate.issued")
    assert rows_of(admin) == {issued}
    assert admin.opens(f"/admin/peristiwa/{issued}").sees("certificate.issued")
    assert audit.verify().broken_at is None
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_enrolling_twice_is_refused_with_a_sentence(app: Flask, course: Course) -> None:
    person = Person(app)
    somebody = make.user(email="dua@contoh.test")
    person.logs_in(somebody.email or "").opens("/kursus/dasar-pembukuan")
    form = next(form for form in person.forms if "Ikuti Kursus" in form.buttons)
    person.submits("Ikuti Kursus")
    again = person.client.post(form.action, data=form.fields, follow_redirects=True)
    assert "Anda sudah terdaftar di kursus ini." in again.get_data(as_text=True)
    assert_stated(UserEnrolled)
