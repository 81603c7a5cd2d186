"""The question bank of a course as its authors see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Protocol, TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.assessments.models import Item, Question, QuestionTag, QuestionVersion
from app.assessments.questions.content import Content, content_of
from app.core.db import db

PAGE_SIZE = 50


class Wanted(Protocol):
    """A question that somebody has written elsewhere."""

    @property
    def kind(self) -> str: ...

    @property
    def content(self) -> Content: ...

    @property
    def tags(self) -> Sequence[str]: ...


W = TypeVar("W", bound=Wanted)


@dataclass(frozen=True)
class BankPage:
    """`page` counts from 1 and is never past `pages`."""

    questions: Sequence[Question]
    total: int
    page: int
    pages: int


def bank(
    course_id: int,
    *,
    kind: str = "",
    tag: str = "",
    archived: bool = False,
    not_in: int | None = None,
    page: int = 1,
) -> BankPage:
    """The questions of a course, the newest first, by four statements; `not_in` an assessment that has them."""
    conditions = [
        Question.course_id == course_id,
        Question.archived_at.is_not(None) if archived else Question.archived_at.is_(None),
    ]
    if kind:
        conditions.append(Question.type == kind)
    if tag:
        conditions.append(exists().where(QuestionTag.question_id == Question.id, QuestionTag.tag == tag))
    if not_in is not None:
        conditions.append(~exists().where(Item.question_id == Question.id, Item.assessment_id == not_in))
    total = db.session.scalars(select(func.count(Question.id)).where(*conditions)).one()
    pages = max(1, ceil(total / PAGE_SIZE))
    page = min(max(1, page), pages)
    questions = db.session.scalars(
        select(Question)
        .where(*conditions)
        .options(joinedload(Question.current).selectinload(QuestionVersion.options), selectinload(Question.tags))
        .order_by(Question.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .execution_options(populate_existing=True)
    ).all()
    return BankPage(questions, total, page, pages)


def versions_of(question_id: int) -> Sequence[QuestionVersion]:
    """Every version of a question, the newest first."""
    versions = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return db.session.scalars(versions.order_by(QuestionVersion.number.desc())).all()


def item_of(assessment_id: int, item_id: int) -> Item | None:
    """The place of that assessment; None for another's."""
    return db.session.scalar(select(Item).where(Item.id == item_id, Item.assessment_id == assessment_id))


def questions_in(course_id: int, question_ids: Sequence[int]) -> Sequence[Question]:
    """Those of the questions that are in the bank of the course."""
    found = select(Question).where(Question.course_id == course_id, Question.id.in_(question_ids))
    return db.session.scalars(found.order_by(Question.id)).all()


def all_questions(course_id: int) -> Sequence[Question]:
    """Every living question of a course with its present version, options and tags, in the order of the bank."""
    return db.session.scalars(
        select(Question)
        .where(Question.course_id == course_id, Question.archived_at.is_(None))
        .options(joinedload(Question.current).selectinload(QuestionVersion.options), selectinload(Question.tags))
        .order_by(Question.id)
        .execution_options(populate_existing=True)
    ).all()


def not_in_bank(course_id: int, wanted: Iterable[W]) -> list[W]:
    """Those that no living question of the course asks in the same words with the same key, each once.

    What not every format of files carries does not make a question a new one: points, units, feedback, tags.
    """
    known = {_asked(each.type, content_of(each.current)) for each in all_questions(course_id)}
    new = {asked: each for each in wanted if (asked := _asked(each.kind, each.content)) not in known}
    return list(new.values())


def _asked(kind: str, content: Content) -> tuple[object, ...]:
    key = (content.data.get("key"), *(Decimal(content.data.get(name) or 0) for name in ("value", "tolerance")))
    return kind, content.text, key, content.options
