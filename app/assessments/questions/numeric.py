"""A number: `data["value"]` within `data["tolerance"]`, as decimal texts; `data["unit"]` stands behind the field."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import QuestionForm
from app.assessments.questions.type import Given, QuestionType, no_options, one_line, typed
from app.core.forms import DecimalField

LONGEST = 50
LONGEST_UNIT = 30


@dataclass(frozen=True)
class Measured:
    given: str
    value: Decimal | None
    tolerance: Decimal
    unit: str


class NumericForm(QuestionForm):
    value = DecimalField(_l("Jawaban yang benar"), [InputRequired()], places=None)
    tolerance = DecimalField(
        _l("Toleransi"),
        [Optional(), NumberRange(min=0)],
        places=None,
        description=_l("Selisih yang masih dianggap benar."),
    )
    unit = StringField(
        _l("Satuan"), [Length(max=LONGEST_UNIT)], description=_l("Tampil di belakang isian. Contoh: liter")
    )

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        data = content.data
        numbers = {name: Decimal(data[name]) if data.get(name) else None for name in ("value", "tolerance")}
        return {**numbers, "unit": data.get("unit", "")}

    def own(self) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        tolerance = self.tolerance.data or Decimal(0)
        return {"value": f"{self.value.data:f}", "tolerance": f"{tolerance:f}", "unit": self.unit.data or ""}, ()


def lacks(version: QuestionVersion) -> list[str]:
    return [] if version.data.get("value") else [_("Soal ini belum memiliki kunci: isi angka yang benar.")]


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    if not version.data.get("value"):
        return grading.NOTHING
    value, tolerance = Decimal(version.data["value"]), Decimal(version.data.get("tolerance") or "0")
    return grading.numeric(answer.points, value, tolerance, answer.response or "")


def reviewed(answer: Answer) -> Measured:
    data = answer.asked.data
    value, tolerance = data.get("value"), Decimal(data.get("tolerance") or "0")
    return Measured(typed(answer), Decimal(value) if value else None, tolerance, data.get("unit", ""))


TYPE = QuestionType(
    "numeric", _l("Angka"), "gauge", lacks, no_options, one_line(LONGEST), grade, typed, reviewed, NumericForm
)
