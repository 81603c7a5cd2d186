"""A number: `data["value"]` within `data["tolerance"]`, as decimal texts; `data["unit"]` stands behind the field."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.type import Given, QuestionType, no_options, one_line, typed

LONGEST = 50


@dataclass(frozen=True)
class Measured:
    given: str
    value: Decimal
    tolerance: Decimal
    unit: str


def lacks(version: QuestionVersion) -> list[str]:
    return [] if version.data.get("value") else [_("Soal ini belum memiliki kunci: isi angka yang benar.")]


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    value, tolerance = Decimal(version.data["value"]), Decimal(version.data.get("tolerance") or "0")
    return grading.numeric(answer.points, value, tolerance, answer.response or "")


def reviewed(answer: Answer) -> Measured:
    data = answer.asked.data
    return Measured(typed(answer), Decimal(data["value"]), Decimal(data.get("tolerance") or "0"), data.get("unit", ""))


TYPE = QuestionType("numeric", _l("Angka"), "gauge", lacks, no_options, one_line(LONGEST), grade, typed, reviewed)
