"""Enrolling, leaving, coming back, completing."""

from __future__ import annotations

import contextlib
from collections import Counter
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused
from app.courses.models import Course, CourseStatus, Visibility
from app.enrollments import actions
from app.enrollments.events import CourseStarted, EnrollmentCompleted, UserDropped, UserEnrolled, UserReenrolled
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.enrollments.queries import enrollment_of, enrollments_of_user
from app.events import StateTransitioned
from app.progress.models import LessonProgress
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person
from tests.statements import statements

ACTIVE, COMPLETED, DROPPED = EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED, EnrollmentStatus.DROPPED


def counters(course: Course) -> tuple[int, int]:
    db.session.refresh(course)
    return course.active_enrollments_count, course.completed_enrollments_count


def test_who_enrols_is_in_the_course(app: Flask) -> None:
    learner, course = make.user(), make.course()
    enrollment = actions.enroll(course, actor=learner)
    assert (enrollment.status, enrollment.progress_percentage) == (ACTIVE, 0)
    assert counters(course) == (1, 0)
    assert_stated(UserEnrolled, enrollment_id=enrollment.id, user_id=learner.id, course_id=course.id, invited_by=None)


@pytest.mark.parametrize("role", list(Role))
def test_staff_may_learn_too(app: Flask, role: Role) -> None:
    assert actions.enroll(make.course(), actor=make.user(role)).is_active


@pytest.mark.parametrize(
    ("status", "visibility"),
    [
        (CourseStatus.DRAFT, Visibility.PUBLIC),
        (CourseStatus.ARCHIVED, Visibility.PUBLIC),
        (CourseStatus.PUBLISHED, Visibility.RESTRICTED),
        (CourseStatus.PUBLISHED, Visibility.HIDDEN),
    ],
)
@pytest.mark.parametrize("role", [Role.LEARNER, Role.LMS_ADMIN])
def test_nobody_enrols_where_nobody_is_taken(
    app: Flask, status: CourseStatus, visibility: Visibility, role: Role
) -> None:
    course = make.course(status=status, visibility=visibility)
    with pytest.raises(actions.EnrollmentClosed):
        actions.enroll(course, actor=make.user(role))
    assert counters(course) == (0, 0)
    assert stated(UserEnrolled) == []


@pytest.mark.parametrize(("status", "words"), [(ACTIVE, "sudah terdaftar"), (COMPLETED, "sudah menyelesaikan")])
def test_nobody_enrols_twice(app: Flask, status: EnrollmentStatus, words: str) -> None:
    enrollment = make.enrollment(status=status)
    with pytest.raises(actions.AlreadyEnrolled, match=words):
        actions.enroll(enrollment.course, actor=enrollment.user)
    assert stated(UserEnrolled) == stated(UserReenrolled) == []


def test_of_twenty_tries_at_once_one_enrols(app: Flask) -> None:
    learner, course = make.user().id, make.course().id
    start, refused = Barrier(20), []

    def enrol() -> None:
        start.wait()
        with app.app_context():
            from_here = (db.session.get_one(Course, course), db.session.get_one(User, learner))
            try:
                actions.enroll(from_here[0], actor=from_here[1])
            except actions.AlreadyEnrolled as refusal:
                refused.append(refusal)

    threads = [Thread(target=enrol) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Enrollment)) == 1
    assert len(refused) == 19
    assert_stated(UserEnrolled)
    assert counters(db.session.get_one(Course, course)) == (1, 0)


def test_who_drops_keeps_the_progress(app: Flask) -> None:
    enrollment = make.enrollment(progress_percentage=Decimal("62.5"))
    actions.drop(enrollment, "Terlalu sibuk", actor=enrollment.user)
    assert (enrollment.status, enrollment.drop_reason) == (DROPPED, "Terlalu sibuk")
    assert enrollment.dropped_at is not None
    assert counters(enrollment.course) == (0, 0)
    assert_stated(UserDropped, enrollment_id=enrollment.id, reason="Terlalu sibuk", progress_at_drop=62.5)
    assert_stated(StateTransitioned, aggregate_type="enrollment", from_state="active", to_state="dropped")


@pytest.mark.parametrize(("status", "words"), [(COMPLETED, "sudah selesai"), (DROPPED, "sudah berhenti")])
def test_only_an_active_enrolment_is_dropped(app: Flask, status: EnrollmentStatus, words: str) -> None:
    enrollment = make.enrollment(status=status)
    with pytest.raises(actions.NotEnrolled, match=words):
        actions.drop(enrollment, actor=enrollment.user)
    assert stated(UserDropped) == []


