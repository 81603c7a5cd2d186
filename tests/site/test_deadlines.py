"""Tenggat terdekat: what ends next for a learner, in words, for nobody else, and without a hint of a hidden result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.starting import start_attempt
from app.assessments.models import Assessment, AssessmentStatus, Attempt, Extension, Show
from app.assessments.queries.deadlines import MOST, deadlines_of
from app.core import clock
from app.core.db import db, transaction
from app.courses.models import Course, CourseStatus, Visibility
from app.enrollments.models import EnrollmentStatus
from tests import make
from tests.assessments.conftest import answer_right
from tests.pages import Person
from tests.statements import statements

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
TITLE = "Tenggat terdekat"


@pytest.fixture(autouse=True)
def still(app: Flask) -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def learner(app: Flask) -> User:
    return make.user(timezone="Asia/Makassar")


@pytest.fixture
def course(learner: User) -> Course:
    made = make.course(title="Akuntansi Syariah")
    make.enrollment(learner, made)
    return made


def closing(course: Course, days: float = 2, **rules: Any) -> Assessment:
    return make.assessment(course, closes_at=NOW + days * DAY, **rules)


def extended(assessment: Assessment, learner: User, **more: Any) -> None:
    make.kept(Extension(assessment_id=assessment.id, user_id=learner.id, **more))


def handed_in(assessment: Assessment, learner: User, *, right: bool) -> Attempt:
    attempt = start_attempt(assessment, actor=learner)
    if right:
        answer_right(attempt)
    submit_attempt(attempt, actor=learner)
    return attempt


def home(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email)).opens("/")


def titles(user: User) -> list[str]:
    return [each.title for each in deadlines_of(user.id)]


def test_a_closing_time_is_told_in_the_reader_s_zone_with_the_way_there(
    app: Flask, learner: User, course: Course
) -> None:
    exam = closing(course, title="Ujian Akad")
    page = home(app, learner)
    assert page.sees(TITLE)
    assert page.sees("Akuntansi Syariah · Tutup Kamis, 3 Desember 2026 pukul 11.00 WITA")
    assert page.links["Ujian Akad"] == f"/asesmen/{exam.id}"


def test_what_has_not_opened_says_when_it_does(app: Flask, learner: User, course: Course) -> None:
    closing(course, opens_at=NOW + DAY)
    page = home(app, learner)
    assert page.sees("Dibuka Rabu, 2 Desember 2026 pukul 11.00 WITA, tutup Kamis, 3 Desember 2026 pukul 11.00 WITA")


def test_a_running_attempt_comes_first_and_goes_on_by_one_press(app: Flask, learner: User, course: Course) -> None:
    closing(course, 0.01, title="Kuis malam ini")
    attempt = start_attempt(closing(course, title="Ujian Akad", time_limit_minutes=30), actor=learner)
    assert titles(learner) == ["Ujian Akad", "Kuis malam ini"]
    page = home(app, learner)
    assert page.sees("Sedang dikerjakan, waktu habis Selasa, 1 Desember 2026 pukul 11.30 WITA")
    assert page.links["Lanjutkan"] == page.links["Ujian Akad"] == f"/percobaan/{attempt.public_id}"


def test_where_nothing_is_due_nothing_stands(app: Flask, learner: User, course: Course) -> None:
    make.assessment(course)
    assert not home(app, learner).sees(TITLE)
    assert not home(app, make.user()).sees(TITLE)


def test_the_five_that_close_first_are_told(learner: User, course: Course) -> None:
    for days in (6, 2, 4, 7, 1, 3, 5):
        closing(course, days, title=f"Hari {days}")
    assert titles(learner) == [f"Hari {days}" for days in range(1, MOST + 1)]


@pytest.mark.parametrize("status", [AssessmentStatus.DRAFT, AssessmentStatus.ARCHIVED])
def test_what_is_not_published_is_not_due(learner: User, course: Course, status: AssessmentStatus) -> None:
    closing(course, status=status)
    assert titles(learner) == []


def test_what_has_closed_is_not_due(learner: User, course: Course) -> None:
    closing(course, 0)
    assert titles(learner) == []


def test_one_s_own_extension_counts_and_nobody_else_s(learner: User, course: Course) -> None:
    other = make.enrollment(into=course).user
    extended(closing(course, -1), learner, closes_at=NOW + DAY)
    (found,) = deadlines_of(learner.id)
    assert (found.ends_at, deadlines_of(other.id)) == (NOW + DAY, [])


def test_an_extension_may_also_end_earlier(learner: User, course: Course) -> None:
    extended(closing(course), learner, closes_at=NOW - DAY)
    assert titles(learner) == []


@pytest.mark.parametrize("status", [*EnrollmentStatus, None])
def test_only_who_is_inside_of_the_course_is_told(app: Flask, status: EnrollmentStatus | None) -> None:
    learner, exam = make.user(), closing(make.course(visibility=Visibility.RESTRICTED))
    make.enrollment(learner, status=EnrollmentStatus.ACTIVE)
    if status is not None:
        make.enrollment(learner, exam.course, status)
    inside = status in {EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED}
    assert (titles(learner) == [exam.title]) is home(app, learner).sees(exam.title) is inside


def test_who_left_the_course_is_not_sent_on_with_an_attempt(learner: User) -> None:
    enrollment = make.enrollment(learner)
    start_attempt(closing(enrollment.course), actor=learner)
    with transaction():
        enrollment.status = EnrollmentStatus.DROPPED
    assert titles(learner) == []


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.ARCHIVED])
def test_who_is_inside_keeps_the_deadlines_of_a_course_that_was_taken_back(
    app: Flask, learner: User, status: CourseStatus
) -> None:
    """As they keep its content: the address opens, and an attempt may be begun."""
    exam = closing(make.course(status=status))
    make.enrollment(learner, exam.course)
    page = home(app, learner).follows(exam.title)
    assert (page.path, page.status) == (f"/asesmen/{exam.id}", 200)
    assert page.sees("Kerjakan")


def test_what_was_passed_is_not_due_but_what_was_failed_is_as_long_as_attempts_are_left(
    learner: User, course: Course
) -> None:
    handed_in(closing(course, title="Lulus", max_attempts=2), learner, right=True)
    handed_in(closing(course, title="Belum lulus", max_attempts=2), learner, right=False)
    handed_in(closing(course, title="Tanpa batas", max_attempts=0), learner, right=False)
    handed_in(closing(course, title="Habis"), learner, right=False)
    again = closing(course, title="Habis, dan satu lagi")
    handed_in(again, learner, right=False)
    extended(again, learner, attempts=1)
    assert titles(learner) == ["Belum lulus", "Tanpa batas", "Habis, dan satu lagi"]


@pytest.mark.parametrize("shown", [Show.AFTER_CLOSE, Show.NEVER])
@pytest.mark.parametrize("right", [True, False])
def test_whether_a_hidden_result_is_a_pass_changes_nothing(
    learner: User, course: Course, shown: Show, right: bool
) -> None:
    exam = closing(course, max_attempts=2, show_score=shown)
    assert handed_in(exam, learner, right=right).passed is right
    assert titles(learner) == [exam.title]


def test_an_attempt_past_its_deadline_is_not_offered_again(learner: User, course: Course) -> None:
    exam = closing(course, time_limit_minutes=30, max_attempts=2)
    start_attempt(exam, actor=learner)
    with clock.at(NOW + timedelta(minutes=31)):
        (found,) = deadlines_of(learner.id)
    assert (found.title, found.attempt) == (exam.title, None), "the second attempt may be begun"


def test_however_many_courses_and_attempts_there_are_it_is_one_statement(learner: User) -> None:
    learner_id = learner.id
    for count in (1, 6):
        for _each in range(count):
            enrollment = make.enrollment(learner)
            for days in (1, 2):
                exam = closing(enrollment.course, days, max_attempts=3, time_limit_minutes=30)
                handed_in(exam, learner, right=False)
                extended(exam, learner, minutes=5)
                start_attempt(exam, actor=learner)
        db.session.expire_all()
        with statements() as seen:
            assert len(deadlines_of(learner_id)) == min(2 * count, MOST)
        assert len(seen) == 1, seen
