"""The judgement of the exam day's benchmark: what was refused is not passed over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from app.assessments.actions.answering import save_answer
from app.assessments.actions.closing import submit_attempt
from app.assessments.queries.attempts import answers_of
from bench.exam.run import ANSWERS, KINDS, Seat, judged
from bench.pages.school import Visitor
from bench.places import Place
from tests import make
from tests.assessments.conftest import begun

HERE = Place("here", "sqlite://", Path())


def seats(saved: bool) -> list[Seat]:
    """Two learners who have handed in, with every answer acknowledged or refused."""
    found = []
    for _ in range(2):
        attempt = begun(make.assessment(kinds=KINDS))
        questions = {each.position: ANSWERS[each.asked.type] for each in answers_of(attempt)}
        for each in answers_of(attempt) if saved else ():
            save_answer(attempt, each, [questions[each.position]], actor=attempt.user)
        submit_attempt(attempt, actor=attempt.user)
        seat = Seat(Visitor("", ""), attempt.public_id, questions, list(questions) if saved else [], handed_in=True)
        seat.statuses, seat.times = Counter({200 if saved else 403: 3, 303: 1}), [0.1] * 4
        found.append(seat)
    return found


@pytest.mark.parametrize(
    ("saved", "missed"), [(True, set()), (False, {"answers not acknowledged", "refused otherwise"})]
)
def test_t_quz_10_an_exam_whose_saves_are_refused_is_not_met(app: Flask, saved: bool, missed: set[str]) -> None:
    rows = list(judged(HERE, seats(saved)))
    assert {row.what.partition(": ")[2] for row in rows if row.met is False} == missed
    statuses = next(row.measured for row in rows if row.what.endswith("by status"))
    assert statuses == ("200: 6, 303: 2" if saved else "303: 2, 403: 6")
