"""Any order of actions keeps the invariants of progress."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import at, now
from app.core.db import db
from app.core.errors import Refused
from app.courses.actions import delete_lesson, restore_lesson
from app.enrollments import actions as enrollments
from app.enrollments.models import Enrollment
from app.progress import actions
from app.progress.models import LessonProgress
from app.progress.recording import Report
from tests import make

LESSONS = 4
steps = st.lists(
    st.tuples(
        st.sampled_from(["complete", "page", "drop", "return", "start over", "delete", "restore", "recalculate"]),
        st.integers(0, LESSONS - 1),
        st.integers(-3, 12),
    ),
    min_size=1,
    max_size=14,
)


def take(step: str, place: int, number: int, enrollment: Enrollment) -> None:
    lesson = db.session.query(make.Lesson).order_by(make.Lesson.id).all()[place]
    learner, admin = enrollment.user, enrollment.course.owner
    match step:
        case "complete":
            actions.complete_lesson(enrollment, lesson, actor=learner)
        case "page":
            actions.record_progress(enrollment, lesson, Report(page=number, seconds=number), actor=learner)
        case "drop":
            enrollments.drop(enrollment, actor=learner)
        case "return":
            enrollments.reenroll(enrollment, actor=learner)
        case "start over":
            actions.start_over(enrollment, actor=learner)
        case "delete":
            delete_lesson(lesson, actor=admin)
        case "restore":
            restore_lesson(lesson, actor=admin)
        case "recalculate":
            actions.recalculate(enrollment)


def known(enrollment: Enrollment) -> dict[int, tuple[int, int, bool]]:
    rows = db.session.query(LessonProgress).filter_by(enrollment_id=enrollment.id)
    return {
        row.lesson_id: (row.highest_page_reached, row.time_spent_seconds, row.completed_at is not None) for row in rows
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_whatever_happens_in_whatever_order_the_invariants_hold(app: Flask, taken: list[tuple[str, int, int]]) -> None:
    with app.app_context():
        _clear()
        enrollment = make.enrollment(into=make.course(lessons=0, owner=make.admin()))
        for place in range(LESSONS):
            make.lesson(enrollment.course, position=place, media_id=make.media(pages=5).id)
        moment = now()
        for place, (step, lesson, number) in enumerate(taken):
            before, was_completed = known(enrollment), enrollment.is_completed
            with at(moment + timedelta(seconds=place)):
                refused = _was_refused(step, lesson, number, enrollment)
            db.session.rollback()
            after = known(enrollment)
            assert Decimal(0) <= enrollment.progress_percentage <= 100
            assert not was_completed or enrollment.is_completed
            assert not enrollment.is_completed or enrollment.completed_at is not None
            if step != "start over":
                assert all(new >= before.get(key, new) for key, new in after.items())
                assert before.keys() <= after.keys()
            if refused:
                assert after == before


def _was_refused(step: str, lesson: int, number: int, enrollment: Enrollment) -> bool:
    try:
        take(step, lesson, number, enrollment)
    except Refused:
        return True
    return False


def _clear() -> None:
    with make.transaction() as session:
        for table in (LessonProgress, Enrollment, make.Lesson, make.Section, make.Course):
            session.query(table).delete()
