"""What a change to a course would do to those who learn there: reckoned before it is made, nothing is written.

    consequences(course, deleting(lesson))

The numbers come from the calculators that the recalculation uses afterwards.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, select

from app.core.clock import now
from app.core.db import db
from app.courses.models import Course, Lesson, ProgressMode, Section
from app.courses.queries import gone_with
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.progress.calculators import AssessmentRequirement, Evidence, LessonRequirement, calculate
from app.progress.models import LessonProgress
from app.progress.queries import assessment_requirements, required_lessons


@dataclass(frozen=True)
class Plan:
    """What decides the percentages of a course: its mode and its living required lessons."""

    mode: ProgressMode | None
    lessons: tuple[LessonRequirement, ...]


Change = Callable[[Plan], Plan]


@dataclass(frozen=True)
class Move:
    """So many active learners go from one percentage to another, or are through with the course by it."""

    people: int
    before: Decimal
    after: Decimal
    completes: bool


class Achieved(NamedTuple):
    """What one learner has to show: the lessons done, deleted ones too, and how the required assessments went."""

    lessons: frozenset[int]
    assessments: tuple[AssessmentRequirement, ...]


@dataclass(frozen=True)
class Consequence:
    """Whom a change touches. Who has completed the course keeps number and certificate whatever is changed."""

    completed: int
    """People who have completed the course."""
    unmoved: int
    """Active learners whose number stays."""
    moves: tuple[Move, ...]
    """The other active learners, the largest group first."""

    @property
    def is_felt(self) -> bool:
        """Whether it is felt by any active learner: then the author is asked before it is done."""
        return bool(self.moves)

    @property
    def falls(self) -> tuple[Move, ...]:
        """Those that lose by it, who falls furthest first."""
        falls = (each for each in self.moves if each.after < each.before)
        return tuple(sorted(falls, key=lambda each: each.after - each.before))

    @property
    def rises(self) -> tuple[Move, ...]:
        """Those that gain by it without completing, who rises furthest first."""
        rises = (each for each in self.moves if each.after > each.before and not each.completes)
        return tuple(sorted(rises, key=lambda each: each.before - each.after))

    @property
    def completing(self) -> int:
        """Active learners who complete the course by it: their certificates are issued at once."""
        return sum(each.people for each in self.moves if each.completes)


def consequences(course: Course, change: Change) -> Consequence:
    """Who moves from where to where when the change is made, by three statements however many learn there.

    `change` is one of `adding`, `deleting`, `restoring`, `restoring_section`, `altering`, `choosing_mode`. Percentages
    are those of the calculators, also where a recalculation is still under way.
    """
    before = Plan(course.progress_mode, required_lessons(course.id))
    after = change(before)
    groups: Counter[Move] = Counter()
    for achieved, people in Counter(_achieved(course.id)).items():
        groups[_move(_evidence(before, achieved), _evidence(after, achieved))] += people
    moves = [replace(move, people=people) for move, people in groups.most_common()]
    moved = tuple(each for each in moves if each.before != each.after or each.completes)
    unmoved = sum(groups.values()) - sum(each.people for each in moved)
    return Consequence(course.completed_enrollments_count, unmoved, moved)


def adding(*, minutes: int, is_required: bool = True) -> Change:
    """One more lesson, which nobody has done yet."""
    new = LessonRequirement(0, "", minutes, None)
    return lambda plan: replace(plan, lessons=(*plan.lessons, new)) if is_required else plan


def deleting(*lessons: Lesson) -> Change:
    """The lessons go; for a section: `deleting(*section.lessons)`."""
    gone = {each.id for each in lessons}
    return lambda plan: replace(plan, lessons=_without(plan, gone))


def restoring(*lessons: Lesson) -> Change:
    """Deleted lessons come back; who has done them before has done them."""
    back = tuple(LessonRequirement(each.id, each.title, each.minutes, None) for each in lessons if each.is_required)
    return lambda plan: replace(plan, lessons=(*plan.lessons, *back))


def restoring_section(section: Section) -> Change:
    """A deleted section comes back with the lessons that went with it. One statement more."""
    return restoring(*gone_with(section))


def altering(lesson: Lesson, *, minutes: int, is_required: bool) -> Change:
    """A living lesson gets these minutes, and is required from now on or not."""
    new = (LessonRequirement(lesson.id, lesson.title, minutes, None),) if is_required else ()
    return lambda plan: replace(plan, lessons=(*_without(plan, {lesson.id}), *new))


def choosing_mode(mode: ProgressMode | None) -> Change:
    """The percentage is reckoned in another way; None chooses by itself."""
    return lambda plan: replace(plan, mode=mode)


def _without(plan: Plan, gone: set[int]) -> tuple[LessonRequirement, ...]:
    return tuple(each for each in plan.lessons if each.id not in gone)


def _achieved(course_id: int) -> Iterator[Achieved]:
    """What each active learner of the course has to show."""
    ticks = and_(LessonProgress.enrollment_id == Enrollment.id, LessonProgress.completed_at.is_not(None))
    rows = db.session.execute(
        select(Enrollment.id, LessonProgress.lesson_id)
        .outerjoin(LessonProgress, ticks)
        .where(Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    )
    done: defaultdict[int, set[int]] = defaultdict(set)
    for enrollment_id, lesson_id in rows:
        done[enrollment_id].add(lesson_id)
    assessments = assessment_requirements(done)
    return (Achieved(frozenset(lessons), assessments.get(each, ())) for each, lessons in done.items())


def _evidence(plan: Plan, achieved: Achieved) -> Evidence:
    moment = now()  # when it was done does not matter here
    lessons = [replace(each, done_at=moment) if each.id in achieved.lessons else each for each in plan.lessons]
    return calculate(plan.mode, lessons, achieved.assessments)


def _move(before: Evidence, after: Evidence) -> Move:
    return Move(0, before.percentage, after.percentage, after.is_complete and not before.is_complete)
