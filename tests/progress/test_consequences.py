"""What a change would do: the same numbers as the recalculation, and nothing is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, render_template_string

from app.core.clock import now
from app.core.db import transaction
from app.courses.actions import delete_lesson, delete_section
from app.courses.models import Course, Lesson, ProgressMode
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.progress.consequences import (
    Change,
    Consequence,
    Move,
    adding,
    altering,
    choosing_mode,
    consequences,
    deleting,
    restoring,
    restoring_section,
)
from app.progress.models import LessonProgress
from tests import make
from tests.statements import statements


def learners(course: Course, people: int, *done: Lesson, **fields: object) -> list[Enrollment]:
    """Active learners who have done these lessons."""
    made = [make.enrollment(into=course, **fields) for _ in range(people)]
    with transaction() as session:
        session.add_all(
            LessonProgress(enrollment_id=each.id, lesson_id=lesson.id, completed_at=now())
            for each in made
            for lesson in done
        )
    return made


def moves(result: Consequence) -> set[tuple[int, str, str, bool]]:
    return {(each.people, str(each.before), str(each.after), each.completes) for each in result.moves}


@pytest.fixture
def course(app: Flask) -> Course:
    """Four lessons of ten minutes; 2 have done one, 3 have done three."""
    course = make.course(lessons=4)
    lessons = make.lessons_of(course)
    learners(course, 2, lessons[0])
    learners(course, 3, *lessons[:3])
    return course


def test_a_new_lesson_takes_from_those_who_have_done_something(course: Course) -> None:
    learners(course, 4)
    result = consequences(course, adding(minutes=10))
    assert moves(result) == {(2, "25.0", "20.0", False), (3, "75.0", "60.0", False)}
    assert (result.unmoved, result.is_felt) == (4, True)


def test_a_new_optional_lesson_is_felt_by_nobody(course: Course) -> None:
    result = consequences(course, adding(minutes=10, is_required=False))
    assert (result.moves, result.unmoved, result.is_felt) == ((), 5, False)


def test_deleting_a_lesson_completes_whom_only_that_one_kept(course: Course) -> None:
    result = consequences(course, deleting(make.lessons_of(course)[3]))
    assert moves(result) == {(3, "75.0", "100.0", True), (2, "25.0", "33.3", False)}
    assert result.completing == 3
    assert [each.people for each in result.rises] == [2]
    assert result.falls == ()


def test_deleting_what_one_has_done_takes_it_from_the_number(course: Course) -> None:
    result = consequences(course, deleting(make.lessons_of(course)[0]))
    assert moves(result) == {(2, "25.0", "0.0", False), (3, "75.0", "66.7", False)}
    assert [str(each.after) for each in result.falls] == ["0.0", "66.7"]  # who falls furthest comes first


def test_deleting_every_lesson_completes_nobody(course: Course) -> None:
    result = consequences(course, deleting(*course.sections[0].lessons))
    assert {(each.after, each.completes) for each in result.moves} == {(Decimal("0.0"), False)}


def test_what_is_restored_counts_for_those_who_had_done_it(course: Course) -> None:
    lesson = make.lessons_of(course)[0]
    delete_lesson(lesson, actor=make.admin())
    assert moves(consequences(course, restoring(lesson))) == {(2, "0.0", "25.0", False), (3, "66.7", "75.0", False)}


def test_a_restored_optional_lesson_is_felt_by_nobody(course: Course) -> None:
    lesson = make.lesson(course, is_required=False)
    delete_lesson(lesson, actor=make.admin())
    assert not consequences(course, restoring(lesson)).is_felt


def test_a_restored_section_brings_back_what_went_with_it_and_no_more(course: Course) -> None:
    section = make.section(course)
    first, second = make.lesson(section), make.lesson(section)
    delete_lesson(first, actor=make.admin())
    delete_section(section, actor=make.admin())
    result = consequences(course, restoring_section(section))
    assert moves(result) == {(2, "25.0", "20.0", False), (3, "75.0", "60.0", False)}
    assert second.deleted_at is not None


def test_minutes_count_where_they_are_counted(course: Course) -> None:
    lesson = make.lessons_of(course)[0]
    change = altering(lesson, minutes=30, is_required=True)
    assert not consequences(course, change).is_felt
    with transaction():
        course.progress_mode = ProgressMode.WEIGHTED
    assert moves(consequences(course, change)) == {(2, "25.0", "50.0", False), (3, "75.0", "83.3", False)}


def test_a_lesson_that_is_not_required_any_more_counts_no_more(course: Course) -> None:
    last = make.lessons_of(course)[3]
    result = consequences(course, altering(last, minutes=10, is_required=False))
    assert result.completing == 3


def test_an_optional_lesson_that_becomes_required_counts_from_then_on(course: Course) -> None:
    extra = make.lesson(course, is_required=False)
    result = consequences(course, altering(extra, minutes=10, is_required=True))
    assert moves(result) == {(2, "25.0", "20.0", False), (3, "75.0", "60.0", False)}


def test_another_way_of_reckoning_moves_the_numbers(course: Course) -> None:
    with transaction():
        make.lessons_of(course)[0].minutes = 70
    result = consequences(course, choosing_mode(ProgressMode.WEIGHTED))
    assert moves(result) == {(2, "25.0", "70.0", False), (3, "75.0", "90.0", False)}
    assert not consequences(course, choosing_mode(ProgressMode.LESSON_BASED)).is_felt


def test_only_who_is_active_moves(course: Course) -> None:
    lessons = make.lessons_of(course)
    learners(course, 2, *lessons, status=EnrollmentStatus.COMPLETED, progress_percentage=Decimal(100))
    learners(course, 1, lessons[0], status=EnrollmentStatus.DROPPED)
    learners(make.course(), 1)
    result = consequences(course, adding(minutes=10))
    assert (sum(each.people for each in result.moves), result.unmoved, result.completed) == (5, 0, 2)


def test_who_is_through_already_is_not_said_to_complete_by_it(app: Flask) -> None:
    course = make.course(lessons=2)
    learners(course, 1, *make.lessons_of(course))  # the recalculation is still under way
    assert consequences(course, deleting(make.lessons_of(course)[0])).moves == ()


def test_nothing_is_written_and_three_statements_read_it_all(course: Course) -> None:
    lessons = make.lessons_of(course)
    change: Change = deleting(lessons[0])
    for _ in range(2):
        learners(course, 10, lessons[1])
        _title = course.title  # the row is there
        with statements() as seen:
            consequences(course, change)
        assert len(seen) == 3, seen
        assert all(each.startswith("SELECT") for each in seen)


MACRO = "{% from 'components/consequence.html' import consequence %}{{ consequence(result) }}"


def said(app: Flask, result: Consequence) -> str:
    with app.test_request_context():
        return render_template_string(MACRO, result=result)


def move(people: int, before: str, after: str, *, completes: bool = False) -> Move:
    return Move(people, Decimal(before), Decimal(after), completes)


def test_the_consequence_is_said_in_words(app: Flask) -> None:
    result = Consequence(
        412, 8, (move(57, "100.0", "90.9"), move(12, "50.0", "54.5"), move(3, "90.0", "100.0", completes=True))
    )
    text = said(app, result)
    for sentence in (
        "57 peserta turun dari 100% ke 90,9%.",
        "12 peserta naik dari 50% ke 54,5%.",
        "3 peserta langsung selesai dan menerima sertifikat.",
        "Progres 8 peserta aktif tidak berubah.",
        "412 peserta yang sudah selesai tetap selesai.",
    ):
        assert sentence in text


def test_many_different_moves_are_summed_up(app: Flask) -> None:
    falls = [move(place, f"{place}0.0", "5.0") for place in (1, 2, 3, 4)]
    text = said(app, Consequence(0, 0, tuple(falls)))
    assert "10 peserta turun, paling jauh dari 40% ke 5%." in text
    assert text.count("<li>") == 1


def test_where_nobody_learns_nothing_is_said(app: Flask) -> None:
    assert said(app, consequences(make.course(), adding(minutes=5))).strip() == ""
