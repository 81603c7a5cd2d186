"""Any order of acts at an assessment, of its learner and of its author, keeps what must hold."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from operator import add
from typing import Any

from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import User
from app.assessments import grading
from app.assessments.actions.answering import save_answer
from app.assessments.actions.bank import change_question, content_of
from app.assessments.actions.closing import close_if_overdue, submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.actions.regrading import NothingToRegrade, regrade_rows, regrades, start_regrade
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt, extend_attempt
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.models import (
    Answer,
    Assessment,
    Attempt,
    AttemptStatus,
    GradeChange,
    Item,
    Question,
    QuestionVersion,
    Show,
)
from app.assessments.queries.assessments import question_by_id
from app.assessments.queries.attempts import answers_of, attempts_of
from app.assessments.queries.results import outdated_questions
from app.assessments.questions.content import Content
from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Refused
from app.enrollments.models import Enrollment
from tests import make
from tests.assessments.conftest import right_values
from tests.assessments.test_leaks import read
from tests.facts import captured
from tests.pages import Person

OF_THE_LEARNER = ("start", "right", "wrong", "blank", "submit", "wait", "close")
OF_THE_AUTHOR = ("grade", "grade", "correct", "correct", "regrade", "regrade", "extend", "cancel")
KINDS = ("multiple_choice", "numeric", "essay")
KEYED = ("multiple_choice", "numeric", "numeric")
OPEN_FOR = timedelta(minutes=25)
Act = tuple[str, int, int]
"""The step, the place of a question, and a number that each step reads in its own way."""
HANDED_IN: list[Act] = [("start", 0, 0), ("right", 0, 1), ("right", 1, 1), ("submit", 0, 0)]
names = st.one_of(st.sampled_from(OF_THE_LEARNER), st.sampled_from(OF_THE_AUTHOR))
steps = st.lists(st.tuples(names, st.integers(0, 2), st.integers(-2, 8)), min_size=1, max_size=12)
acts = st.builds(add, st.sampled_from(([("start", 0, 0)], HANDED_IN)), steps)

NOBODY_CAME: list[Act] = [("start", 0, 0), ("wait", 0, 6), ("close", 0, 0), ("start", 0, 0), ("cancel", 0, 1)]
LEFT: list[Act] = [("start", 0, 0), ("right", 0, 1), ("wait", 0, 6), ("close", 0, 0)]
TWICE_GRADED: list[Act] = [*HANDED_IN, ("grade", 2, 5), ("grade", 2, 5), ("grade", 2, 1)]
CORRECTED: list[Act] = [*HANDED_IN, ("grade", 2, 5), ("correct", 0, 1), ("regrade", 0, 0), ("grade", 0, 1)]
CORRECTED_BEFORE_ALL_IS_GRADED: list[Act] = [*HANDED_IN, ("correct", 1, 1), ("regrade", 0, 0), ("grade", 2, 4)]
GRADED_BY_HAND: list[Act] = [*HANDED_IN, ("grade", 0, 1), ("correct", 0, 2), ("regrade", 0, 0)]
WRONG: list[Act] = [("start", 0, 0), ("wrong", 0, 0), *HANDED_IN[2:]]
WRONG_BECOMES_RIGHT: list[Act] = [*WRONG, ("correct", 0, 2), ("regrade", 0, 0)]


@dataclass
class World:
    """A learner at an assessment, and what was seen of it so far."""

    assessment: Assessment
    learner: User
    graded: list[AssessmentGraded]
    ended: dict[int, AttemptStatus] = field(default_factory=dict)
    first: dict[int, Decimal | None] = field(default_factory=dict)
    """By answer: its score when its attempt ended."""

    @property
    def attempts(self) -> Sequence[Attempt]:
        return attempts_of(self.assessment.id, self.learner.id)


def take(step: str, place: int, number: int, world: World) -> None:
    attempts, learner, author = world.attempts, world.learner, world.assessment.owner
    if step == "start":
        start_attempt(world.assessment, actor=learner)
        return
    attempt = attempts[number % len(attempts)]
    answer = answers_of(attempt)[place]
    match step:
        case "right":
            save_answer(attempt, answer, right_values(answer), sequence=max(0, number), actor=learner)
        case "wrong":
            first = answer.drawn["options"][-1][0] if answer.drawn else "-1"
            save_answer(attempt, answer, [first], actor=learner)
        case "blank":
            save_answer(attempt, answer, [], actor=learner)
        case "submit":
            submit_attempt(attempt, actor=learner)
        case "close":
            close_if_overdue(attempt)
        case "grade":
            grade_answer(answer, Decimal(number), reason="Uji", actor=author)
        case "cancel":
            cancel_attempt(attempt, reason="Uji", actor=author)
        case "extend":
            extend_attempt(attempt, abs(number), reason="Uji", actor=author)
        case "correct":
            question = question_by_id(world.assessment.course_id, answer.question_id)
            assert question is not None
            change_question(question, corrected(content_of(question.current), number), actor=author)
        case "regrade":
            for question in outdated_questions(world.assessment.id):
                with contextlib.suppress(NothingToRegrade):
                    regrade(world, question)


def corrected(content: Content, number: int) -> Content:
    """Another key and other points; above 5 two keys, and below 0 a choice that was there is gone."""
    keys = {number % 3} | ({(number + 1) % 3} if number > 5 else set())
    options = [replace(each, is_key=place in keys) for place, each in enumerate(content.options)]
    if options and number < 0:
        options[0] = replace(options[0], text=f"{options[0].text}, yang lain {number}")
    data = {**content.data, "multiple": len(keys) > 1} if options else dict(content.data)
    if "value" in data:
        data["value"] = "-1" if number % 2 else "87.5"
    text = content.text if options or "value" in data else f"Jelaskan {number} hal."
    return replace(content, text=text, points=Decimal(1 + abs(number)), options=tuple(options), data=data)


def regrade(world: World, question: Question) -> None:
    """What the dry run said comes true, what a human graded stays, and then there is nothing left to say."""
    dry = regrades(world.assessment, question)
    by_hand = [each for each in dry if each.answer.graded_by is not None]
    if question.type == "multiple_choice":
        assert [each.after for each in dry] == [owed(each.answer, question.current) for each in dry]
    said = [each for each in dry if each.changes]
    settled = [each for each in said if each.answer.attempt.status == AttemptStatus.GRADED]
    task = start_regrade(world.assessment, question, reason="Uji", actor=world.assessment.owner)
    while task.done < task.total:
        regrade_rows(task)
    assert [each.answer.score for each in said] == [each.after for each in said]
    assert [each.answer.score for each in by_hand] == [each.before for each in by_hand]
    assert [each.answer.attempt.passed for each in settled] == [each.passes for each in settled]
    assert not any(each.changes for each in regrades(world.assessment, question))


def owed(answer: Answer, version: QuestionVersion) -> Decimal | None:
    """What the words that were chosen are worth; None where a choice that was there is gone."""
    texts = {option.id: option.text for option in answer.asked.options}
    drawn = {id: texts[option_id] for id, option_id in answer.drawn["options"]}
    if not {*drawn.values()} <= {option.text for option in version.options}:
        return None
    keys = {option.text for option in version.options if option.is_key}
    return grading.multiple_choice(answer.points, keys, {drawn[id] for id in answer.response or ()})


def check(world: World) -> None:
    attempts = world.attempts
    assert sum(each.is_open for each in attempts) <= 1
    assert [each.number for each in attempts] == list(range(1, len(attempts) + 1))
    assert sum(each.status != AttemptStatus.CANCELLED for each in attempts) <= 3
    for each in attempts:
        answers = answers_of(each)
        check_scores(each, answers)
        ended = world.ended.get(each.id)
        assert ended is None or each.status in {ended, AttemptStatus.GRADED, AttemptStatus.CANCELLED}
        if not each.is_open:
            world.ended[each.id] = each.status
            check_history(world, answers)
        check_told(world, each)


def check_scores(attempt: Attempt, answers: Sequence[Answer]) -> None:
    assert attempt.max_score == sum(each.points for each in answers)
    assert all(each.score is None or 0 <= each.score <= each.points for each in answers)
    has_result = attempt.status in (AttemptStatus.GRADED, AttemptStatus.EXPIRED)
    if attempt.status != AttemptStatus.CANCELLED:
        assert (attempt.score is not None) == (attempt.passed is not None) == has_result
    if has_result:
        assert attempt.score is not None
        assert attempt.percentage is not None
        assert 0 <= attempt.score <= attempt.max_score
        assert attempt.score == sum(each.score or 0 for each in answers)
        assert attempt.passed == (attempt.percentage >= attempt.policy["passing_score"])
    assert attempt.status != AttemptStatus.EXPIRED or not any(each.is_answered for each in answers)
    assert (attempt.submitted_at is None) or attempt.status != AttemptStatus.IN_PROGRESS


def check_history(world: World, answers: Sequence[Answer]) -> None:
    """From the score at the end to the present one, every change stands with what was there before."""
    ids = [each.id for each in answers]
    changes = db.session.scalars(select(GradeChange).where(GradeChange.answer_id.in_(ids)).order_by(GradeChange.id))
    scores = {each.id: world.first.setdefault(each.id, each.score) for each in answers}
    for change in changes:
        assert change.previous == scores[change.answer_id]
        assert (change.reason, change.changed_by) == ("Uji", world.assessment.owner_id)
        scores[change.answer_id] = change.score
    assert scores == {each.id: each.score for each in answers}


def check_told(world: World, attempt: Attempt) -> None:
    """A result is told once, and again only when it is another one; the last that was told is the one there is."""
    told = [(each.score, each.passed) for each in world.graded if each.attempt_id == attempt.id]
    assert all(one != other for one, other in pairwise(told))
    if attempt.status in (AttemptStatus.GRADED, AttemptStatus.EXPIRED):
        assert told[-1] == (float(attempt.score or 0), attempt.passed)
    elif attempt.status != AttemptStatus.CANCELLED:
        assert told == []


def check_secret(person: Person, world: World) -> None:
    """With all keys turned round the learner is sent the same as before, byte for byte."""
    paths = []
    for each in world.attempts:
        home = f"/percobaan/{each.public_id}"
        paths += [f"{home}?soal={place + 1}" for place in range(len(KINDS))] if each.is_open else [f"{home}/hasil"]
    before = [read(person, path) for path in paths]
    turn_keys(world.assessment)
    assert [read(person, path) for path in paths] == before


def turn_keys(assessment: Assessment) -> None:
    asked = select(Item.question_id).where(Item.assessment_id == assessment.id)
    with transaction():
        for version in db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_(asked))):
            if "value" in version.data:
                version.data = {**version.data, "value": f"{version.data['value']}1"}
            for option in version.options:
                option.is_key = not option.is_key
    db.session.expire_all()


def play(person: Person, enrollment: Enrollment, acts: list[Act], kinds: Sequence[str], show_keys: Show) -> set[Any]:
    """The acts in their order, a second and the waits between; the steps that were not refused, and the states."""
    moment = clock.now()
    closes_at = moment + OPEN_FOR
    rules = {"max_attempts": 3, "time_limit_minutes": 5, "passing_score": 60, "closes_at": closes_at}
    assessment = make.assessment(enrollment.course, kinds=kinds, show_keys=show_keys, **rules)
    reached: set[Any] = set()
    with captured(AssessmentSubmitted) as ends, captured(AssessmentGraded) as graded:
        world = World(assessment, enrollment.user, graded)
        for step, place, number in acts:
            moment += timedelta(minutes=abs(number) if step == "wait" else 0, seconds=1)
            with clock.at(moment), contextlib.suppress(Refused):
                take(step, place, number, world)
                reached.add(step)
            check(world)
            reached |= {each.status for each in world.attempts}
    assert len({each.attempt_id for each in ends}) == len(ends)
    if show_keys == Show.NEVER or moment < closes_at:
        with clock.at(moment):
            check_secret(person, world)
    return reached


def test_any_order_keeps_scores_in_range_one_result_an_attempt_its_history_and_the_keys_secret(app: Flask) -> None:
    enrollment = make.enrollment(into=make.course(lessons=0))
    person = Person(app).logs_in(str(enrollment.user.email))
    reached: set[Any] = set()

    @given(acts, st.sampled_from((KINDS, KEYED)), st.sampled_from((Show.NEVER, Show.AFTER_CLOSE)))
    @example(NOBODY_CAME, KINDS, Show.NEVER)
    @example(LEFT, KINDS, Show.NEVER)
    @example(TWICE_GRADED, KINDS, Show.NEVER)
    @example(GRADED_BY_HAND, KINDS, Show.NEVER)
    @example(CORRECTED, KINDS, Show.NEVER)
    @example(WRONG_BECOMES_RIGHT, KEYED, Show.AFTER_CLOSE)
    @example(CORRECTED_BEFORE_ALL_IS_GRADED, KINDS, Show.AFTER_CLOSE)
    @settings(max_examples=45, deadline=None)
    def hold(acts: list[Act], kinds: Sequence[str], show_keys: Show) -> None:
        reached.update(play(person, enrollment, acts, kinds, show_keys))

    hold()
    assert reached >= {*AttemptStatus, "grade", "correct", "regrade"}, "else it has shown nothing of them"
