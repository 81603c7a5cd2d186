"""How questions fared: counted anew from all graded attempts, so that it is right whatever came before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from statistics import StatisticsError, correlation, fmean
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from app.assessments.models import Answer, Attempt, AttemptStatus, QuestionStatistic
from app.core.clock import now
from app.core.db import action, db
from app.core.once import upsert


class _Graded(NamedTuple):
    version_id: int
    attempt_id: int
    share: float
    rest: float
    """The share earned in the other questions of the attempt."""


@action
def count_answers(assessment_id: int) -> None:
    """`question_statistics` of the assessment say what its graded attempts say. One read, one write a question."""
    rows = db.session.execute(
        select(
            Answer.version_id, Answer.attempt_id, Answer.score, Answer.points, Answer.response, Answer.drawn,
            Attempt.score, Attempt.max_score,
        )
        .join(Answer.attempt)
        .where(Attempt.assessment_id == assessment_id, Attempt.status == AttemptStatus.GRADED)
    ).all()  # fmt: skip
    graded: dict[int, list[_Graded]] = defaultdict(list)
    chosen: dict[int, Counter[str]] = defaultdict(Counter)
    for version_id, attempt_id, score, points, response, drawn, total, most in rows:
        rest = most - points
        graded[version_id].append(
            _Graded(version_id, attempt_id, float(score / points), float((total - score) / rest) if rest else 0.0)
        )
        chosen[version_id].update(_chosen(response, drawn))
    gone = QuestionStatistic.version_id.not_in(graded.keys())
    db.session.execute(delete(QuestionStatistic).where(QuestionStatistic.assessment_id == assessment_id, gone))
    for version_id, answers in graded.items():
        upsert(
            QuestionStatistic,
            {"assessment_id": assessment_id, "version_id": version_id},
            answers=len(answers),
            difficulty=_four_places(fmean(each.share for each in answers)),
            discrimination=discrimination([each.share for each in answers], [each.rest for each in answers]),
            choices=dict(chosen[version_id]),
            counted_at=now(),
        )


def discrimination(shares: Sequence[float], rests: Sequence[float]) -> Decimal | None:
    """Pearson's correlation; None where it has no meaning: fewer than two attempts, or all alike."""
    try:
        return _four_places(correlation(shares, rests))
    except StatisticsError:
        return None


def _four_places(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


def _chosen(response: Any, drawn: dict[str, Any]) -> list[str]:
    """The option ids that a multiple-choice answer has chosen."""
    if not isinstance(response, list):
        return []
    ids = dict(drawn.get("options", ()))
    return [str(ids[each]) for each in response if each in ids]
