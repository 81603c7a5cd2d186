"""How far a learner is in a course, and why: pure functions from requirements to evidence.

A calculator answers an exact fraction of 100; it is rounded once, half up, to a `Decimal` with one place. The rules
are those of the domain contract: the calculator decides the number, complete is complete by every one alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Protocol

from app.courses.models import ProgressMode

NOTHING, HUNDRED = Fraction(0), Fraction(100)
LESSON_SHARE, ASSESSMENT_SHARE = Fraction(7, 10), Fraction(3, 10)


class Requirement(Protocol):
    """Something that the course asks for; `done_at` is None while it is missing."""

    @property
    def done_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class LessonRequirement:
    """A living required lesson, and when this learner completed it."""

    id: int
    title: str
    minutes: int
    done_at: datetime | None


@dataclass(frozen=True)
class AssessmentRequirement:
    """A published required assessment, and when this learner passed it."""

    id: int
    title: str
    done_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """What counts, what of it is done and when, what is missing, and the number that follows."""

    mode: ProgressMode
    lessons: tuple[LessonRequirement, ...]
    assessments: tuple[AssessmentRequirement, ...]
    percentage: Decimal

    @property
    def missing_lessons(self) -> tuple[LessonRequirement, ...]:
        return tuple(each for each in self.lessons if each.done_at is None)

    @property
    def missing_assessments(self) -> tuple[AssessmentRequirement, ...]:
        return tuple(each for each in self.assessments if each.done_at is None)

    @property
    def missing_minutes(self) -> int:
        return sum(each.minutes for each in self.missing_lessons)

    @property
    def is_complete(self) -> bool:
        """Every required lesson is done and every required assessment passed; never true of a course without any."""
        return _all_done(self.lessons, self.assessments)


Lessons = Sequence[LessonRequirement]
Assessments = Sequence[AssessmentRequirement]


def calculate(mode: ProgressMode | None, lessons: Lessons, assessments: Assessments = ()) -> Evidence:
    """The evidence under the course's mode; None chooses by whether there is an assessment to pass."""
    if mode is None:
        mode = ProgressMode.ASSESSMENT_INCLUSIVE if assessments else ProgressMode.LESSON_BASED
    mode = ProgressMode(mode)
    exact = CALCULATORS[mode](lessons, assessments) if lessons or assessments else NOTHING
    return Evidence(mode, tuple(lessons), tuple(assessments), rounded(exact))


def rounded(exact: Fraction) -> Decimal:
    """One place, half up: 12.25 → 12.3."""
    return Decimal(floor(exact * 10 + Fraction(1, 2))).scaleb(-1)


def lesson_based(lessons: Lessons, assessments: Assessments) -> Fraction:
    """D / L · 100. Without lessons the number can only follow completion: 100 when complete, else 0."""
    if not lessons:
        return HUNDRED if _all_done(lessons, assessments) else NOTHING
    return _share(lessons)


def weighted(lessons: Lessons, assessments: Assessments) -> Fraction:
    """The minutes done of all minutes; as `lesson_based` when no lesson has any."""
    total = sum(each.minutes for each in lessons)
    if total == 0:
        return lesson_based(lessons, assessments)
    return Fraction(100 * sum(each.minutes for each in lessons if each.done_at is not None), total)


def assessment_inclusive(lessons: Lessons, assessments: Assessments) -> Fraction:
    """0.7 · lessons + 0.3 · assessments; a side that has nothing counts 100."""
    return LESSON_SHARE * _share(lessons) + ASSESSMENT_SHARE * _share(assessments)


Calculator = Callable[[Lessons, Assessments], Fraction]
CALCULATORS: dict[ProgressMode, Calculator] = {
    ProgressMode.LESSON_BASED: lesson_based,
    ProgressMode.WEIGHTED: weighted,
    ProgressMode.ASSESSMENT_INCLUSIVE: assessment_inclusive,
}


def _share(requirements: Sequence[Requirement]) -> Fraction:
    if not requirements:
        return HUNDRED
    return Fraction(100 * sum(each.done_at is not None for each in requirements), len(requirements))


def _all_done(lessons: Sequence[Requirement], assessments: Sequence[Requirement]) -> bool:
    everything = (*lessons, *assessments)
    return bool(everything) and all(each.done_at is not None for each in everything)
