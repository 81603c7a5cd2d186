"""One or several right choices. `data["multiple"]` says whether several may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, StringField
from wtforms.validators import Length

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.content import Choice as Written
from app.assessments.questions.content import Content
from app.assessments.questions.form import MOST_ROWS, QuestionForm, Row
from app.assessments.questions.type import Drawn, Given, QuestionType, Unreadable, draw_options, known


@dataclass(frozen=True)
class Choice:
    """`id` is that of this attempt; `is_key` is None as long as nobody may know."""

    id: str
    text: str
    is_chosen: bool
    is_key: bool | None = None


class ChoiceRow(Row):
    text = StringField(_l("Pilihan"), [Length(max=1000)])
    is_key = BooleanField(_l("Benar"))


class MultipleChoiceForm(QuestionForm):
    multiple = BooleanField(_l("Boleh memilih lebih dari satu"))
    choices = FieldList(FormField(ChoiceRow), _l("Pilihan"), min_entries=4, max_entries=MOST_ROWS)
    ROWS = "choices"

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        rows = [{"text": each.text, "is_key": each.is_key} for each in content.options]
        return {"multiple": bool(content.data.get("multiple")), "choices": rows}

    def own(self) -> tuple[dict[str, Any], tuple[Written, ...]]:
        rows = [row.form for row in self.choices if row.form.text.data]
        options = tuple(Written(row.text.data, is_key=row.is_key.data) for row in rows)
        return ({"multiple": True} if self.multiple.data else {}), options


def lacks(version: QuestionVersion) -> list[str]:
    found = []
    keys = sum(option.is_key for option in version.options)
    if len(version.options) < 2:
        found.append(_("Soal ini memerlukan paling sedikit dua pilihan."))
    if not keys:
        found.append(_("Soal ini belum memiliki kunci: tandai pilihan yang benar."))
    if keys > 1 and not version.data.get("multiple"):
        found.append(_("Soal ini hanya boleh memiliki satu kunci, atau izinkan lebih dari satu pilihan."))
    return found


def draw(version: QuestionVersion, random: Random, shuffle: bool) -> Drawn:
    return {"options": draw_options(version.options, random, shuffle=shuffle)}


def read(answer: Answer, values: Sequence[str]) -> list[str] | None:
    ids = known(answer, "options")
    chosen = [value for value in values if value]
    if not set(chosen) <= set(ids) or (len(chosen) > 1 and not answer.asked.data.get("multiple")):
        raise Unreadable
    return [each for each in ids if each in chosen] or None


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    ids = known(answer, "options")
    keys = {option.id for option in version.options if option.is_key}
    return grading.multiple_choice(answer.points, keys, {ids[each] for each in answer.response or ()})


def shown(answer: Answer) -> list[Choice]:
    return [Choice(id, text, chosen) for id, text, chosen, _key in _choices(answer)]


def reviewed(answer: Answer) -> list[Choice]:
    return [Choice(id, text, chosen, key) for id, text, chosen, key in _choices(answer)]


def _choices(answer: Answer) -> list[tuple[str, str, bool, bool]]:
    options = {option.id: option for option in answer.asked.options}
    chosen = set(answer.response or ())
    drawn = [(id, options[option_id]) for id, option_id in answer.drawn.get("options", ())]
    return [(id, option.text, id in chosen, option.is_key) for id, option in drawn]


TYPE = QuestionType(
    "multiple_choice", _l("Pilihan ganda"), "list-checks", lacks, draw, read, grade, shown, reviewed,
    MultipleChoiceForm,
)  # fmt: skip
