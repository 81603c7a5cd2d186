"""Which questions a new attempt gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.assessments.models import Assessment, Item, Question, QuestionTag, QuestionVersion
from app.core.db import db


@dataclass(frozen=True)
class Asked:
    """A question in its present version, and what it is worth here."""

    version: QuestionVersion
    points: Decimal


def compose(assessment: Assessment, random: Random) -> list[Asked]:
    """The questions of one attempt in their order, by at most four statements, however many there are.

    Items with a tag draw from the living questions of the course that have it, none twice in an attempt; where the
    bank has fewer than wanted, all there are. The order is that of the items, or a random one.
    """
    items = db.session.scalars(
        select(Item).where(Item.assessment_id == assessment.id).order_by(Item.position, Item.id)
    ).all()
    chosen = _drawn(items, assessment.course_id, random)
    versions = _versions([question_id for question_id, _points in chosen])
    asked = [
        Asked(versions[question_id], points if points is not None else versions[question_id].points)
        for question_id, points in chosen
        if question_id in versions
    ]
    if assessment.shuffle_questions:
        random.shuffle(asked)
    return asked


def question_count(assessment_id: int) -> int:
    """How many questions an attempt has."""
    total = select(func.coalesce(func.sum(Item.draw), 0)).where(Item.assessment_id == assessment_id)
    return db.session.scalars(total).one()


def _drawn(items: Sequence[Item], course_id: int, random: Random) -> list[tuple[int, Decimal | None]]:
    fixed = {item.question_id for item in items if item.question_id is not None}
    banks = _banks([item.tag for item in items if item.tag is not None], course_id)
    chosen: list[tuple[int, Decimal | None]] = []
    taken = set(fixed)
    for item in items:
        if item.question_id is not None:
            chosen.append((item.question_id, item.points))
            continue
        free = [each for each in banks.get(item.tag or "", ()) if each not in taken]
        drawn = random.sample(free, min(item.draw, len(free)))
        taken.update(drawn)
        chosen += [(each, item.points) for each in drawn]
    return chosen


def _banks(tags: Sequence[str], course_id: int) -> dict[str, list[int]]:
    if not tags:
        return {}
    rows = db.session.execute(
        select(QuestionTag.tag, Question.id)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(QuestionTag.tag.in_(tags), Question.course_id == course_id, Question.archived_at.is_(None))
        .order_by(Question.id)
    )
    banks: dict[str, list[int]] = {}
    for tag, question_id in rows:
        banks.setdefault(tag, []).append(question_id)
    return banks


def _versions(question_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    """The present versions with their options, by question."""
    present = (
        select(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.number == QuestionVersion.number))
        .where(Question.id.in_(question_ids))
        .options(selectinload(QuestionVersion.options))
    )
    return {each.question_id: each for each in db.session.scalars(present)}
