"""A few words: the options are the accepted texts; `data["similar"]` lets nearly right ones earn a share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import MOST_ROWS, QuestionForm
from app.assessments.questions.type import Given, QuestionType, no_options, one_line, typed

LONGEST = 500


@dataclass(frozen=True)
class Compared:
    given: str
    accepted: tuple[str, ...]


class ShortAnswerForm(QuestionForm):
    accepted = TextAreaField(
        _l("Jawaban yang diterima"),
        [Length(max=20_000)],
        description=_l("Satu jawaban satu baris. Huruf besar kecil dan spasi tidak dibedakan."),
    )
    similar = BooleanField(_l("Jawaban yang sangat mirip mendapat sebagian poin"))

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        texts = "\n".join(each.text for each in content.options)
        return {"accepted": texts, "similar": bool(content.data.get("similar"))}

    def validate_accepted(self, field: TextAreaField) -> None:
        lines = _lines(field.data)
        if len(lines) > MOST_ROWS or any(len(line) > LONGEST for line in lines):
            raise ValidationError(_("Paling banyak 20 jawaban, masing-masing 500 karakter."))

    def own(self) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        options = tuple(Choice(line, is_key=True) for line in _lines(self.accepted.data))
        return ({"similar": True} if self.similar.data else {}), options


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


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
    "short_answer", _l("Isian singkat"), "pencil", lacks, no_options, one_line(LONGEST), grade, typed, reviewed,
    ShortAnswerForm,
)  # fmt: skip
