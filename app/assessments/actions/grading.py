"""Grading by a human, and grading anew."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import or_, update

from app.accounts.models import User
from app.assessments.actions.closing import result_of, tell_result
from app.assessments.actions.refusals import AttemptClosed, GradeConflict, ScoreOutOfRange
from app.assessments.events import AnswerGraded
from app.assessments.models import Answer, Attempt, AttemptStatus, GradeChange, Phrase
from app.assessments.queries.attempts import answers_of
from app.assessments.queries.grading import CLAIMED_FOR
from app.assessments.states import ATTEMPT
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.i18n import format_number, format_time
from app.core.once import insert_once
from app.events import emit, transition


@action
def grade_answer(
    answer: Answer,
    score: Decimal,
    *,
    feedback: str = "",
    reason: str = "",
    version: int | None = None,
    actor: User,
) -> None:
    """The answer has this score; the attempt has its result as soon as none of its answers waits.

    `version` is that of the answer when it was opened. States AnswerGraded, and AssessmentGraded whenever the result is
    new or another one. Raises ScoreOutOfRange, GradeConflict, and AttemptClosed for an attempt that runs or was
    cancelled.
    """
    attempt = answer.attempt
    lock(attempt)
    if not attempt.takes_grades:
        raise AttemptClosed(_("Percobaan ini sedang berjalan atau dibatalkan: belum ada yang dapat dinilai."))
    db.session.refresh(answer)
    if version is not None and version != answer.version:
        raise GradeConflict(_graded_meanwhile(answer))
    if not 0 <= score <= answer.points:
        raise ScoreOutOfRange(_("Isi skor dari 0 sampai %(most)s.", most=format_number(answer.points)), "score")
    _note_change(answer, score, reason, actor)
    answer.score, answer.feedback = score, feedback
    answer.graded_by, answer.graded_at, answer.version = actor.id, now(), answer.version + 1
    answer.claimed_by = answer.claimed_at = None
    emit(
        AnswerGraded(
            attempt_id=attempt.id,
            answer_id=answer.id,
            user_id=attempt.user_id,
            score=float(score),
            max_score=float(answer.points),
            graded_by=actor.id,
        ),
        actor=actor,
    )
    settle(attempt, actor=actor)


def _note_change(answer: Answer, score: Decimal, reason: str, actor: User) -> None:
    change = GradeChange(answer_id=answer.id, previous=answer.score, score=score, reason=reason, changed_by=actor.id)
    db.session.add(change)


@action
def settle(attempt: Attempt, *, actor: User) -> None:
    """The attempt has the result that its answers make, unless one still waits. States AssessmentGraded for another."""
    db.session.flush()
    answers = answers_of(attempt)
    if any(each.score is None for each in answers):
        return
    result = result_of(attempt, answers)
    if attempt.status == AttemptStatus.SUBMITTED:
        transition(attempt, AttemptStatus.GRADED, ATTEMPT, actor=actor, graded_by=actor.id, **result)
    elif (attempt.score, attempt.passed) == (result["score"], result["passed"]):
        return
    else:
        for name, value in result.items():
            setattr(attempt, name, value)
        attempt.graded_by = actor.id
    tell_result(attempt, actor=actor, graded_by=actor.id)


@action
def claim(answer: Answer, *, actor: User) -> bool:
    """The answer is the actor's to grade for the next minutes; False when somebody else has it just now. No fact."""
    free = or_(Answer.claimed_by.is_(None), Answer.claimed_by == actor.id, Answer.claimed_at < now() - CLAIMED_FOR)
    claimed = db.session.execute(
        update(Answer).where(Answer.id == answer.id, free).values(claimed_by=actor.id, claimed_at=now()),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(answer)
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


@action
def give_back(answer: Answer, *, actor: User) -> None:
    """The answer is anybody's to grade again, if it was the actor's. No fact."""
    mine = (Answer.id == answer.id) & (Answer.claimed_by == actor.id)
    db.session.execute(
        update(Answer).where(mine).values(claimed_by=None, claimed_at=None),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(answer)


@action
def keep_phrase(text: str, *, actor: User) -> None:
    """The sentence is among those that the actor can put into a feedback. No fact."""
    insert_once(Phrase, user_id=actor.id, text=text)


@action
def drop_phrase(phrase: Phrase, *, actor: User) -> None:
    """The sentence is not kept any more. No fact."""
    db.session.delete(phrase)


def _graded_meanwhile(answer: Answer) -> str:
    grader = db.session.get(User, answer.graded_by) if answer.graded_by else None
    sentence: str = _(
        "%(name)s menilai jawaban ini pukul %(time)s, sesudah Anda membukanya: skor %(score)s. Isian Anda masih ada; "
        "tekan Simpan sekali lagi untuk memakainya.",
        name=grader.name if grader else _("Seseorang"),
        time=format_time(answer.graded_at or now()),
        score=format_number(answer.score or Decimal(0)),
    )
    return sentence
