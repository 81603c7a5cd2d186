"""Many at once, and any order: what must hold holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.certificates.models import Certificate
from app.core.db import db
from app.enrollments.events import EnrollmentCompleted
from app.enrollments.models import Enrollment
from app.notifications import kinds
from app.notifications.models import Notification, OutgoingMail
from app.progress import actions
from app.progress.events import LessonCompleted
from app.progress.models import LessonProgress
from tests import make
from tests.facts import assert_stated

Drain = Callable[[], int]


def at_once(app: Flask, times: int, act: Callable[[], Any]) -> list[Exception]:
    """Runs `act` in so many threads, each in its own context, all let go at the same moment."""
    gate, errors = threading.Barrier(times), []

    def run() -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the test looks at each
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return errors


def rows(table: Any) -> int:
    return db.session.scalars(select(func.count()).select_from(table)).one()


def test_20_parallel_completions_of_the_last_lesson_complete_the_course_once(app: Flask, drain: Drain) -> None:
    enrollment_id = make.enrollment(into=make.course(lessons=1)).id
    lesson_id = db.session.scalars(select(make.Lesson.id)).one()
    db.session.rollback()

    def complete() -> None:
        enrollment = db.session.get_one(Enrollment, enrollment_id)
        lesson = db.session.get_one(make.Lesson, lesson_id)
        actions.complete_lesson(enrollment, lesson, actor=enrollment.user)

    errors = at_once(app, 20, complete)
    drain()
    assert [error for error in errors if "aktif" not in str(error)] == []  # too late is a friendly refusal
    assert_stated(LessonCompleted, 1)
    assert_stated(EnrollmentCompleted, 1)
    assert rows(Certificate) == 1
    told = [each.type for each in db.session.scalars(select(Notification))]
    assert sorted(told) == [kinds.CERTIFICATE, kinds.COMPLETED]
    assert rows(OutgoingMail) == 2


def test_different_lessons_at_once_add_up(app: Flask) -> None:
    course = make.course(lessons=8)
    enrollment_id = make.enrollment(into=course).id
    waiting = [lesson.id for lesson in make.lessons_of(course)]
    db.session.rollback()

    def complete() -> None:
        enrollment = db.session.get_one(Enrollment, enrollment_id)
        actions.complete_lesson(enrollment, db.session.get_one(make.Lesson, waiting.pop()), actor=enrollment.user)

    assert at_once(app, 8, complete) == []
    enrollment = db.session.get_one(Enrollment, enrollment_id)
    assert (enrollment.progress_percentage, enrollment.is_completed) == (100, True)
    assert rows(LessonProgress) == 8
    assert_stated(EnrollmentCompleted, 1)
