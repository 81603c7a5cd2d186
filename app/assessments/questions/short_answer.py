"""A few words: the options are the accepted texts; `data["similar"]` lets nearly right ones earn a share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.type import Given, QuestionType, no_options, one_line, typed

LONGEST = 500


@dataclass(frozen=True)
class Compared:
    given: str
    accepted: tuple[str, ...]


def lacks(version: QuestionVersion) -> list[str]:
    if any(option.text.strip() for option in version.options):
        return []
    return [_("Soal ini belum memiliki kunci: isi paling sedikit satu jawaban yang diterima.")]


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    accepted = [option.text for option in version.options]
    similar = bool(version.data.get("similar"))
    return grading.short_answer(answer.points, accepted, answer.response or "", similar=similar)


def reviewed(answer: Answer) -> Compared:
    return Compared(typed(answer), tuple(option.text for option in answer.asked.options))


TYPE = QuestionType(
    "short_answer", _l("Isian singkat"), "pencil", lacks, no_options, one_line(LONGEST), grade, typed, reviewed
)
