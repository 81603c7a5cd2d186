"""Reads of assessments and of the question bank."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.assessments.models import (
    Assessment,
    AssessmentStatus,
    Item,
    Question,
    QuestionTag,
    QuestionVersion,
)
from app.core.db import db
from app.core.security import LARGEST_ID


def assessment_by_id(assessment_id: int) -> Assessment | None:
    """The assessment with its course and owner; None for a number that no row can have."""
    if not 0 < assessment_id <= LARGEST_ID:
        return None
    return db.session.scalar(
        select(Assessment)
        .where(Assessment.id == assessment_id)
        .options(joinedload(Assessment.course, innerjoin=True), joinedload(Assessment.owner, innerjoin=True))
    )


def assessments_of(course_id: int, *, published: bool = False) -> Sequence[Assessment]:
    """The assessments of a course in their order; with `published` only those that learners may take."""
    found = select(Assessment).where(Assessment.course_id == course_id)
    if published:
        found = found.where(Assessment.status == AssessmentStatus.PUBLISHED)
    return db.session.scalars(found.order_by(Assessment.position, Assessment.id)).all()


def question_by_id(course_id: int, question_id: int) -> Question | None:
    """The question of that course, with its present version, options and tags."""
    return db.session.scalar(
        select(Question)
        .where(Question.id == question_id, Question.course_id == course_id)
        .options(joinedload(Question.current).selectinload(QuestionVersion.options), selectinload(Question.tags))
        .execution_options(populate_existing=True)
    )


def items_of(assessment_id: int) -> Sequence[Item]:
    """The places of an assessment with their questions as they are now, in order. A constant number of statements."""
    return db.session.scalars(
        select(Item)
        .where(Item.assessment_id == assessment_id)
        .order_by(Item.position, Item.id)
        .options(joinedload(Item.question).joinedload(Question.current).selectinload(QuestionVersion.options))
        .execution_options(populate_existing=True)
    ).all()


def living_by_tag(course_id: int) -> dict[str, int]:
    """How many questions the bank of a course has for each tag, archived ones left out."""
    rows = db.session.execute(
        select(QuestionTag.tag, func.count())
        .join(Question, Question.id == QuestionTag.question_id)
        .where(Question.course_id == course_id, Question.archived_at.is_(None))
        .group_by(QuestionTag.tag)
        .order_by(QuestionTag.tag)
    )
    return dict(rows.all())


def tagged(course_id: int, tags: Sequence[str]) -> Sequence[Question]:
    """The living questions of a course that have one of the tags, with their present version and options."""
    return db.session.scalars(
        select(Question)
        .where(
            Question.course_id == course_id,
            Question.archived_at.is_(None),
            Question.id.in_(select(QuestionTag.question_id).where(QuestionTag.tag.in_(tags))),
        )
        .options(joinedload(Question.current).selectinload(QuestionVersion.options))
        .execution_options(populate_existing=True)
    ).all()
