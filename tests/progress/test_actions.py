"""Completing lessons, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.courses.actions import delete_lesson
from app.enrollments import actions as enrollments
from app.enrollments.events import CourseStarted, EnrollmentCompleted, UserReenrolled
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events.states import TransitionRefused
from app.progress import actions
from app.progress.events import LessonCompleted, ProgressUpdated
from app.progress.models import LessonProgress
from app.progress.queries import progress_in
from app.progress.recording import Report
from tests import make
from tests.facts import assert_stated, stated

MORNING = datetime(2026, 8, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def enrollment(app: Flask) -> Enrollment:
    """Somebody active in a course of four lessons."""
    return make.enrollment(into=make.course(lessons=4))


def complete(enrollment: Enrollment, place: int) -> bool:
    lesson = make.lessons_of(enrollment.course)[place - 1]
    return actions.complete_lesson(enrollment, lesson, actor=enrollment.user)


def test_a_completed_lesson_moves_the_percentage(enrollment: Enrollment) -> None:
    assert complete(enrollment, 1) is True
    assert enrollment.progress_percentage == Decimal("25.0")
    (fact,) = stated(LessonCompleted)
    assert (fact.course_progress, fact.lesson_title) == (0.0, "Materi 1")
    (updated,) = stated(ProgressUpdated)
    assert (updated.course_progress, updated.lesson_progress, updated.is_completed) == (25.0, 100.0, False)


def test_completing_a_lesson_twice_states_it_once_and_keeps_the_first_moment(enrollment: Enrollment) -> None:
    with clock.at(MORNING):
        complete(enrollment, 1)
    assert complete(enrollment, 1) is False
    assert_stated(LessonCompleted, 1)
    row = progress_in(enrollment.id, make.lessons_of(enrollment.course)[0].id)
    assert row is not None
    assert row.completed_at == MORNING


def test_the_last_lesson_completes_the_course_once(enrollment: Enrollment) -> None:
    for place in (1, 2, 3, 4):
        complete(enrollment, place)
    assert enrollment.status == EnrollmentStatus.COMPLETED
    assert enrollment.progress_percentage == 100
    assert_stated(EnrollmentCompleted, 1)


def test_the_first_record_starts_the_course_once(enrollment: Enrollment) -> None:
    actions.record_progress(enrollment, make.lessons_of(enrollment.course)[0], Report(), actor=enrollment.user)
    complete(enrollment, 2)
    assert_stated(CourseStarted, 1)
    assert enrollment.started_at is not None


def test_the_last_lesson_visited_is_remembered(enrollment: Enrollment) -> None:
    complete(enrollment, 3)
    assert enrollment.last_lesson_id == make.lessons_of(enrollment.course)[2].id


@pytest.mark.parametrize("status", [EnrollmentStatus.DROPPED, EnrollmentStatus.COMPLETED])
def test_only_an_active_enrolment_records_progress(app: Flask, status: EnrollmentStatus) -> None:
    enrollment = make.enrollment(status=status)
    lesson = make.lessons_of(enrollment.course)[0]
    with pytest.raises(Refused):
        actions.complete_lesson(enrollment, lesson, actor=enrollment.user)
    with pytest.raises(Refused):
        actions.record_progress(enrollment, lesson, Report(seconds=5), actor=enrollment.user)
    assert db.session.query(LessonProgress).count() == 0


def test_a_lesson_of_another_course_is_refused(enrollment: Enrollment) -> None:
    foreign = make.lessons_of(make.course())[0]
    with pytest.raises(Refused):
        actions.complete_lesson(enrollment, foreign, actor=enrollment.user)
    assert enrollment.last_lesson_id is None
    assert db.session.query(LessonProgress).count() == 0


def test_a_deleted_lesson_is_refused(enrollment: Enrollment) -> None:
    lesson = make.lessons_of(enrollment.course)[0]
    delete_lesson(lesson, actor=make.admin())
    with pytest.raises(Refused):
        actions.complete_lesson(enrollment, lesson, actor=enrollment.user)


def test_an_optional_lesson_counts_for_nothing(app: Flask) -> None:
    course = make.course(lessons=1)
    extra = make.lesson(course, is_required=False)
    enrollment = make.enrollment(into=course)
    actions.complete_lesson(enrollment, extra, actor=enrollment.user)
    assert enrollment.progress_percentage == 0
    actions.complete_lesson(enrollment, make.lessons_of(course)[0], actor=enrollment.user)
    assert enrollment.is_completed


def test_a_course_without_required_lessons_is_never_complete(app: Flask) -> None:
    course = make.course(lessons=0)
    extra = make.lesson(course, is_required=False)
    enrollment = make.enrollment(into=course)
    actions.complete_lesson(enrollment, extra, actor=enrollment.user)
    assert (enrollment.progress_percentage, enrollment.is_active) == (0, True)


def test_recalculating_when_nothing_changed_states_nothing(enrollment: Enrollment) -> None:
    complete(enrollment, 1)
    actions.recalculate(enrollment)
    assert_stated(ProgressUpdated, 1)


def test_a_completed_enrolment_keeps_its_number(app: Flask) -> None:
    enrollment = make.enrollment(status=EnrollmentStatus.COMPLETED, progress_percentage=Decimal(100))
    actions.recalculate(enrollment)
    assert (enrollment.progress_percentage, enrollment.is_completed) == (100, True)


def test_who_comes_back_has_the_progress_that_was_kept(enrollment: Enrollment) -> None:
    complete(enrollment, 1)
    enrollments.drop(enrollment, actor=enrollment.user)
    enrollments.reenroll(enrollment, progress_preserved=True, actor=enrollment.user)
    assert (enrollment.status, enrollment.progress_percentage) == (EnrollmentStatus.ACTIVE, 25)


def test_starting_over_deletes_what_was_recorded(enrollment: Enrollment) -> None:
    complete(enrollment, 1)
    enrollments.drop(enrollment, actor=enrollment.user)
    actions.start_over(enrollment, actor=enrollment.user)
    assert (enrollment.status, enrollment.progress_percentage) == (EnrollmentStatus.ACTIVE, 0)
    assert (enrollment.last_lesson_id, db.session.query(LessonProgress).count()) == (None, 0)
    assert_stated(UserReenrolled, 1, progress_preserved=False, previous_progress=25.0)


def test_starting_over_is_refused_while_active(enrollment: Enrollment) -> None:
    complete(enrollment, 1)
    with pytest.raises(TransitionRefused):
        actions.start_over(enrollment, actor=enrollment.user)
    assert db.session.query(LessonProgress).count() == 1


def test_who_comes_back_after_everything_was_done_completes_at_once(app: Flask) -> None:
    course = make.course(lessons=2)
    enrollment = make.enrollment(into=course)
    first, second = make.lessons_of(course)
    actions.complete_lesson(enrollment, first, actor=enrollment.user)
    enrollments.drop(enrollment, actor=enrollment.user)
    delete_lesson(second, actor=make.admin())
    enrollments.reenroll(enrollment, actor=enrollment.user)
    assert enrollment.is_completed


def test_time_is_summed_for_the_completed_fact(enrollment: Enrollment) -> None:
    lessons = make.lessons_of(enrollment.course)
    with clock.at(MORNING):
        actions.record_progress(enrollment, lessons[0], Report(seconds=40), actor=enrollment.user)
    with clock.at(MORNING + timedelta(minutes=2)):
        actions.record_progress(enrollment, lessons[0], Report(seconds=100), actor=enrollment.user)
    for place in (1, 2, 3, 4):
        complete(enrollment, place)
    assert_stated(EnrollmentCompleted, 1, total_time_spent=140)


def test_a_document_is_done_at_its_last_page(app: Flask) -> None:
    course = make.course(lessons=1)
    document = make.lesson(course, media_id=make.media(pages=3).id)
    enrollment = make.enrollment(into=course)
    row = actions.record_progress(enrollment, document, Report(page=2), actor=enrollment.user)
    assert row.completed_at is None
    row = actions.record_progress(enrollment, document, Report(page=99), actor=enrollment.user)
    assert (row.completed_at is not None, row.current_page, row.total_pages) == (True, 3, 3)
    assert_stated(LessonCompleted, 1, lesson_id=document.id)


def test_a_facts_actor_is_the_learner(enrollment: Enrollment, drain: Callable[[], int]) -> None:
    complete(enrollment, 1)
    drain()
    assert_stated(ProgressUpdated, 1, user_id=enrollment.user_id)
