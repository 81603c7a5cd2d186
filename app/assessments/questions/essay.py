"""A text that a human reads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.assessments.models import QuestionVersion
from app.assessments.questions.type import QuestionType, no_options, one_line, typed

LONGEST = 20_000


def lacks(_version: QuestionVersion) -> list[str]:
    return []


TYPE = QuestionType("essay", _l("Esai"), "file-text", lacks, no_options, one_line(LONGEST), None, typed, typed)
