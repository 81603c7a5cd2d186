"""Pages that list what piles up cost as many statements for a lot of it as for a little."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask, current_app

from app.accounts.models import User
from app.certificates import actions as certificates
from app.certificates.models import Certificate
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import uuid7
from app.courses.models import Course
from app.enrollments.models import EnrollmentStatus
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from app.notifications import kinds
from app.notifications.actions import notify
from app.progress.models import LessonProgress
from tests import make
from tests.facts import drain_all
from tests.fresh import FreshClient
from tests.pages import Person
from tests.statements import statements

SHELL = 2
"""The session with its person, and the bell or the failed work in the menu."""


class Growing(NamedTuple):
    """A page, who looks at it, and what puts so many rows more on it."""

    path: str
    reader: User
    grow: Callable[[int], None]


def certificates_of_one() -> Growing:
    learner = make.user()

    def grow(count: int) -> None:
        for _each in range(count):
            _certified(learner)

    return Growing("/sertifikat", learner, grow)


def a_certificate_among_many() -> Growing:
    def grow(count: int) -> None:
        for _each in range(count):
            _certified(make.user())

    return Growing(f"/v/{_certified(make.user()).code}", make.user(), grow)


def what_a_course_still_asks_for() -> Growing:
    enrollment = make.enrollment(into=make.course(lessons=1))

    def grow(count: int) -> None:
        course = db.session.get_one(Course, enrollment.course_id)
        lessons = [make.lesson(make.section(course)) for _each in range(count)]
        with transaction() as session:
            session.add_all(
                LessonProgress(enrollment_id=enrollment.id, lesson_id=each.id, completed_at=now())
                for each in lessons[::2]
            )

    return Growing(f"/belajar/{enrollment.course.slug}/mengapa", enrollment.user, grow)


def notifications_of_one() -> Growing:
    reader = make.user()
    return Growing("/notifikasi", reader, lambda count: _tell(reader, count))


def mails_that_were_written() -> Growing:
    current_app.config["MAIL_RATE"] = 100_000
    reader = make.user()

    def grow(count: int) -> None:
        _tell(reader, count)
        drain_all()

    return Growing("/admin/kotak-keluar", make.admin(), grow)


def a_fact_with_what_followed() -> Growing:
    first = _fact()

    def grow(count: int) -> None:
        done = {"status": DeliveryStatus.DONE, "attempts": 1, "available_at": now(), "finished_at": now()}
        for number in range(count):
            _fact(actor_id=make.user().id, correlation_id=first, causation_id=first)
            _fact("delivery.retried", aggregate_type="delivery", aggregate_id=str(first), actor_id=make.user().id,
                  payload={"event_id": str(first), "receiver": "uji"})  # fmt: skip
            with transaction() as session:
                session.add(StoredDelivery(event_id=first, receiver=f"uji_{now()}_{number}", queue="default", **done))

    return Growing(f"/admin/peristiwa/{first}?sebab=1", make.admin(), grow)


def _certified(learner: User) -> Certificate:
    issued = certificates.issue(make.enrollment(learner, status=EnrollmentStatus.COMPLETED).id)
    assert issued is not None
    return issued


def _tell(reader: User, count: int) -> None:
    with transaction():
        for _each in range(count):
            notify(reader.id, kinds.WELCOME, {"course_title": "Dasar K3", "address": "/"}, event_id=uuid7())


def _fact(name: str = "course.archived", **fields: object) -> object:
    event_id = uuid7()
    values = {
        "id": event_id, "name": name, "version": 1, "aggregate_type": "course", "aggregate_id": "1",
        "actor_type": "user", "correlation_id": event_id, "occurred_at": now(), "payload": {}, **fields,
    }  # fmt: skip
    with transaction() as session:
        session.add(StoredEvent(**values))
    return event_id


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (certificates_of_one, 1),
        (a_certificate_among_many, 4),
        (what_a_course_still_asks_for, 4),
        (notifications_of_one, 2),
        (mails_that_were_written, 2),
        (a_fact_with_what_followed, 5),
    ],
)
def test_a_page_costs_the_same_for_much_as_for_little(app: Flask, page: Callable[[], Growing], most: int) -> None:
    app.test_client_class = FreshClient
    path, reader, grow = page()
    browser = Person(app).logs_in(str(reader.email))
    costs, sizes = [], []
    for count in (2, 18):
        grow(count)
        browser.client.get(path)
        with statements() as seen:
            answer = browser.client.get(path)
        assert answer.status_code == 200
        costs.append(len(seen))
        sizes.append(len(answer.data))
    assert costs[0] == costs[1] <= most + SHELL, seen
    assert sizes[1] > sizes[0] or page is a_certificate_among_many, "there is more on the page"
