"""What assessments do when time passes and when others state facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.assessments.actions.closing import GRACE, close_if_overdue
from app.assessments.actions.regrading import KIND, regrade_rows
from app.assessments.actions.statistics import count_answers
from app.assessments.events import AssessmentGraded, AttemptCancelled, AttemptExtended, AttemptStarted
from app.assessments.models import Answer, Attempt, QuestionImage
from app.assessments.queries.publishing import lacks_assessments
from app.assessments.queries.results import counted_at
from app.core.clock import now
from app.core.db import db
from app.core.i18n import format_number
from app.courses.queries import media_uses, publish_checks
from app.events import Delivery, receiver
from app.events.models import Task
from app.events.tasks import TaskKind, add_kind

publish_checks.append(lacks_assessments)
media_uses.extend((Answer.media_id, QuestionImage.media_id))


def _told(task: Task) -> list[str]:
    return [_("%(count)s jawaban mendapat skor lain.", count=format_number(task.report.get("changed", 0)))]


def _onward(task: Task) -> tuple[str, str]:
    return _("Ke hasil asesmen"), url_for("assessments.results", assessment_id=task.params["assessment_id"])


add_kind(TaskKind(KIND, _l("Penilaian ulang"), regrade_rows, _told, _onward))


COUNTED_AFTER = timedelta(seconds=20)
"""How long after a result the statistics are counted."""


def _past_the_grace(event: AttemptStarted | AttemptExtended) -> datetime | None:
    return event.deadline_at + GRACE if event.deadline_at is not None else None


@receiver(AttemptStarted, AttemptExtended, queue="default", at=_past_the_grace)
def close_overdue_attempt(event: AttemptStarted | AttemptExtended, delivery: Delivery) -> None:
    """Hands in what was saved. An attempt that has been given more time has another timer for it."""
    close_if_overdue(db.session.get_one(Attempt, event.attempt_id))


def _a_little_later(_event: AssessmentGraded | AttemptCancelled) -> datetime:
    return now() + COUNTED_AFTER


@receiver(AssessmentGraded, AttemptCancelled, queue="default", at=_a_little_later)
def count_answers_of_assessment(event: AssessmentGraded | AttemptCancelled, delivery: Delivery) -> None:
    """Of a hall that hands in together only the first is counted for: its count comes after them all."""
    counted = counted_at(event.assessment_id)
    if counted is None or counted < delivery.record.occurred_at + COUNTED_AFTER / 2:
        count_answers(event.assessment_id)
