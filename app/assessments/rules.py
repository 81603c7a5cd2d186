"""What the rules of an assessment mean for one person now."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.assessments.models import Assessment, AssessmentStatus, Extension
from app.assessments.queries.attempts import Standing
from app.core.clock import now
from app.core.i18n import format_datetime


def why_not(assessment: Assessment, standing: Standing, extension: Extension | None) -> str:
    """Why no new attempt can be begun now, in a sentence; empty when one can."""
    moment, closes_at = now(), closing_time(assessment, extension)
    allowed = attempts_allowed(assessment, extension)
    refusal = ""
    if assessment.status != AssessmentStatus.PUBLISHED:
        refusal = _("Asesmen ini sedang tidak dibuka.")
    elif assessment.opens_at is not None and moment < assessment.opens_at:
        refusal = _("Asesmen ini dibuka pada %(when)s.", when=format_datetime(assessment.opens_at))
    elif closes_at is not None and moment >= closes_at:
        refusal = _("Asesmen ini ditutup pada %(when)s.", when=format_datetime(closes_at))
    elif allowed is not None and standing.used >= allowed:
        refusal = _("Percobaan Anda sudah habis.")
    return refusal


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
