"""What staff may do while an assessment is taken: more time, more attempts, an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.refusals import AttemptClosed, NobodyIsIn, WithoutDeadline
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
    _extend(attempt, minutes, reason, actor)


@action
def extend_all(assessment: Assessment, minutes: int, *, reason: str, actor: User) -> int:
    """As `extend_attempt`, for every attempt that runs now against a deadline; how many there were.

    Who hands in meanwhile is left out. Raises NobodyIsIn, and WithoutDeadline when nobody's time is limited.
    """
    running = select(Attempt).where(Attempt.assessment_id == assessment.id, Attempt.status == AttemptStatus.IN_PROGRESS)
    # Locked as it is asked for: PostgreSQL asks again of each row that it had to wait for, and drops what has ended.
    locked = running.order_by(Attempt.id).with_for_update().execution_options(populate_existing=True)
    attempts = db.session.scalars(locked).all()
    if not attempts:
        raise NobodyIsIn(
            _(
                "Tidak ada yang sedang mengerjakan, jadi tidak ada waktu yang ditambah. Untuk yang belum mulai, pakai "
                "Kelonggaran per peserta."
            )
        )
    timed = [each for each in attempts if each.deadline_at is not None]
    if not timed:
        raise WithoutDeadline(_("Percobaan yang sedang berjalan tidak dibatasi waktu: tidak ada yang perlu ditambah."))
    for attempt in timed:
        _extend(attempt, minutes, reason, actor)
    return len(timed)


def _extend(attempt: Attempt, minutes: int, reason: str, actor: User) -> None:
    assert attempt.deadline_at is not None  # noqa: S101 - whoever calls has looked
    attempt.deadline_at += timedelta(minutes=minutes)
    emit(
        AttemptExtended(**_named(attempt), minutes=minutes, reason=reason, deadline_at=attempt.deadline_at),
        actor=actor,
    )


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
