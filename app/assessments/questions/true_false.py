"""A sentence that is right or wrong: `data["key"]` says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import QuestionForm
from app.assessments.questions.type import Given, QuestionType, Unreadable, no_options

WORDS = {True: "benar", False: "salah"}


@dataclass(frozen=True)
class Judged:
    chosen: bool | None
    key: bool | None


class TrueFalseForm(QuestionForm):
    key = RadioField(
        _l("Kunci"), [InputRequired()], choices=[SelectChoice("benar", _l("Benar")), SelectChoice("salah", _l("Salah"))]
    )

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        key = content.data.get("key")
        return {"key": WORDS[key] if isinstance(key, bool) else None}

    def own(self) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        return {"key": self.key.data == "benar"}, ()


def lacks(version: QuestionVersion) -> list[str]:
    if isinstance(version.data.get("key"), bool):
        return []
    return [_("Soal ini belum memiliki kunci: pilih Benar atau Salah.")]


def read(_answer: Answer, values: Sequence[str]) -> str | None:
    given = [value for value in values if value.strip()]
    if not given:
        return None
    meant = grading.truth(given[0])
    if len(given) > 1 or meant is None:
        raise Unreadable
    return WORDS[meant]


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    return grading.true_false(answer.points, version.data.get("key"), answer.response or "")


def shown(answer: Answer) -> bool | None:
    """What was chosen."""
    return grading.truth(answer.response or "")


def reviewed(answer: Answer) -> Judged:
    return Judged(shown(answer), answer.asked.data.get("key"))


TYPE = QuestionType(
    "true_false", _l("Benar atau salah"), "circle-check", lacks, no_options, read, grade, shown, reviewed,
    TrueFalseForm,
)  # fmt: skip
