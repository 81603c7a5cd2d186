"""Beginning an attempt: the server draws the questions, their order and the ids of their options, and keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from app.accounts.models import User
from app.assessments.actions.closing import close_if_overdue
from app.assessments.actions.refusals import AttemptRefused
from app.assessments.events import AttemptStarted
from app.assessments.models import Answer, Assessment, AssessmentStatus, Attempt, Extension
from app.assessments.queries.attempts import Standing, extension_of, standing_of
from app.assessments.queries.composing import Asked, compose
from app.assessments.questions import type_of
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.i18n import format_datetime
from app.enrollments.access import is_inside
from app.enrollments.models import Enrollment
from app.enrollments.queries import enrollment_of
from app.events import emit

POLICY = ("passing_score", "show_score", "show_keys", "show_feedback")
"""The rules of an assessment that an attempt keeps as they were when it began."""


@action
def start_attempt(assessment: Assessment, *, actor: User, random: Random | None = None) -> Attempt:
    """The actor's open attempt: the one that is in progress, else a new one. A new one states AttemptStarted.

    Of two starts at the same time one begins and the other resumes. Raises AttemptRefused: not published, not
    enrolled, outside the window, no attempts left, no questions.
    """
    enrollment = _enrolled(assessment, actor)
    extension = extension_of(assessment.id, actor.id)
    standing = standing_of(assessment.id, actor.id)
    if standing.open_id is not None:
        found = db.session.get_one(Attempt, standing.open_id, populate_existing=True)
        if not close_if_overdue(found):
            return found
    refuse_start(assessment, standing, extension)
    asked = compose(assessment, random or SystemRandom())
    if not asked:
        raise AttemptRefused(_("Asesmen ini belum memiliki soal. Hubungi pengajar Anda."))
    attempt = _begin(assessment, enrollment, extension, standing.last_number + 1, asked)
    _hand_out(attempt, asked, assessment.shuffle_options, random or SystemRandom())
    return attempt


def refuse_start(assessment: Assessment, standing: Standing, extension: Extension | None) -> None:
    """Raises AttemptRefused, with the reason, when no new attempt may be begun now."""
    moment, closes_at = now(), closing_time(assessment, extension)
    if assessment.status != AssessmentStatus.PUBLISHED:
        raise AttemptRefused(_("Asesmen ini sedang tidak dibuka."))
    if assessment.opens_at is not None and moment < assessment.opens_at:
        raise AttemptRefused(_("Asesmen ini dibuka pada %(when)s.", when=format_datetime(assessment.opens_at)))
    if closes_at is not None and moment >= closes_at:
        raise AttemptRefused(_("Asesmen ini ditutup pada %(when)s.", when=format_datetime(closes_at)))
    allowed = attempts_allowed(assessment, extension)
    if allowed is not None and standing.used >= allowed:
        raise AttemptRefused(_("Percobaan Anda sudah habis."))


def attempts_allowed(assessment: Assessment, extension: Extension | None) -> int | None:
    """How many attempts the person may begin in all; None: as many as wanted."""
    if not assessment.max_attempts:
        return None
    return assessment.max_attempts + (extension.attempts if extension else 0)


def closing_time(assessment: Assessment, extension: Extension | None) -> datetime | None:
    """When the assessment closes for the person; None: never."""
    return extension.closes_at if extension and extension.closes_at else assessment.closes_at


def deadline(assessment: Assessment, extension: Extension | None, started_at: datetime) -> datetime | None:
    """The earlier of start + limit and the closing time, each with the person's extension; None without either."""
    ends = [closing_time(assessment, extension)]
    if assessment.time_limit_minutes is not None:
        minutes = assessment.time_limit_minutes + (extension.minutes if extension else 0)
        ends.append(started_at + timedelta(minutes=minutes))
    return min((each for each in ends if each is not None), default=None)


def _enrolled(assessment: Assessment, actor: User) -> Enrollment:
    enrollment = enrollment_of(actor.id, assessment.course_id)
    if enrollment is None or not is_inside(enrollment):
        raise AttemptRefused(_("Ikuti kursusnya dulu untuk mengerjakan asesmen ini."))
    lock(enrollment)  # of one person's two starts the second waits here
    return enrollment


def _begin(
    assessment: Assessment, enrollment: Enrollment, extension: Extension | None, number: int, asked: list[Asked]
) -> Attempt:
    moment = now()
    attempt = Attempt(
        assessment_id=assessment.id,
        user_id=enrollment.user_id,
        enrollment_id=enrollment.id,
        number=number,
        started_at=moment,
        deadline_at=deadline(assessment, extension, moment),
        max_score=sum(each.points for each in asked),
        policy={rule: getattr(assessment, rule) for rule in POLICY},
    )
    db.session.add(attempt)
    db.session.flush()
    emit(
        AttemptStarted(
            attempt_id=attempt.id,
            assessment_id=assessment.id,
            course_id=assessment.course_id,
            enrollment_id=enrollment.id,
            user_id=enrollment.user_id,
            assessment_title=assessment.title,
            attempt_number=number,
            started_at=moment,
            deadline_at=attempt.deadline_at,
        )
    )
    return attempt


def _hand_out(attempt: Attempt, asked: list[Asked], shuffle: bool, random: Random) -> None:
    rows: list[dict[str, Any]] = [
        {
            "attempt_id": attempt.id,
            "position": position,
            "question_id": each.version.question_id,
            "version_id": each.version.id,
            "points": each.points,
            "drawn": type_of(each.version).draw(each.version, random, shuffle),
        }
        for position, each in enumerate(asked, start=1)
    ]
    db.session.execute(insert(Answer), rows)
