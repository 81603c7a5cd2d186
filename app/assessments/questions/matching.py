"""Pairs: every option has a `text` at the left and a `partner` at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField
from wtforms.validators import Length

from app.assessments import grading
from app.assessments.models import Answer, QuestionVersion
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.form import MOST_ROWS, QuestionForm, Row
from app.assessments.questions.type import Drawn, Given, QuestionType, Unreadable, draw_options, known


@dataclass(frozen=True)
class Left:
    """`chosen` is the id of the partner that was chosen, `partner` the text of the right one where it may be known."""

    id: str
    text: str
    chosen: str | None
    chosen_text: str | None
    partner: str | None = None


@dataclass(frozen=True)
class Pairs:
    """`rights` are the partners to choose from, by their ids of this attempt."""

    lefts: tuple[Left, ...]
    rights: dict[str, str]


class PairRow(Row):
    text = StringField(_l("Kiri"), [Length(max=1000)])
    partner = StringField(_l("Pasangannya"), [Length(max=1000)])


class MatchingForm(QuestionForm):
    pairs = FieldList(FormField(PairRow), _l("Pasangan"), min_entries=4, max_entries=MOST_ROWS)
    ROWS = "pairs"

    @classmethod
    def own_initial(cls, content: Content) -> dict[str, Any]:
        return {"pairs": [{"text": each.text, "partner": each.partner} for each in content.options]}

    def own(self) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        rows = [row.form for row in self.pairs if row.form.text.data or row.form.partner.data]
        return {}, tuple(Choice(row.text.data or "", partner=row.partner.data or "") for row in rows)


def lacks(version: QuestionVersion) -> list[str]:
    whole = [option for option in version.options if option.text.strip() and (option.partner or "").strip()]
    if len(whole) >= 2 and len(whole) == len(version.options):
        return []
    return [_("Soal ini memerlukan paling sedikit dua pasangan, kiri dan kanan terisi.")]


def draw(version: QuestionVersion, random: Random, shuffle: bool) -> Drawn:
    """The right side is shuffled from the alphabet, always: in its own order it would be the key.

    So the same dice give the same page, whichever partner belongs to whom.
    """
    once = {option.partner or "": option for option in version.options}
    return {
        "left": draw_options(version.options, random, shuffle=shuffle),
        "right": draw_options([once[partner] for partner in sorted(once)], random, shuffle=True),
    }


def read(answer: Answer, values: Sequence[str]) -> dict[str, str] | None:
    """Each value is `left:right`, or `left:` where nothing is chosen."""
    lefts, rights = known(answer, "left"), known(answer, "right")
    chosen = {}
    for value in values:
        left, mark, right = value.partition(":")
        if not mark or left not in lefts or left in chosen or (right and right not in rights):
            raise Unreadable
        if right:
            chosen[left] = right
    return chosen or None


def grade(version: QuestionVersion, answer: Given) -> Decimal:
    lefts, partners = known(answer, "left"), _partners(answer, version)
    pairs = {option.id: option.partner for option in version.options}
    given = {lefts[left]: partners[right] for left, right in (answer.response or {}).items()}
    return grading.matching(answer.points, pairs, given)


def shown(answer: Answer) -> Pairs:
    return _pairs(answer, with_key=False)


def reviewed(answer: Answer) -> Pairs:
    return _pairs(answer, with_key=True)


def _pairs(answer: Answer, *, with_key: bool) -> Pairs:
    options = {option.id: option for option in answer.asked.options}
    rights = _partners(answer, answer.asked)
    given = answer.response or {}
    lefts = tuple(
        Left(
            id,
            options[option_id].text,
            given.get(id),
            rights.get(given.get(id, "")),
            options[option_id].partner if with_key else None,
        )
        for id, option_id in answer.drawn.get("left", ())
    )
    return Pairs(lefts, rights)


def _partners(answer: Given, version: QuestionVersion) -> dict[str, str]:
    """The partners by their ids of this attempt, in the order in which they are shown."""
    texts = {option.id: option.partner or "" for option in version.options}
    return {id: texts[option_id] for id, option_id in answer.drawn.get("right", ())}


TYPE = QuestionType("matching", _l("Menjodohkan"), "layers", lacks, draw, read, grade, shown, reviewed, MatchingForm)