def test_who_comes_back_takes_the_same_enrolment_up(app: Flask) -> None:
    enrollment = make.enrollment(into=make.course(lessons=2), status=DROPPED, progress_percentage=Decimal(50))
    with transaction() as session:
        first = make.lessons_of(enrollment.course)[0]
        session.add(LessonProgress(enrollment_id=enrollment.id, lesson_id=first.id, completed_at=now()))
    again = actions.enroll(enrollment.course, actor=enrollment.user)
    assert again.id == enrollment.id
    assert (again.status, again.progress_percentage, again.dropped_at, again.drop_reason) == (ACTIVE, 50, None, None)
    assert counters(enrollment.course) == (1, 0)
    assert_stated(UserReenrolled, progress_preserved=True, previous_progress=50.0)
    assert stated(UserEnrolled) == []


def test_who_starts_over_begins_at_nothing(app: Flask) -> None:
    enrollment = make.enrollment(status=DROPPED, progress_percentage=Decimal(50))
    actions.reenroll(enrollment, progress_preserved=False, actor=enrollment.user)
    assert enrollment.progress_percentage == 0
    assert_stated(UserReenrolled, progress_preserved=False, previous_progress=50.0)


def test_nobody_comes_back_into_a_closed_course(app: Flask) -> None:
    enrollment = make.enrollment(into=make.course(published=False), status=DROPPED)
    for act in (actions.reenroll, lambda e, actor: actions.enroll(e.course, actor=actor)):
        with pytest.raises(actions.EnrollmentClosed):
            act(enrollment, actor=enrollment.user)


def test_only_a_dropped_enrolment_is_taken_up_again(app: Flask) -> None:
    for status in (ACTIVE, COMPLETED):
        enrollment = make.enrollment(status=status)
        with pytest.raises(Refused):
            actions.reenroll(enrollment, actor=enrollment.user)


def test_completing_happens_once(app: Flask) -> None:
    enrollment = make.enrollment()
    assert actions.complete(enrollment, total_time_spent=90)
    assert not actions.complete(enrollment, total_time_spent=90)
    assert (enrollment.status, enrollment.completed_at is not None) == (COMPLETED, True)
    assert counters(enrollment.course) == (0, 1)
    assert_stated(EnrollmentCompleted, enrollment_id=enrollment.id, total_time_spent=90)


def test_a_dropped_enrolment_is_not_completed(app: Flask) -> None:
    assert not actions.complete(make.enrollment(status=DROPPED), total_time_spent=0)
    assert stated(EnrollmentCompleted) == []


