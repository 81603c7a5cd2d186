"""Somebody at an assessment, and what tests say of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.starting import start_attempt
from app.assessments.models import Answer, Assessment, Attempt
from app.assessments.queries.attempts import answers_of
from tests import make

RIGHT = {
    "true_false": ["benar"],
    "short_answer": ["jakarta"],
    "numeric": ["87,5"],
    "essay": ["Mulai dari menghilangkan bahaya."],
}
"""What is sent for the `TYPICAL` question of each type without choices."""


@pytest.fixture
def learner(app: Flask) -> User:
    return make.user()


def enrolled(assessment: Assessment, learner: User | None = None) -> User:
    """Somebody who is in the course of the assessment."""
    return make.enrollment(learner, assessment.course).user


def begun(assessment: Assessment, learner: User | None = None, **more: Any) -> Attempt:
    """An attempt of somebody who is in the course."""
    person = enrolled(assessment, learner)
    return start_attempt(assessment, actor=person, **more)


def answer_of(attempt: Attempt, kind: str) -> Answer:
    """The question of that type in the attempt."""
    return next(each for each in answers_of(attempt) if each.asked.type == kind)


def right_values(answer: Answer) -> list[str]:
    """What a browser would send for the right answer."""
    kind = answer.asked.type
    if kind == "multiple_choice":
        keys = {option.id for option in answer.asked.options if option.is_key}
        return [id for id, option_id in answer.drawn["options"] if option_id in keys]
    if kind == "matching":
        partners = {option.id: option.partner for option in answer.asked.options}
        ids = {partners[option_id]: id for id, option_id in answer.drawn["right"]}
        return [f"{id}:{ids[partners[option_id]]}" for id, option_id in answer.drawn["left"]]
    return RIGHT[kind]


def answer_right(attempt: Attempt, *kinds: str) -> None:
    """Saves the right answers to the questions of these types, or to all that need no file."""
    for each in answers_of(attempt):
        if (each.asked.type in kinds) if kinds else each.asked.type != "file_upload":
            save_answer(attempt, each, right_values(each), actor=attempt.user)
