"""After a key was corrected: what the answers that were given are worth under the question as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.assessments import grading
from app.assessments.actions.grading import settle
from app.assessments.models import Answer, Assessment, Attempt, AttemptStatus, GradeChange, Question, QuestionVersion
from app.assessments.questions import type_of
from app.assessments.questions.type import Drawn
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.events.models import Task
from app.events.tasks import STEP_ROWS, request_task

KIND = "assessment.regrade"
ENDED = (AttemptStatus.SUBMITTED, AttemptStatus.GRADED)


class NothingToRegrade(Refused):
    """No answer would get another score."""


@dataclass(frozen=True)
class Translated:
    """An answer in the terms of another version: `drawn` names the options of that."""

    points: Decimal
    drawn: Drawn
    response: Any


@dataclass(frozen=True)
class Regrade:
    """What a corrected key does to one answer: nothing where a human gave the score that stands.

    `after` is what the key makes of it, None where its choices are not in the new version.
    """

    answer: Answer
    translated: Translated | None
    before: Decimal | None
    after: Decimal | None
    passes: bool
    """Whether the attempt would pass then."""

    @property
    def changes(self) -> bool:
        return self._differs and self.answer.graded_by is None

    @property
    def is_kept(self) -> bool:
        """Whether it would change, had not a human graded it."""
        return self._differs and self.answer.graded_by is not None

    @property
    def _differs(self) -> bool:
        return self.after is not None and self.after != self.before


def regrades(assessment: Assessment, question: Question) -> list[Regrade]:
    """The dry run: every ended attempt's answer to an older version, and what it is worth under the present one."""
    return list(_judged(_older(assessment.id, question, 0), question.current))


@action
def start_regrade(assessment: Assessment, question: Question, *, reason: str, actor: User) -> Task:
    """A worker gives the answers their new scores, each with its history. Raises NothingToRegrade."""
    if not any(each.changes for each in regrades(assessment, question)):
        raise NothingToRegrade(_("Tidak ada jawaban yang nilainya berubah."))
    older = _older(assessment.id, question, 0).with_only_columns(func.count()).order_by(None)
    params = {"assessment_id": assessment.id, "question_id": question.id, "reason": reason, "number": question.number}
    return request_task(KIND, total=db.session.scalar(older) or 0, actor=actor, params=params)


@action
def regrade_rows(task: Task) -> None:
    """The next answers have their new score; attempts whose result changes are told as graded anew."""
    question = db.session.get_one(Question, task.params["question_id"])
    actor = db.session.get_one(User, task.requested_by)
    last = task.report.get("last", 0)
    version = _wanted(task, question)
    found = list(_judged(_older(task.params["assessment_id"], question, last).limit(STEP_ROWS), version))
    for each in found:
        if each.changes:
            _apply(each, version, task.params["reason"], actor)
    changed = task.report.get("changed", 0) + sum(each.changes for each in found)
    last = found[-1].answer.id if found else last
    task.report = {"last": last, "changed": changed}
    task.done = task.done + len(found) if found else task.total


def _wanted(task: Task, question: Question) -> QuestionVersion:
    """The version that the dry run was about, should the question have been changed again since."""
    return db.session.scalars(
        select(QuestionVersion).where(
            QuestionVersion.question_id == question.id, QuestionVersion.number == task.params["number"]
        )
    ).one()


def _older(assessment_id: int, question: Question, after: int) -> Any:
    return (
        select(Answer)
        .join(Answer.attempt)
        .join(QuestionVersion, QuestionVersion.id == Answer.version_id)
        .where(
            Attempt.assessment_id == assessment_id,
            Attempt.status.in_(ENDED),
            Answer.question_id == question.id,
            QuestionVersion.number < question.number,
            Answer.id > after,
        )
        .order_by(Answer.id)
        .options(
            joinedload(Answer.asked, innerjoin=True).selectinload(QuestionVersion.options),
            selectinload(Answer.attempt).joinedload(Attempt.user, innerjoin=True),
            joinedload(Answer.grader),
        )
    )


def _judged(statement: Any, version: QuestionVersion) -> Iterator[Regrade]:
    grade = type_of(version).grade
    answers: Sequence[Answer] = db.session.scalars(statement).all()
    for answer in answers:
        translated = _translate(answer, version)
        after = None
        if grade is not None and translated is not None:
            after = grade(version, translated) if answer.is_answered else grading.NOTHING
        attempt = answer.attempt
        gain = after - (answer.score or Decimal(0)) if after is not None else Decimal(0)
        total = (attempt.score or Decimal(0)) + gain
        passes = grading.passes(grading.percentage(total, attempt.max_score), attempt.policy["passing_score"])
        yield Regrade(answer, translated, answer.score, after, passes)


def _translate(answer: Answer, version: QuestionVersion) -> Translated | None:
    """By the texts of the options, which are other rows in every version; None when one is not there any more."""
    old = {option.id: option for option in answer.asked.options}
    by_text = {option.text: option.id for option in version.options}
    by_partner = {option.partner: option.id for option in version.options}
    drawn: Drawn = {}
    for side, ids in answer.drawn.items():
        drawn[side] = []
        for id, option_id in ids:
            option = old[option_id]
            new = by_partner.get(option.partner) if side == "right" else by_text.get(option.text)
            if new is None:
                return None
            drawn[side].append((id, new))
    return Translated(answer.points, drawn, answer.response)


def _apply(regrade: Regrade, version: QuestionVersion, reason: str, actor: User) -> None:
    answer, translated = regrade.answer, regrade.translated
    assert translated is not None  # noqa: S101 - what does not translate has no new score
    assert regrade.after is not None  # noqa: S101
    lock(answer.attempt)
    if answer.attempt.status not in ENDED:
        return
    db.session.refresh(answer)
    if answer.graded_by is not None:  # since it was judged
        return
    db.session.add(
        GradeChange(answer_id=answer.id, previous=answer.score, score=regrade.after, reason=reason, changed_by=actor.id)
    )
    answer.version_id, answer.drawn = version.id, translated.drawn
    answer.score, answer.graded_at, answer.version = regrade.after, now(), answer.version + 1
    settle(answer.attempt, actor=actor)
