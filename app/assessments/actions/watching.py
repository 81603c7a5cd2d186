"""What staff may do while an assessment is taken: more time, more attempts, an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.refusals import AttemptClosed, WithoutDeadline
from app.assessments.events import AttemptCancelled, AttemptEnded, AttemptExtended, ExtensionGiven
from app.assessments.models import Assessment, Attempt, AttemptStatus, Extension
from app.assessments.states import ATTEMPT
from app.core.db import action, db, lock
from app.core.once import upsert
from app.events import emit, transition


@action
def extend_attempt(attempt: Attempt, minutes: int, *, reason: str, actor: User) -> None:
    """The running attempt ends so many minutes later. States AttemptExtended. Raises AttemptClosed, WithoutDeadline."""
    lock(attempt)
    if not attempt.is_open:
        raise AttemptClosed(_("Percobaan ini sudah berakhir: waktunya tidak dapat ditambah."))
    if attempt.deadline_at is None:
        raise WithoutDeadline(_("Percobaan ini tidak dibatasi waktu."))
    attempt.deadline_at += timedelta(minutes=minutes)
    emit(
        AttemptExtended(**_named(attempt), minutes=minutes, reason=reason, deadline_at=attempt.deadline_at),
        actor=actor,
    )


@action
def extend_all(assessment: Assessment, minutes: int, *, reason: str, actor: User) -> int:
    """As `extend_attempt`, for every attempt that runs now against a deadline; how many there were."""
    running = select(Attempt).where(
        Attempt.assessment_id == assessment.id,
        Attempt.status == AttemptStatus.IN_PROGRESS,
        Attempt.deadline_at.is_not(None),
    )
    attempts = db.session.scalars(running.order_by(Attempt.id)).all()
    for attempt in attempts:
        extend_attempt(attempt, minutes, reason=reason, actor=actor)
    return len(attempts)


@action
def end_attempt(attempt: Attempt, *, reason: str, actor: User) -> None:
    """The attempt is handed in as it stands, also when its time is up and no timer has come for it.

    States AttemptEnded beside what `submit_attempt` states. Raises AttemptClosed.
    """
    lock(attempt)
    if not attempt.is_open:
        raise AttemptClosed(_("Percobaan ini sudah berakhir."))
    submit_attempt(attempt, actor=actor)
    emit(AttemptEnded(**_named(attempt), reason=reason), actor=actor)


@action
def cancel_attempt(attempt: Attempt, *, reason: str, actor: User) -> None:
    """The attempt does not count, whether it runs or has ended. States AttemptCancelled. Raises TransitionRefused."""
    lock(attempt)
    transition(attempt, AttemptStatus.CANCELLED, ATTEMPT, actor=actor)
    emit(AttemptCancelled(**_named(attempt), enrollment_id=attempt.enrollment_id, reason=reason), actor=actor)


@action
def give_extension(
    assessment: Assessment,
    person: User,
    *,
    minutes: int = 0,
    attempts: int = 0,
    closes_at: datetime | None = None,
    reason: str,
    actor: User,
) -> Extension:
    """What this person may have beyond the rules, from the next attempt on; it takes the place of an earlier extension.

    States ExtensionGiven.
    """
    values = {"minutes": minutes, "attempts": attempts, "closes_at": closes_at, "reason": reason, "given_by": actor.id}
    key = {"assessment_id": assessment.id, "user_id": person.id}
    extension = upsert(Extension, key, **values)
    emit(ExtensionGiven(**key, minutes=minutes, attempts=attempts, closes_at=closes_at, reason=reason), actor=actor)
    return extension


def _named(attempt: Attempt) -> dict[str, Any]:
    return {"attempt_id": attempt.id, "assessment_id": attempt.assessment_id, "user_id": attempt.user_id}
