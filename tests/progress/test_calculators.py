"""The three calculators, against numbers worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses.models import ProgressMode
from app.progress.calculators import AssessmentRequirement, LessonRequirement, calculate, rounded

LESSONS, WEIGHTED, INCLUSIVE = ProgressMode
DONE = datetime(2026, 8, 17, tzinfo=UTC)


def lessons(marks: str, minutes: tuple[int, ...] = ()) -> list[LessonRequirement]:
    """`x` is done, `.` is missing: `xx.` are three lessons, the last one missing."""
    times = minutes or (10,) * len(marks)
    return [
        LessonRequirement(place, f"Materi {place}", time, DONE if mark == "x" else None)
        for place, (mark, time) in enumerate(zip(marks, times, strict=True), 1)
    ]


def assessments(marks: str) -> list[AssessmentRequirement]:
    return [AssessmentRequirement(n, f"Kuis {n}", DONE if mark == "x" else None) for n, mark in enumerate(marks, 1)]


# mode, lessons, their minutes, assessments, percentage, complete, and the sum behind the percentage
CASES = [
    (None, "", (), "", "0.0", False),  # nothing is asked for
    (LESSONS, "", (), "", "0.0", False),
    (WEIGHTED, "", (), "", "0.0", False),
    (INCLUSIVE, "", (), "", "0.0", False),
    (None, "...", (), "", "0.0", False),  # 0/3
    (None, "x..", (), "", "33.3", False),  # 1/3 = 33.33
    (None, "xx.", (), "", "66.7", False),  # 2/3 = 66.67
    (None, "xxx", (), "", "100.0", True),
    (LESSONS, "xxxxx...", (), "", "62.5", False),  # 5/8
    (LESSONS, "x" * 49 + "." * 351, (), "", "12.3", False),  # 49/400 = 12.25, half up
    (LESSONS, "x" * 1 + "." * 1999, (), "", "0.1", False),  # 1/2000 = 0.05, half up
    (LESSONS, "x" * 1999 + ".", (), "", "100.0", False),  # 99.95 rounds to 100 and is not complete
    (LESSONS, "xx", (), ".", "100.0", False),  # the number speaks of lessons only, completion of everything
    (LESSONS, "xx", (), "x", "100.0", True),
    (LESSONS, "x.", (), "x", "50.0", False),
    (LESSONS, "", (), ".", "0.0", False),  # no lesson to count: follows completion
    (LESSONS, "", (), "x", "100.0", True),
    (WEIGHTED, "x.", (30, 90), "", "25.0", False),  # 30/120
    (WEIGHTED, ".x", (30, 90), "", "75.0", False),  # 90/120
    (WEIGHTED, "x..", (5, 10, 15), "", "16.7", False),  # 5/30 = 16.67
    (WEIGHTED, "xx.", (0, 0, 0), "", "66.7", False),  # no minutes at all: as lesson_based
    (WEIGHTED, "x.", (0, 20), "", "0.0", False),  # 0/20: a lesson without minutes weighs nothing
    (WEIGHTED, ".x", (0, 20), "", "100.0", False),  # 20/20, but one lesson is missing
    (WEIGHTED, "xx", (7, 11), "", "100.0", True),
    (WEIGHTED, "xx", (7, 11), ".", "100.0", False),
    (WEIGHTED, "", (), "x", "100.0", True),
    (WEIGHTED, "x" + "." * 7, (1,) * 8, "", "12.5", False),
    (INCLUSIVE, "..", (), "..", "0.0", False),
    (INCLUSIVE, "xx", (), "..", "70.0", False),  # 0.7·100
    (INCLUSIVE, "..", (), "xx", "30.0", False),  # 0.3·100
    (INCLUSIVE, "x.", (), "x.", "50.0", False),  # 35 + 15
    (INCLUSIVE, "x..", (), "x..", "33.3", False),  # 23.33 + 10
    (INCLUSIVE, "xx.", (), "", "76.7", False),  # 46.67 + 30: the empty side counts 100
    (INCLUSIVE, "", (), "x.", "85.0", False),  # 70 + 15
    (INCLUSIVE, "", (), "x", "100.0", True),
    (INCLUSIVE, "xx", (), "", "100.0", True),
    (INCLUSIVE, "xx", (), "xx", "100.0", True),
    (INCLUSIVE, "x" + "." * 23, (), "x" + "." * 35, "3.8", False),  # 70/24 + 30/36 = 3.75 exactly, half up
    (None, "xx", (), ".", "70.0", False),  # automatic: inclusive while there is an assessment
    (None, "x.", (), "x", "65.0", False),  # 35 + 30
    (None, "xx", (), "x", "100.0", True),
]


@pytest.mark.parametrize(("mode", "marks", "minutes", "passed", "percentage", "complete"), CASES)
def test_the_number_is_the_one_worked_out_by_hand(
    mode: ProgressMode | None, marks: str, minutes: tuple[int, ...], passed: str, percentage: str, complete: bool
) -> None:
    evidence = calculate(mode, lessons(marks, minutes), assessments(passed))
    assert str(evidence.percentage) == percentage
    assert evidence.is_complete is complete


def test_the_evidence_says_what_counts_what_is_done_and_what_is_missing() -> None:
    evidence = calculate(WEIGHTED, lessons("x..", (5, 10, 15)), assessments(".x"))
    assert evidence.mode == WEIGHTED
    assert [each.title for each in evidence.missing_lessons] == ["Materi 2", "Materi 3"]
    assert [each.title for each in evidence.missing_assessments] == ["Kuis 1"]
    assert evidence.missing_minutes == 25
    assert [each.done_at for each in evidence.lessons] == [DONE, None, None]


def test_a_mode_read_from_the_database_is_a_plain_string() -> None:
    assert calculate("weighted", lessons("x.", (30, 90))).percentage == Decimal("25.0")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exact", "written"), [((49, 4), "12.3"), ((1249, 100), "12.5"), ((1, 3), "0.3"), ((0, 1), "0.0")]
)
def test_rounding_is_half_up_with_one_place(exact: tuple[int, int], written: str) -> None:
    assert str(rounded(Fraction(*exact))) == written


marks = st.text(alphabet="x.", max_size=12)
modes = st.sampled_from([None, *ProgressMode])


@given(modes, marks, st.lists(st.integers(0, 600), min_size=12, max_size=12), marks)
def test_any_number_is_between_0_and_100_with_one_place(
    mode: ProgressMode | None, done: str, minutes: list[int], passed: str
) -> None:
    evidence = calculate(mode, lessons(done, tuple(minutes[: len(done)])), assessments(passed))
    assert 0 <= evidence.percentage <= 100
    assert evidence.percentage.as_tuple().exponent == -1
    assert evidence.is_complete == ("." not in done + passed and done + passed != "")
    assert not evidence.is_complete or evidence.percentage == 100


@given(modes, marks, st.lists(st.integers(0, 600), min_size=12, max_size=12), marks, st.integers(0, 11))
def test_doing_one_thing_more_never_lowers_the_number(
    mode: ProgressMode | None, done: str, minutes: list[int], passed: str, place: int
) -> None:
    further = done[:place] + "x" + done[place + 1 :] if place < len(done) else done
    before = calculate(mode, lessons(done, tuple(minutes[: len(done)])), assessments(passed))
    after = calculate(mode, lessons(further, tuple(minutes[: len(done)])), assessments(passed))
    assert after.percentage >= before.percentage