def test_of_twenty_completions_at_once_one_counts(app: Flask) -> None:
    enrollment, course = make.enrollment(), make.course()
    key, start, won = enrollment.id, Barrier(20), []

    def complete() -> None:
        start.wait()
        with app.app_context():
            won.append(actions.complete(db.session.get_one(Enrollment, key), total_time_spent=0))

    threads = [Thread(target=complete) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    assert Counter(won) == {True: 1, False: 19}
    assert_stated(EnrollmentCompleted)
    assert counters(course) == (0, 0)


def test_a_course_starts_once(app: Flask) -> None:
    enrollment = make.enrollment()
    assert actions.start(enrollment)
    assert not actions.start(enrollment)
    assert_stated(CourseStarted, enrollment_id=enrollment.id)


@pytest.mark.parametrize("status", [COMPLETED, DROPPED])
def test_only_an_active_enrolment_moves(app: Flask, status: EnrollmentStatus) -> None:
    enrollment = make.enrollment(status=status)
    assert not actions.start(enrollment)
    assert not actions.set_progress(enrollment, Decimal(10))
    assert enrollment.progress_percentage == 0


def test_progress_is_written_when_it_differs(app: Flask) -> None:
    enrollment = make.enrollment()
    assert actions.set_progress(enrollment, Decimal("12.5"))
    assert not actions.set_progress(enrollment, Decimal("12.5"))
    assert enrollment.progress_percentage == Decimal("12.5")


VERBS = ["enroll", "drop", "reenroll", "restart", "complete", "start"]


@given(st.lists(st.sampled_from(VERBS), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_counters_and_states_agree(app: Flask, verbs: list[str]) -> None:
    learner, course = make.user(), make.course(lessons=0)
    completed_before = False
    for verb in verbs:
        enrollment = enrollment_of(learner.id, course.id)
        if enrollment is None and verb != "enroll":
            continue
        acts = {
            "enroll": lambda _: actions.enroll(course, actor=learner),
            "drop": lambda e: actions.drop(e, actor=learner),
            "reenroll": lambda e: actions.reenroll(e, actor=learner),
            "restart": lambda e: actions.reenroll(e, progress_preserved=False, actor=learner),
            "complete": lambda e: actions.complete(e, total_time_spent=0),
            "start": lambda e: actions.start(e),
        }
        with contextlib.suppress(Refused):
            acts[verb](enrollment)
        found = enrollment_of(learner.id, course.id)
        assert found is not None
        assert counters(course) == (int(found.status == ACTIVE), int(found.status == COMPLETED))
        assert not (completed_before and found.status != COMPLETED)
        completed_before = found.status == COMPLETED
    assert len(stated(UserEnrolled, user_id=learner.id)) <= 1
    assert len(stated(CourseStarted, user_id=learner.id)) <= 1
    assert len(stated(EnrollmentCompleted, user_id=learner.id)) <= 1


def test_the_enrolments_of_a_person_come_with_their_courses_by_one_statement(app: Flask) -> None:
    learner = make.user()
    for _ in range(3):
        make.enrollment(learner)
    make.enrollment()
    key = learner.id
    with statements() as seen:
        titles = [each.course.title for each in enrollments_of_user(key)]
    assert (len(titles), len(seen)) == (3, 1)


def test_enrolling_costs_at_most_ten_statements(app: Flask) -> None:
    learner, course = make.user(), make.course()
    with statements() as seen:
        actions.enroll(course, actor=learner)
    assert len(seen) <= 10, seen


def test_the_button_leads_into_the_course(app: Flask) -> None:
    learner, course = make.user(), make.course()
    person = Person(app).logs_in(str(learner.email)).opens(f"/kursus/{course.slug}").submits("Ikuti Kursus")
    assert person.status == 200
    assert person.path.startswith(f"/belajar/{course.slug}")
    assert person.sees("Anda terdaftar di kursus")


def test_the_button_pressed_twice_is_refused_kindly(app: Flask) -> None:
    learner, course = make.user(), make.course()
    person = Person(app).logs_in(str(learner.email)).opens(f"/kursus/{course.slug}")
    other = Person(app).logs_in(str(learner.email)).opens(f"/kursus/{course.slug}")
    person.submits("Ikuti Kursus")
    again = other.submits("Ikuti Kursus")
    assert (again.status, again.path) == (200, f"/kursus/{course.slug}")
    assert again.sees("Anda sudah terdaftar di kursus ini.")


def test_one_leaves_by_a_page_that_asks(app: Flask) -> None:
    enrollment = make.enrollment(progress_percentage=Decimal("62.5"))
    course = enrollment.course
    person = Person(app).logs_in(str(enrollment.user.email)).opens(f"/kursus/{course.slug}")
    person.follows("Berhenti dari kursus ini")
    assert person.sees("62,5%")
    person.submits("Berhenti", reason="Terlalu sibuk")
    assert person.path == f"/kursus/{course.slug}"
    db.session.refresh(enrollment)
    assert (enrollment.status, enrollment.drop_reason) == (DROPPED, "Terlalu sibuk")
    assert person.submits("Ikuti Lagi").path.startswith("/belajar/")


@pytest.mark.parametrize(
    "hidden", [{"status": CourseStatus.DRAFT}, {"status": CourseStatus.ARCHIVED}, {"visibility": Visibility.HIDDEN}]
)
def test_who_leaves_a_course_that_is_not_shown_any_more_comes_home(app: Flask, hidden: dict[str, Any]) -> None:
    enrollment = make.enrollment(into=make.course(**hidden))
    person = Person(app).logs_in(str(enrollment.user.email)).opens(f"/kursus/{enrollment.course.slug}/berhenti")
    person.submits("Berhenti")
    assert (person.status, person.path) == (200, "/")
    assert person.sees("Anda berhenti dari kursus")
    person.opens(f"/kursus/{enrollment.course.slug}/berhenti")
    assert person.sees("Tidak ada yang perlu dihentikan")
    assert person.links["Ke Beranda"] == "/"
    assert f"/kursus/{enrollment.course.slug}" not in person.links.values()


def test_a_reason_that_is_too_long_comes_back(app: Flask) -> None:
    enrollment = make.enrollment()
    person = Person(app).logs_in(str(enrollment.user.email)).opens(f"/kursus/{enrollment.course.slug}/berhenti")
    refused = person.submits("Berhenti", reason="x" * 501)
    assert refused.status == 422
    assert "x" * 501 in refused.response.text


@pytest.mark.parametrize("page", ["/kursus/{}/berhenti", "/kursus/{}/ikuti"])
def test_guests_are_asked_to_sign_in_first(app: Flask, page: str) -> None:
    course = make.course()
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post(page.format(course.slug))
    assert answer.location == f"/masuk?next=/kursus/{course.slug}"


def test_who_is_not_in_a_course_cannot_leave_it(app: Flask) -> None:
    course = make.course()
    person = Person(app).logs_in(str(make.user().email))
    assert person.opens(f"/kursus/{course.slug}/berhenti").status == 404
    assert person.opens("/kursus/tidak-ada/berhenti").status == 404


@pytest.mark.parametrize("status", [COMPLETED, DROPPED])
def test_where_there_is_nothing_to_leave_the_page_says_so(app: Flask, status: EnrollmentStatus) -> None:
    enrollment = make.enrollment(status=status)
    person = Person(app).logs_in(str(enrollment.user.email)).opens(f"/kursus/{enrollment.course.slug}/berhenti")
    assert person.sees("Tidak ada yang perlu dihentikan")
