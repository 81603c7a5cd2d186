"""Which questions a new attempt gets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
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
    bank has fewer than wanted (`queries.publishing` refuses that), all there are. The order is that of the items, or
    a random one.
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


def pools(items: Sequence[Item], banks: Mapping[str, Set[int]]) -> list[tuple[Item, Set[int]]]:
    """What each draw may take, without the questions that stand in the assessment by themselves.

    In the order of drawing: of draws whose pools overlap the one with the fewest to choose from is served first.
    """
    fixed = {item.question_id for item in items if item.question_id is not None}
    free = [(item, banks.get(item.tag, frozenset()) - fixed) for item in items if item.tag is not None]
    return sorted(free, key=lambda each: len(each[1]))


def banks_of(course_id: int, tags: Collection[str]) -> dict[str, set[int]]:
    """The living questions of the course by each of the tags, by one statement."""
    if not tags:
        return {}
    rows = db.session.execute(
        select(QuestionTag.tag, Question.id)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(QuestionTag.tag.in_(tags), Question.course_id == course_id, Question.archived_at.is_(None))
    )
    banks: dict[str, set[int]] = {}
    for tag, question_id in rows:
        banks.setdefault(tag, set()).add(question_id)
    return banks


def _drawn(items: Sequence[Item], course_id: int, random: Random) -> list[tuple[int, Decimal | None]]:
    banks = banks_of(course_id, [item.tag for item in items if item.tag is not None])
    drawn: dict[int, list[int]] = {}
    taken: set[int] = set()
    for item, pool in pools(items, banks):
        free = sorted(pool - taken)
        drawn[item.id] = random.sample(free, min(item.draw, len(free)))
        taken.update(drawn[item.id])
    return [
        (question_id, item.points)
        for item in items
        for question_id in ([item.question_id] if item.question_id is not None else drawn[item.id])
    ]


def _versions(question_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    """The present versions with their options, by question."""
    present = (
        select(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.number == QuestionVersion.number))
        .where(Question.id.in_(question_ids))
        .options(selectinload(QuestionVersion.options))
    )
    return {each.question_id: each for each in db.session.scalars(present)}
