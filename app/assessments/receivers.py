"""What assessments do when time passes and when others state facts."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.assessments.actions.closing import GRACE, close_if_overdue
from app.assessments.actions.regrading import KIND, regrade_rows
from app.assessments.actions.statistics import count_answers
from app.assessments.events import AssessmentGraded, AttemptExtended, AttemptStarted
from app.assessments.models import Answer, Attempt, QuestionImage
from app.assessments.queries.publishing import lacks_assessments
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


def _past_the_grace(event: AttemptStarted | AttemptExtended) -> datetime | None:
    return event.deadline_at + GRACE if event.deadline_at is not None else None


@receiver(AttemptStarted, AttemptExtended, queue="default", at=_past_the_grace)
def close_overdue_attempt(event: AttemptStarted | AttemptExtended, delivery: Delivery) -> None:
    """Hands in what was saved. An attempt that has been given more time has another timer for it."""
    close_if_overdue(db.session.get_one(Attempt, event.attempt_id))


@receiver(AssessmentGraded, queue="default")
def count_answers_of_assessment(event: AssessmentGraded, delivery: Delivery) -> None:
    count_answers(event.assessment_id)
