"""Beginning an attempt: the server draws the questions, their order and the ids of their options, and keeps them."""

from __future__ import annotations

from random import Random, SystemRandom
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from app.accounts.models import User
from app.assessments.actions.closing import close_if_overdue
from app.assessments.actions.refusals import AttemptRefused
from app.assessments.events import AttemptStarted
from app.assessments.models import Answer, Assessment, Attempt, Extension
from app.assessments.queries.attempts import extension_of, standing_of
from app.assessments.queries.composing import Asked, compose
from app.assessments.questions import type_of
from app.assessments.rules import deadline, why_not
from app.core.clock import now
from app.core.db import action, db, lock
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
    refusal = why_not(assessment, standing, extension)
    if refusal:
        raise AttemptRefused(refusal)
    asked = compose(assessment, random or SystemRandom())
    if not asked:
        raise AttemptRefused(_("Asesmen ini belum memiliki soal. Hubungi pengajar Anda."))
    attempt = _begin(assessment, enrollment, extension, standing.last_number + 1, asked, actor)
    _hand_out(attempt, asked, assessment.shuffle_options, random or SystemRandom())
    return attempt


def _enrolled(assessment: Assessment, actor: User) -> Enrollment:
    enrollment = enrollment_of(actor.id, assessment.course_id)
    if enrollment is None or not is_inside(enrollment):
        raise AttemptRefused(_("Ikuti kursusnya dulu untuk mengerjakan asesmen ini."))
    lock(enrollment)  # of one person's two starts the second waits here
    return enrollment


def _begin(
    assessment: Assessment,
    enrollment: Enrollment,
    extension: Extension | None,
    number: int,
    asked: list[Asked],
    actor: User,
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
        ),
        actor=actor,
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
