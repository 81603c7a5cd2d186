"""How people fared: at one assessment, in a course, over all of their courses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import case, distinct, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.assessments.access import shows
from app.assessments.models import (
    Answer,
    Assessment,
    AssessmentStatus,
    Attempt,
    AttemptStatus,
    GradeChange,
    Question,
    QuestionStatistic,
    QuestionVersion,
)
from app.assessments.queries.attempts import COUNTED
from app.assessments.questions import TYPES
from app.core.db import db
from app.courses.models import Course
from app.enrollments.models import Enrollment, EnrollmentStatus

PAGE_SIZE = 100
LATEST = 5
"""So many attempts of each person stand in a list of people; the page of one of them leads to the others."""


@dataclass(frozen=True)
class PersonResult:
    """One person at one assessment. `best` is the Nilai, in percent; `attempts` counts those not cancelled."""

    user_id: int
    name: str
    attempts: int
    best: Decimal | None
    is_passed: bool
    is_waiting: bool
    is_open: bool
    last_at: datetime


def results_of(assessment_id: int, page: int) -> list[PersonResult]:
    """Who has begun an attempt, by name, a page of them. One statement."""
    counts = Attempt.status != AttemptStatus.CANCELLED

    def any_is(condition: object) -> object:
        return func.max(case((condition, 1), else_=0)) == 1

    best = func.max(case((Attempt.status.in_(COUNTED), Attempt.percentage)))
    rows = db.session.execute(
        select(
            User.id, User.name, func.count(case((counts, 1))), best, any_is(counts & Attempt.passed.is_(True)),
            any_is(Attempt.status == AttemptStatus.SUBMITTED), any_is(Attempt.status == AttemptStatus.IN_PROGRESS),
            func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at)),
        )
        .join(User, User.id == Attempt.user_id)
        .where(Attempt.assessment_id == assessment_id)
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )  # fmt: skip
    return [PersonResult(*row) for row in rows]


def people_count(assessment_id: int) -> int:
    """How many people have begun an attempt."""
    people = select(func.count(distinct(Attempt.user_id))).where(Attempt.assessment_id == assessment_id)
    return db.session.scalars(people).one()


def latest_attempts(assessment_id: int, user_ids: Collection[int]) -> dict[int, list[Attempt]]:
    """By person the newest attempts, at most LATEST, cancelled ones too, the first one first. One statement."""
    age = func.row_number().over(partition_by=Attempt.user_id, order_by=Attempt.number.desc()).label("age")
    theirs = (
        select(Attempt.id, age).where(Attempt.assessment_id == assessment_id, Attempt.user_id.in_(user_ids)).subquery()
    )
    found: dict[int, list[Attempt]] = {}
    newest = select(Attempt).join(theirs, theirs.c.id == Attempt.id).where(theirs.c.age <= LATEST)
    for attempt in db.session.scalars(newest.order_by(Attempt.number)):
        found.setdefault(attempt.user_id, []).append(attempt)
    return found


def statistics_of(assessment_id: int) -> Sequence[tuple[QuestionStatistic, QuestionVersion]]:
    """The statistics of every version that was graded, with its options and question. Three statements."""
    rows = db.session.execute(
        select(QuestionStatistic, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == QuestionStatistic.version_id)
        .where(QuestionStatistic.assessment_id == assessment_id)
        .options(selectinload(QuestionVersion.options), joinedload(QuestionVersion.question, innerjoin=True))
        .order_by(QuestionVersion.question_id, QuestionVersion.number)
    )
    return [(statistic, version) for statistic, version in rows]


def counted_at(assessment_id: int) -> datetime | None:
    """When its statistics were counted last."""
    newest = select(func.max(QuestionStatistic.counted_at))
    return db.session.scalar(newest.where(QuestionStatistic.assessment_id == assessment_id))


def outdated_questions(assessment_id: int) -> Sequence[Question]:
    """Questions with a newer version than one that an ended attempt was asked: their key may have been corrected.

    What a human grades has no key.
    """
    keyed = [name for name, type in TYPES.items() if not type.is_human]
    asked = (
        select(Answer.question_id)
        .join(Answer.attempt)
        .join(QuestionVersion, QuestionVersion.id == Answer.version_id)
        .join(Question, Question.id == Answer.question_id)
        .where(
            Attempt.assessment_id == assessment_id,
            Attempt.status.in_((AttemptStatus.SUBMITTED, AttemptStatus.GRADED)),
            QuestionVersion.number < Question.number,
            Question.type.in_(keyed),
        )
    )
    return db.session.scalars(
        select(Question).where(Question.id.in_(asked)).options(joinedload(Question.current)).order_by(Question.id)
    ).all()


@dataclass(frozen=True)
class Gradebook:
    """The Nilai of people (rows) in the assessments of a course (columns)."""

    assessments: tuple[Assessment, ...]
    people: tuple[tuple[int, str, str], ...]
    """Id, name, and the user name, which tells namesakes apart; empty for who has none. Nobody's email is shown."""
    total: int
    cells: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    """(person, assessment) → percent of the best graded attempt."""

    def cell(self, user_id: int, assessment_id: int) -> Decimal | None:
        return self.cells.get((user_id, assessment_id))


