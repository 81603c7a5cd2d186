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
from app.core.errors import Refused
from app.core.forms import DecimalField

LONGEST = 50
LONGEST_UNIT = 30
MOST_DIGITS = 30


@dataclass(frozen=True)
class Measured:
    given: str
    value: Decimal | None
    tolerance: Decimal
    unit: str


class KeyField(DecimalField):
    """A number that is read as the answers to it are: what can be read in two ways is refused."""

    def process_formdata(self, valuelist: list[str]) -> None:
        given = [value for value in valuelist if value.strip()]
        try:
            self.data = read_number(given[0]) if given else None
        except Refused as refusal:
            self.data = None
            raise ValueError(refusal.sentence) from refusal

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        return written(as_text(self.data))


class NumericForm(QuestionForm):
    value = KeyField(_l("Jawaban yang benar"), [InputRequired()], places=None)
    tolerance = KeyField(
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
        value, tolerance = (field.data or Decimal(0) for field in (self.value, self.tolerance))
        return key(value, tolerance, self.unit.data or ""), ()


def key(value: Decimal, tolerance: Decimal, unit: str = "") -> dict[str, Any]:
    """The `data` of a question. Raises Refused for a number with more digits than anybody answers with."""
    for number in (value, tolerance):
        _digits, exponent = number.as_tuple()[1:]
        if not isinstance(exponent, int) or exponent < -MOST_DIGITS or number.adjusted() >= MOST_DIGITS:
            raise _too_long()
    return {"value": as_text(value), "tolerance": as_text(tolerance), "unit": unit}


def read_number(text: str) -> Decimal:
    """The one number that the text means. Raises Refused for none, for two, and for too many digits."""
    text = text.strip()
    if sum(each.isdigit() for each in text) > MOST_DIGITS:
        raise _too_long()
    found = sorted(grading.readings(text))
    if not found:
        raise Refused(_("Isi dengan angka. Contoh: 87,5"))
    if len(found) > 1:
        first, second = (as_text(each) for each in reversed(found))
        raise Refused(
            _(
                "“%(text)s” dapat dibaca %(first)s atau %(second)s. Tulis %(written)s atau %(other)s.",
                text=text, first=first.replace(".", ","), second=second.replace(".", ","),
                written=written(first), other=written(second),
            )
        )  # fmt: skip
    return found[0]


def as_text(number: Decimal) -> str:
    """As it is stored: without exponent and needless noughts."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(text: str) -> str:
    """A stored number with a comma, such that `read_number` reads it back: 3.142 as `3,1420`."""
    shown = text.replace(".", ",")
    return f"{shown}0" if len(grading.readings(shown)) > 1 else shown


def _too_long() -> Refused:
    return Refused(_("Angka ini terlalu panjang. Tulis paling banyak %(most)s angka.", most=MOST_DIGITS))


def lacks(version: QuestionVersion) -> list[str]:
    if not version.data.get("value"):
        return [_("Soal ini belum memiliki kunci: isi angka yang benar.")]
    if Decimal(version.data.get("tolerance") or "0") < 0:
        return [_("Toleransi soal ini kurang dari 0, sehingga tidak ada jawaban yang benar. Isi 0 atau lebih.")]
    return []


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
