"""A file that a human looks at: it is kept in the answer's `media`, the response stays empty."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.type import QuestionType, Unreadable, no_options
from app.courses.lessons import FileRule
from app.courses.lessons.document import FILES
from app.courses.models import Media

MAX_BYTES = 10_000_000
RULE = FileRule((*FILES.suffixes, ".zip"), MAX_BYTES)
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Drawn anew: neither the place where a photograph was taken nor anything hidden behind it is kept."""


def lacks(_version: QuestionVersion) -> list[str]:
    return []


def read(_answer: Answer, values: Sequence[str]) -> None:
    if any(values):
        raise Unreadable


def shown(answer: Answer) -> Media | None:
    """The file that was handed in."""
    return answer.media


TYPE = QuestionType(
    "file_upload", _l("Unggah berkas"), "download", lacks, no_options, read, None, shown, shown, takes_file=True
)