def gradebook(course: Course, *, page: int | None = None) -> Gradebook:
    """Who learns or has learnt in the course, by name, with every Nilai; a page of people, or with None all.

    Four statements, however many people and assessments there are.
    """
    assessments = db.session.scalars(
        select(Assessment)
        .where(Assessment.course_id == course.id, Assessment.status != AssessmentStatus.DRAFT)
        .order_by(Assessment.position, Assessment.id)
    ).all()
    inside = Enrollment.status != EnrollmentStatus.DROPPED
    total = db.session.scalars(select(func.count(Enrollment.id)).where(Enrollment.course_id == course.id, inside)).one()
    people = (
        select(User.id, User.name, func.coalesce(User.username, ""))
        .join(Enrollment, Enrollment.user_id == User.id)
        .where(Enrollment.course_id == course.id, inside)
        .order_by(User.name, User.id)
    )
    if page is not None:
        people = people.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    shown = tuple((user_id, name, account) for user_id, name, account in db.session.execute(people))
    best = db.session.execute(
        select(Attempt.user_id, Attempt.assessment_id, func.max(Attempt.percentage))
        .where(
            Attempt.assessment_id.in_([each.id for each in assessments]),
            Attempt.user_id.in_([user_id for user_id, *_names in shown]),
            Attempt.status.in_(COUNTED),
        )
        .group_by(Attempt.user_id, Attempt.assessment_id)
    )
    cells = {(user_id, assessment_id): percent for user_id, assessment_id, percent in best}
    return Gradebook(tuple(assessments), shown, total, cells)


@dataclass(frozen=True)
class OwnGrade:
    """An assessment as its learner has done at it: the latest attempt, and the one that makes the Nilai."""

    latest: Attempt
    best: Attempt | None


def own_grades(user_id: int) -> list[OwnGrade]:
    """Every assessment that the person has begun, the newest first, cancelled attempts left out. One statement."""
    attempts = db.session.scalars(
        select(Attempt)
        .where(Attempt.user_id == user_id, Attempt.status != AttemptStatus.CANCELLED)
        .options(
            joinedload(Attempt.enrollment, innerjoin=True),
            joinedload(Attempt.assessment, innerjoin=True).joinedload(Assessment.course, innerjoin=True),
        )
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    ).all()
    return [OwnGrade(each[0], _best(each)) for each in _by_assessment(attempts)]


def course_score(enrollment_id: int) -> Decimal | None:
    """Percent, two places: the mean Nilai of the published required assessments that have one. One statement.

    None without any, and where the learner may not see one of them, or not yet.
    """
    attempts = db.session.scalars(
        select(Attempt)
        .join(Attempt.assessment)
        .where(
            Attempt.enrollment_id == enrollment_id,
            Attempt.status.in_(COUNTED),
            Assessment.status == AssessmentStatus.PUBLISHED,
            Assessment.is_required,
        )
        .options(contains_eager(Attempt.assessment))
    ).all()
    best = [each for each in map(_best, _by_assessment(attempts)) if each is not None]
    if not best or not all(shows(each, "show_score") for each in best):
        return None
    mean = sum((each.percentage or Decimal(0) for each in best), Decimal(0)) / len(best)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _by_assessment(attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    grouped: dict[int, list[Attempt]] = {}
    for attempt in attempts:
        grouped.setdefault(attempt.assessment_id, []).append(attempt)
    return list(grouped.values())


def _best(attempts: Sequence[Attempt]) -> Attempt | None:
    counted = [each for each in attempts if each.status in COUNTED]
    return max(counted, key=lambda each: (bool(each.passed), each.percentage or Decimal(0)), default=None)


@dataclass(frozen=True)
class Lapsed:
    """People who keep a completed course although a grade that was changed since leaves them without a pass."""

    count: int
    assessment_id: int | None
    """One of the assessments."""


def lapsed() -> Lapsed:
    """Over all published required assessments. One statement."""
    passed = aliased(Attempt)
    has_passed = exists().where(
        passed.assessment_id == Attempt.assessment_id, passed.user_id == Attempt.user_id, passed.passed.is_(True),
        passed.status != AttemptStatus.CANCELLED,
    )  # fmt: skip
    changed = (
        exists()
        .where(Answer.attempt_id == Attempt.id, GradeChange.answer_id == Answer.id)
        .where(GradeChange.previous.is_not(None))
    )
    row = db.session.execute(
        select(func.count(distinct(Enrollment.id)), func.min(Assessment.id))
        .select_from(Enrollment)
        .join(Attempt, Attempt.enrollment_id == Enrollment.id)
        .join(Assessment, Assessment.id == Attempt.assessment_id)
        .where(
            Enrollment.status == EnrollmentStatus.COMPLETED,
            Assessment.status == AssessmentStatus.PUBLISHED,
            Assessment.is_required,
            Attempt.passed.is_(False),
            Attempt.status == AttemptStatus.GRADED,
            changed,
            ~has_passed,
        )
    ).one()
    return Lapsed(*row)
