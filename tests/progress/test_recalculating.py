"""A course asks for something else than before: everybody active gets the number that follows, by a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessments.actions.authoring import update_assessment
from app.certificates.models import Certificate
from app.core.clock import now
from app.core.db import db, transaction
from app.courses import actions as courses
from app.courses.models import Course, Lesson, ProgressMode
from app.enrollments import actions as enrollments
from app.enrollments.events import EnrollmentCompleted
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events import tasks
from app.events.models import Task, TaskState
from app.events.relay import tick
from app.events.steps import stepped
from app.events.worker import run
from app.notifications import kinds
from app.notifications.models import Notification
from app.progress import actions
from app.progress.consequences import Change, adding, altering, choosing_mode, consequences, deleting, restoring
from app.progress.events import ProgressUpdated
from app.progress.models import LessonProgress
from tests import make
from tests.facts import assert_stated, drain_all
from tests.pages import Person
from tests.progress.test_races import at_once

Act = Callable[[list[Lesson], User], None]


@pytest.fixture
def admin(app: Flask) -> User:
    return make.admin()


@pytest.fixture
def course(app: Flask) -> Course:
    """Four lessons of ten minutes."""
    return make.course(lessons=4)


def learners(course: Course, people: int, done: Sequence[Lesson] = ()) -> list[int]:
    """The ids of so many active enrolments, with these lessons done, and the number that follows today."""
    number = Decimal(100 * len(done)) / len(make.lessons_of(course))
    with transaction() as session:
        users = [User(name="Peserta", username=f"p{course.id}-{place}", password_hash="-") for place in range(people)]
        session.add_all(users)
        session.flush()
        made = [Enrollment(user_id=each.id, course_id=course.id, progress_percentage=number) for each in users]
        session.add_all(made)
        session.flush()
        session.add_all(
            LessonProgress(enrollment_id=each.id, lesson_id=lesson.id, completed_at=now())
            for each in made
            for lesson in done
        )
        db.session.get_one(Course, course.id).active_enrollments_count += people
        return [each.id for each in made]


def numbers(course: Course) -> dict[str, int]:
    """How many enrolments stand at which percentage."""
    db.session.rollback()
    counted = select(Enrollment.progress_percentage, func.count()).where(Enrollment.course_id == course.id)
    return {
        str(number): people for number, people in db.session.execute(counted.group_by(Enrollment.progress_percentage))
    }


def tasks_made() -> list[Task]:
    db.session.rollback()
    return list(db.session.scalars(select(Task).order_by(Task.created_at)))


def add(course: Course, admin: User) -> Lesson:
    return courses.add_lesson(course.sections[0], kind="text", title="Baru", body="Isi.", minutes=10, actor=admin)


def test_a_new_lesson_lowers_everybody(course: Course, admin: User) -> None:
    learners(course, 2, make.lessons_of(course)[:2])
    add(course, admin)
    assert numbers(course) == {"50.0": 2}  # the request that adds it does not wait for them
    drain_all()
    assert numbers(course) == {"40.0": 2}
    (task,) = tasks_made()
    assert (task.state, task.done, task.total, task.requested_by) == (TaskState.DONE, 2, 2, admin.id)
    assert_stated(ProgressUpdated, 2)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lessons, admin: courses.delete_lesson(lessons[0], actor=admin), "33.3"),
        (lambda lessons, admin: courses.delete_lesson(lessons[3], actor=admin), "66.7"),
        (lambda lessons, admin: courses.update_lesson(lessons[3], is_required=False, actor=admin), "66.7"),
        (lambda lessons, admin: courses.update_lesson(lessons[0], minutes=0, actor=admin), "50.0"),
        (lambda lessons, admin: courses.delete_section(lessons[0].section, actor=admin), "0.0"),
        (
            lambda lessons, admin: courses.update_course(
                lessons[0].section.course, progress_mode=ProgressMode.ASSESSMENT_INCLUSIVE, actor=admin
            ),
            "65.0",
        ),
    ],
    ids=["done", "missing", "requirement", "minutes", "section", "mode"],
)  # fmt: skip
def test_whatever_counts_is_counted_again(course: Course, admin: User, change: Act, expected: str) -> None:
    with transaction():
        course.status = "draft"
    lessons = make.lessons_of(course)
    learners(course, 1, lessons[:2])
    change(lessons, admin)
    drain_all()
    assert numbers(course) == {expected: 1}
    assert len(tasks_made()) == 1


def test_what_is_restored_counts_again(course: Course, admin: User) -> None:
    lessons = make.lessons_of(course)
    learners(course, 1, lessons[:2])
    courses.delete_lesson(lessons[0], actor=admin)
    drain_all()
    courses.restore_lesson(lessons[0], actor=admin)
    drain_all()
    assert numbers(course) == {"50.0": 1}


@pytest.mark.parametrize(
    "change",
    [
        lambda lessons, admin: courses.update_lesson(lessons[0], title="Lain", body="Lain.", actor=admin),
        lambda lessons, admin: courses.update_course(lessons[0].section.course, description="Lain", actor=admin),
        lambda lessons, admin: courses.place_lesson(lessons[0], 3, actor=admin),
        lambda lessons, admin: courses.add_lesson(
            lessons[0].section, kind="text", title="T", body="T", is_required=False, actor=admin
        ),
    ],
    ids=["text", "description", "place", "optional lesson"],
)
def test_what_does_not_count_asks_for_nothing(course: Course, admin: User, change: Act) -> None:
    lessons = make.lessons_of(course)
    learners(course, 1, lessons[:2])
    change(lessons, admin)
    drain_all()
    assert tasks_made() == []


def test_where_nobody_is_active_nothing_is_asked_for(course: Course, admin: User) -> None:
    make.enrollment(into=course, status=EnrollmentStatus.COMPLETED, progress_percentage=Decimal(100))
    add(course, admin)
    drain_all()
    assert tasks_made() == []


@pytest.mark.parametrize("status", [EnrollmentStatus.COMPLETED, EnrollmentStatus.DROPPED])
def test_who_is_not_active_keeps_the_number(course: Course, admin: User, status: EnrollmentStatus) -> None:
    kept = make.enrollment(into=course, status=status, progress_percentage=Decimal(100))
    learners(course, 1)
    add(course, admin)
    drain_all()
    assert (kept.status, kept.progress_percentage) == (status, 100)
    assert_stated(EnrollmentCompleted, 0)


def test_who_lacked_only_the_lesson_that_went_completes_once_with_certificate_and_mail(
    course: Course, admin: User
) -> None:
    lessons = make.lessons_of(course)
    enrollment = make.enrollment(into=course)
    for lesson in lessons[:3]:
        actions.complete_lesson(enrollment, lesson, actor=enrollment.user)
    courses.delete_lesson(lessons[3], actor=admin)
    drain_all()
    assert (enrollment.is_completed, enrollment.progress_percentage) == (True, 100)
    assert (course.active_enrollments_count, course.completed_enrollments_count) == (0, 1)
    assert_stated(EnrollmentCompleted, 1)
    assert len(db.session.scalars(select(Certificate)).all()) == 1
    told = db.session.scalars(select(Notification.type).where(Notification.user_id == enrollment.user_id)).all()
    assert sorted(told) == [kinds.CERTIFICATE, kinds.COMPLETED]
    courses.restore_lesson(lessons[3], actor=admin)
    drain_all()
    assert (enrollment.is_completed, enrollment.progress_percentage) == (True, 100)
    assert_stated(EnrollmentCompleted, 1)


def test_who_lacked_only_an_assessment_completes_when_it_is_not_required_any_more(course: Course, admin: User) -> None:
    assessment = make.assessment(course)
    enrollment = make.enrollment(into=course)
    for lesson in make.lessons_of(course):
        actions.complete_lesson(enrollment, lesson, actor=enrollment.user)
    drain_all()
    assert (enrollment.is_completed, enrollment.progress_percentage) == (False, 70)
    update_assessment(assessment, title="Kuis", passing_score=60, actor=admin)
    drain_all()
    assert tasks_made() == []
    update_assessment(assessment, is_required=False, actor=admin)
    drain_all()
    assert (enrollment.is_completed, enrollment.progress_percentage) == (True, 100)
    assert_stated(EnrollmentCompleted, 1)


def test_an_assessment_that_becomes_required_lowers_who_has_not_passed_it(course: Course, admin: User) -> None:
    assessment = make.assessment(course, is_required=False)
    learners(course, 1, make.lessons_of(course)[:2])
    update_assessment(assessment, is_required=True, actor=admin)
    drain_all()
    assert numbers(course) == {"35.0": 1}


@pytest.mark.parametrize(
    ("change", "act"),
    [
        (lambda lessons: adding(minutes=10), lambda lessons, admin: add(lessons[0].section.course, admin)),
        (lambda lessons: deleting(lessons[3]), lambda lessons, admin: courses.delete_lesson(lessons[3], actor=admin)),
        (lambda lessons: restoring(lessons[4]), lambda lessons, admin: courses.restore_lesson(lessons[4], actor=admin)),
        (
            lambda lessons: altering(lessons[0], minutes=50, is_required=True),
            lambda lessons, admin: courses.update_lesson(lessons[0], minutes=50, actor=admin),
        ),
        (
            lambda lessons: choosing_mode(ProgressMode.LESSON_BASED),
            lambda lessons, admin: courses.update_course(
                lessons[0].section.course, progress_mode=ProgressMode.LESSON_BASED, actor=admin
            ),
        ),
    ],
    ids=["adding", "deleting", "restoring", "altering", "mode"],
)
def test_what_was_foretold_is_what_happens(
    course: Course, admin: User, change: Callable[[list[Lesson]], Change], act: Act
) -> None:
    lessons = make.lessons_of(course)
    lessons.append(make.lesson(course, minutes=5, deleted_at=now()))
    with transaction():
        course.progress_mode = ProgressMode.WEIGHTED
        lessons[0].minutes = 40
    learners(course, 1, lessons[:3])
    make.enrollment(into=course)
    foretold = consequences(course, change(lessons))
    act(lessons, admin)
    drain_all()
    expected = {str(each.after) for each in foretold.moves} | ({"0.0"} if foretold.unmoved else set())
    assert set(numbers(course)) == expected
    assert_stated(EnrollmentCompleted, foretold.completing)


def test_a_task_of_many_goes_in_steps_and_a_killed_worker_is_followed_by_one_that_goes_on(
    course: Course, admin: User
) -> None:
    learners(course, 2 * tasks.STEP_ROWS + 30, make.lessons_of(course)[:2])
    add(course, admin)
    run(tick(500))
    run(tick(500))  # the task is asked for, its first step is done, and then there is no worker any more
    assert numbers(course) == {"40.0": 100, "50.0": 130}
    drain_all()
    assert numbers(course) == {"40.0": 230}
    assert_stated(ProgressUpdated, 230)
    (task,) = tasks_made()
    assert (task.state, task.done, task.total) == (TaskState.DONE, 230, 230)
    assert task.report["moved"] == 230


def test_a_worker_that_dies_inside_a_step_leaves_nothing_of_it(course: Course, admin: User) -> None:
    learners(course, 130, make.lessons_of(course)[:2])
    add(course, admin)
    run(tick(500))
    deaths = 0

    def die(name: str) -> None:
        nonlocal deaths
        if name == "delivery.effected" and tasks_under_way():
            deaths += 1
            raise SystemExit

    with stepped.connected_to(die), pytest.raises(SystemExit):
        run(tick(500))
    assert deaths == 1
    assert numbers(course) == {"50.0": 130}
    assert_stated(ProgressUpdated, 0)
    drain_all()
    assert numbers(course) == {"40.0": 130}
    assert_stated(ProgressUpdated, 130)


def tasks_under_way() -> bool:
    """Whether the transaction that is open here has done a step."""
    return any(isinstance(row, Task) and row.done for row in db.session.identity_map.values())


def test_several_changes_in_a_row_are_one_task(course: Course, admin: User) -> None:
    learners(course, 3, make.lessons_of(course)[:2])
    for _ in range(4):
        add(course, admin)
    drain_all()
    assert numbers(course) == {"25.0": 3}
    assert len(tasks_made()) == 1
    add(course, admin)
    drain_all()
    assert len(tasks_made()) == 2  # the first one was finished


def test_a_change_while_the_task_is_at_work_sends_it_back_to_its_beginning(course: Course, admin: User) -> None:
    learners(course, 130, make.lessons_of(course)[:2])
    add(course, admin)
    run(tick(500))
    run(tick(500))
    assert numbers(course) == {"40.0": 100, "50.0": 30}
    add(course, admin)
    run(tick(500, only=["progress_recalculate_course"]))
    (task,) = tasks_made()
    assert (task.state, task.done) == (TaskState.RUNNING, 0)
    drain_all()
    assert numbers(course) == {"33.3": 130}
    (task,) = tasks_made()
    assert (task.state, task.done, task.total) == (TaskState.DONE, 130, 130)


def test_who_drops_out_or_comes_back_meanwhile_is_not_waited_for_and_not_left_out(course: Course, admin: User) -> None:
    ids = learners(course, 201, make.lessons_of(course)[:2])
    first, last = (db.session.get_one(Enrollment, each) for each in (ids[0], ids[-1]))
    enrollments.drop(first, actor=admin)
    add(course, admin)
    run(tick(500))
    enrollments.reenroll(first, actor=admin)
    drain_all()
    assert numbers(course) == {"40.0": 201}
    add(course, admin)
    run(tick(500))
    enrollments.drop(last, actor=admin)
    drain_all()
    assert numbers(course) == {"33.3": 200, "40.0": 1}
    assert {task.state for task in tasks_made()} == {TaskState.DONE}


def test_a_lesson_completed_while_the_course_is_counted_again_is_not_lost(app: Flask, course: Course) -> None:
    """Learners, the author and the worker at the same time: everybody ends at what the course asks for then."""
    lessons = make.lessons_of(course)
    ids = learners(course, 4, lessons[:3])
    last, admin_id, gone = lessons[3].id, make.admin().id, lessons[0].id
    acts: list[Callable[[], object]] = [lambda each=each: _completes(each, last) for each in ids]  # type: ignore[misc]
    acts += [lambda: _deletes(gone, admin_id), drain_quietly, drain_quietly]
    db.session.rollback()
    errors = at_once(app, len(acts), lambda: acts.pop()())
    drain_all()
    assert errors == []
    assert numbers(course) == {"100.0": 4}
    assert_stated(EnrollmentCompleted, 4)
    db.session.rollback()
    assert (course.active_enrollments_count, course.completed_enrollments_count) == (0, 4)
    assert len(db.session.scalars(select(Certificate)).all()) == 4


def _completes(enrollment_id: int, lesson_id: int) -> None:
    enrollment = db.session.get_one(Enrollment, enrollment_id)
    actions.complete_lesson(enrollment, db.session.get_one(Lesson, lesson_id), actor=enrollment.user)


def _deletes(lesson_id: int, admin_id: int) -> None:
    courses.delete_lesson(db.session.get_one(Lesson, lesson_id), actor=db.session.get_one(User, admin_id))


def drain_quietly() -> None:
    run(tick(500))


def test_two_who_do_the_same_step_at_once_count_everybody_once(app: Flask, course: Course, admin: User) -> None:
    learners(course, 5, make.lessons_of(course)[:3])
    courses.delete_lesson(make.lessons_of(course)[3], actor=admin)
    run(tick(500))
    rings = tick(500)
    db.session.rollback()
    assert at_once(app, 4, lambda: run(rings)) == []
    drain_all()
    assert numbers(course) == {"100.0": 5}
    assert_stated(EnrollmentCompleted, 5)


def test_the_author_sees_how_far_it_is(app: Flask, course: Course) -> None:
    author = course.owner
    with transaction():
        course.status = "draft"
    learners(course, 3, make.lessons_of(course)[:2])
    add(course, author)
    run(tick(500))
    (task,) = tasks_made()
    page = Person(app).logs_in(author.email or "").opens(f"/pekerjaan/{task.id}")
    assert page.sees("Hitung ulang progres peserta")
    assert page.sees("0 dari 3")
    drain_all()
    assert page.opens(f"/pekerjaan/{task.id}").sees("Progres 3 peserta berubah.")
    assert page.links["Ke kursus"] == f"/kelola/kursus/{course.slug}"
