"""Reading what learners have done: the outline with ticks, the evidence, the next lesson."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, func, select

from app.assessments.queries.attempts import required_of
from app.core.db import db
from app.courses.models import Course, Lesson, Section
from app.enrollments.models import Enrollment
from app.progress.calculators import AssessmentRequirement, Evidence, LessonRequirement, calculate
from app.progress.models import LessonProgress


@dataclass(frozen=True)
class StudyLesson:
    """A living lesson as one learner sees it in the outline."""

    id: int
    section_id: int
    section_title: str
    title: str
    kind: str
    minutes: int
    is_required: bool
    is_free_preview: bool
    done_at: datetime | None


@dataclass(frozen=True)
class StudySection:
    title: str
    lessons: tuple[StudyLesson, ...]

    @property
    def done(self) -> int:
        return sum(each.done_at is not None for each in self.lessons)


@dataclass(frozen=True)
class StudyOutline:
    """The living lessons of a course in their order, with one learner's ticks."""

    sections: tuple[StudySection, ...]

    def __iter__(self) -> Iterator[StudyLesson]:
        return (lesson for section in self.sections for lesson in section.lessons)

    @property
    def total(self) -> int:
        return sum(len(each.lessons) for each in self.sections)

    @property
    def required(self) -> tuple[StudyLesson, ...]:
        """What the percentage counts."""
        return tuple(each for each in self if each.is_required)

    @property
    def required_done(self) -> int:
        return sum(each.done_at is not None for each in self.required)

    def find(self, lesson_id: int) -> StudyLesson | None:
        return next((each for each in self if each.id == lesson_id), None)

    def place(self, lesson_id: int) -> tuple[int, int, int]:
        """Section number, lesson number in it, lessons in it: `Bab 2 · Materi 4 dari 6`. Raises LookupError."""
        for number, section in enumerate(self.sections, 1):
            for position, lesson in enumerate(section.lessons, 1):
                if lesson.id == lesson_id:
                    return number, position, len(section.lessons)
        raise LookupError(lesson_id)

    def before(self, lesson_id: int) -> StudyLesson | None:
        """The lesson that stands before it, in whatever section."""
        ids = [each.id for each in self]
        here = ids.index(lesson_id)
        return self.find(ids[here - 1]) if here else None

    def after(self, lesson_id: int) -> StudyLesson | None:
        """The lesson that stands behind it, in whatever section."""
        ids = [each.id for each in self]
        here = ids.index(lesson_id) + 1
        return self.find(ids[here]) if here < len(ids) else None

    def next_open(self, lesson_id: int) -> StudyLesson | None:
        """The first lesson behind this one that is not done, else the first before it; None when no other is open."""
        lessons = list(self)
        here = [each.id for each in lessons].index(lesson_id)
        return next((each for each in lessons[here + 1 :] + lessons[:here] if each.done_at is None), None)

    def resume(self, lesson_id: int | None) -> StudyLesson | None:
        """Where to go on after the last lesson visited: there when it is open, else at the next open one."""
        last = self.find(lesson_id) if lesson_id is not None else None
        if last is None:
            return next((each for each in self if each.done_at is None), None)
        return last if last.done_at is None else self.next_open(last.id)

    def is_missing_besides(self, lesson_id: int) -> bool:
        """Whether another required lesson than this one is not done."""
        return any(each.is_required and each.done_at is None and each.id != lesson_id for each in self)


def study_outline(course_id: int, enrollment_id: int | None = None) -> StudyOutline:
    """The outline of a course with the ticks of an enrolment, or with none. One statement."""
    ticks = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == enrollment_id)
    rows = db.session.execute(
        select(
            Lesson.id,
            Section.id.label("section_id"),
            Section.title.label("section_title"),
            Lesson.title,
            Lesson.kind,
            Lesson.minutes,
            Lesson.is_required,
            Lesson.is_free_preview,
            LessonProgress.completed_at.label("done_at"),
        )
        .join(Section, Lesson.section_id == Section.id)
        .outerjoin(LessonProgress, ticks)
        .where(Section.course_id == course_id, Lesson.deleted_at.is_(None))
        .order_by(Section.position, Section.id, Lesson.position, Lesson.id)
    )
    lessons = [StudyLesson(*row) for row in rows]
    sections = (tuple(group) for _, group in groupby(lessons, key=lambda each: each.section_id))
    return StudyOutline(tuple(StudySection(group[0].section_title, group) for group in sections))


def evidence_of(enrollment: Enrollment, course: Course, outline: StudyOutline | None = None) -> Evidence:
    """What counts for this enrolment, what of it is done, and the percentage."""
    outline = outline or study_outline(course.id, enrollment.id)
    required = [
        LessonRequirement(each.id, each.title, each.minutes, each.done_at) for each in outline if each.is_required
    ]
    return calculate(course.progress_mode, required, assessment_requirements([enrollment.id]).get(enrollment.id, ()))


def evidence_of_many(enrollment_ids: Collection[int], course: Course) -> dict[int, Evidence]:
    """As `evidence_of`, for several enrolments in one course: three statements, however many they are."""
    required = required_lessons(course.id)
    ticks = db.session.execute(
        select(LessonProgress.enrollment_id, LessonProgress.lesson_id, LessonProgress.completed_at).where(
            LessonProgress.enrollment_id.in_(enrollment_ids), LessonProgress.completed_at.is_not(None)
        )
    )
    done = {(enrollment_id, lesson_id): moment for enrollment_id, lesson_id, moment in ticks}
    assessments = assessment_requirements(enrollment_ids)
    return {
        each: calculate(
            course.progress_mode,
            [replace(lesson, done_at=done.get((each, lesson.id))) for lesson in required],
            assessments.get(each, ()),
        )
        for each in enrollment_ids
    }


def required_lessons(course_id: int) -> tuple[LessonRequirement, ...]:
    """The living required lessons of the course in no order, none of them done. One statement."""
    rows = db.session.execute(
        select(Lesson.id, Lesson.title, Lesson.minutes)
        .join(Lesson.section)
        .where(Section.course_id == course_id, Lesson.deleted_at.is_(None), Lesson.is_required)
    )
    return tuple(LessonRequirement(*row, done_at=None) for row in rows)


def assessment_requirements(enrollment_ids: Collection[int]) -> dict[int, tuple[AssessmentRequirement, ...]]:
    """By enrolment: the published required assessments of its course, with when this learner passed each."""
    return {
        enrollment_id: tuple(AssessmentRequirement(each.id, each.title, each.passed_at) for each in required)
        for enrollment_id, required in required_of(enrollment_ids).items()
    }


def time_spent(enrollment_id: int) -> int:
    """Seconds spent on all lessons of the enrolment."""
    total = select(func.coalesce(func.sum(LessonProgress.time_spent_seconds), 0))
    return db.session.scalars(total.where(LessonProgress.enrollment_id == enrollment_id)).one()


def progress_in(enrollment_id: int, lesson_id: int) -> LessonProgress | None:
    """The learner's row for one lesson."""
    return db.session.scalar(
        select(LessonProgress).where(
            LessonProgress.enrollment_id == enrollment_id, LessonProgress.lesson_id == lesson_id
        )
    )


def opened_by(lesson_ids: Collection[int]) -> int:
    """How many people have opened any of these lessons."""
    people = select(func.count(LessonProgress.enrollment_id.distinct()))
    return db.session.scalars(people.where(LessonProgress.lesson_id.in_(lesson_ids))).one()
