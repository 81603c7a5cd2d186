"""Antrean Penilaian: the answers that wait for a human, over all courses of a grader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.assessments.access import authored_by
from app.assessments.models import Answer, Assessment, Attempt, AttemptStatus, GradeChange, Phrase
from app.core.clock import now
from app.core.db import db
from app.courses.models import Course

PAGE_SIZE = 50
CLAIMED_FOR = timedelta(minutes=15)
"""How long an answer that somebody has opened is that person's to grade."""

WAITS = (Attempt.status == AttemptStatus.SUBMITTED) & Answer.score.is_(None)


@dataclass(frozen=True)
class Waiting:
    """How much waits, and since when the oldest."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Pile:
    """The answers of one assessment that wait."""

    assessment_id: int
    title: str
    course_title: str
    count: int
    oldest: datetime


def piles(grader: User) -> list[Pile]:
    """What waits, by assessment, the pile with the oldest first. One statement."""
    rows = db.session.execute(
        _of(select(Assessment.id, Assessment.title, Course.title, func.count(), func.min(Attempt.submitted_at)), grader)
        .group_by(Assessment.id, Assessment.title, Course.title)
        .order_by(func.min(Attempt.submitted_at))
    )
    return [Pile(*row) for row in rows]


def waiting(grader: User, assessment_id: int | None = None) -> Waiting:
    """Over all assessments of the grader, or one. One statement."""
    count, oldest = db.session.execute(
        _of(select(func.count(), func.min(Attempt.submitted_at)), grader, assessment_id)
    ).one()
    return Waiting(count, oldest)


def queue(grader: User, assessment_id: int | None = None) -> Sequence[Answer]:
    """The oldest answers that wait, at most PAGE_SIZE, with all that a list shows of them. One statement."""
    return db.session.scalars(
        _of(select(Answer), grader, assessment_id)
        .order_by(Attempt.submitted_at, Answer.id)
        .limit(PAGE_SIZE)
        .options(
            joinedload(Answer.asked, innerjoin=True),
            joinedload(Answer.attempt, innerjoin=True).options(
                joinedload(Attempt.user, innerjoin=True),
                joinedload(Attempt.assessment, innerjoin=True).joinedload(Assessment.course, innerjoin=True),
            ),
        )
    ).all()


def following(answer: Answer, grader: User, assessment_id: int | None = None) -> Answer | None:
    """The next answer that waits after this one and that nobody else has just opened, the oldest again after the
    newest; None when no other waits."""
    free = or_(Answer.claimed_by.is_(None), Answer.claimed_by == grader.id, Answer.claimed_at < now() - CLAIMED_FOR)
    others = _of(select(Answer), grader, assessment_id).where(Answer.id != answer.id, free)
    order = (Attempt.submitted_at, Answer.id)
    here = (answer.attempt.submitted_at, answer.id)
    later = (Attempt.submitted_at > here[0]) | ((Attempt.submitted_at == here[0]) & (Answer.id > here[1]))
    found = db.session.scalar(others.where(later).order_by(*order).limit(1))
    return found or db.session.scalar(others.order_by(*order).limit(1))


def preceding(answer: Answer, grader: User, assessment_id: int | None = None) -> Answer | None:
    """The last before this one that waits or that this grader has graded; None for the first. One statement."""
    mine = Attempt.status.in_((AttemptStatus.SUBMITTED, AttemptStatus.GRADED)) & (Answer.graded_by == grader.id)
    seen = _among(select(Answer), WAITS | mine, grader, assessment_id)
    here = (answer.attempt.submitted_at, answer.id)
    earlier = (Attempt.submitted_at < here[0]) | ((Attempt.submitted_at == here[0]) & (Answer.id < here[1]))
    return db.session.scalar(seen.where(earlier).order_by(Attempt.submitted_at.desc(), Answer.id.desc()).limit(1))


def history_of(answer: Answer) -> Sequence[tuple[GradeChange, str | None]]:
    """What its grades were, with the graders' names, the newest first."""
    rows = db.session.execute(
        select(GradeChange, User.name)
        .outerjoin(User, User.id == GradeChange.changed_by)
        .where(GradeChange.answer_id == answer.id)
        .order_by(GradeChange.id.desc())
    )
    return [(change, name) for change, name in rows]


def phrases_of(user: User) -> Sequence[Phrase]:
    """The sentences that this grader keeps."""
    return db.session.scalars(select(Phrase).where(Phrase.user_id == user.id).order_by(Phrase.text)).all()


def phrase_of(phrase_id: int, user: User) -> Phrase | None:
    """The sentence; None for another's."""
    return db.session.scalar(select(Phrase).where(Phrase.id == phrase_id, Phrase.user_id == user.id))


def _of(statement: Any, grader: User, assessment_id: int | None = None) -> Any:
    """The statement over the answers that wait for this grader."""
    return _among(statement, WAITS, grader, assessment_id)


def _among(statement: Any, condition: ColumnElement[bool], grader: User, assessment_id: int | None) -> Any:
    found = (
        statement.select_from(Answer)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Assessment, Assessment.id == Attempt.assessment_id)
        .join(Course, Course.id == Assessment.course_id)
        .where(condition, authored_by(grader))
    )
    return found if assessment_id is None else found.where(Assessment.id == assessment_id)


def grader_name(user_id: int | None) -> str | None:
    """The name of whoever has claimed an answer."""
    return db.session.scalar(select(User.name).where(User.id == user_id))
