"""Assessments of the world: questions of every type, attempts that run, wait and are graded, and their answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

from app.accounts.models import User
from app.assessments.actions.answering import flag_answer, save_answer
from app.assessments.actions.authoring import add_draw
from app.assessments.actions.bank import change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer, keep_phrase
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import give_extension
from app.assessments.models import Answer, Assessment, AssessmentStatus, Attempt, Phrase, Question, QuestionTag, Show
from app.assessments.queries.assessments import items_of
from app.assessments.queries.attempts import answers_of
from app.assessments.questions.content import Content
from app.core.clock import now
from app.core.db import db
from app.courses.models import Course
from tests import make
from tests.assessments.conftest import answer_of, right_values
from tests.security.world import World

NEVER = {"slug": "tidak-pernah-ada", "id": 999_999, "public_id": "tidak-ada"}
SHOWN = dict.fromkeys(("show_score", "show_keys", "show_feedback"), Show.NOW)
WORDS = {"description": "Ringkasan", "instructions": "Kerjakan sendiri.", "max_attempts": 0, **SHOWN}


class Notes(Protocol):
    """How places are told to the world."""

    def __call__(self, world: World, takes: str, places: dict[str, dict[str, Any]], /) -> None: ...


def examine(world: World, courses: dict[str, Course], note: Notes) -> dict[str, dict[str, Any]]:
    """`open` is published in the public course, `draft` is not, `elsewhere` is in the course of `other`.

    Answers the attempts: their addresses take what those of files take.
    """
    course, learner = courses["public"], world.people["enrolled"]
    kinds = tuple(make.TYPICAL)
    found: dict[str, Assessment] = {
        "open": make.assessment(course, kinds=kinds, time_limit_minutes=60, **WORDS),
        "draft": make.assessment(course, kinds=("essay",), status=AssessmentStatus.DRAFT, published_at=None),
        "elsewhere": make.assessment(db.session.query(Course).filter_by(slug="lain").one(), kinds=("essay",), **WORDS),
    }
    give_extension(found["open"], learner, minutes=30, attempts=0, reason="Sakit", actor=world.people["owner"])
    _draw(found["draft"], world.people["admin"])
    attempts = _attempts(world, found)
    unknown = {"assessment_id": NEVER["id"]}
    note(
        world,
        "assessment_id",
        {**{name: {"assessment_id": each.id} for name, each in found.items()}, "unknown": unknown},
    )
    _steps(world, found, note)
    _items(world, found, note)
    _questions(world, courses, found, note)
    _answers(world, attempts, note)
    _phrases(world, note)
    return {name: {"public_id": each.public_id} for name, each in attempts.items()}


def _draw(assessment: Assessment, admin: User) -> None:
    question = make.question(assessment.course, "true_false")
    for tag in ("dasar", "lanjut"):
        make.kept(QuestionTag(question_id=question.id, tag=tag))
    add_draw(assessment, "dasar", 1, actor=admin)


def _attempts(world: World, found: dict[str, Assessment]) -> dict[str, Attempt]:
    learner, owner = world.people["enrolled"], world.people["owner"]
    graded = _answered(found["open"], learner)
    submit_attempt(graded, actor=learner)
    for kind in ("essay", "file_upload"):
        grade_answer(answer_of(graded, kind), Decimal(4), feedback="Bagus", reason="Lengkap", actor=owner)
    waiting = _answered(found["open"], learner)
    submit_attempt(waiting, actor=learner)
    running = _answered(found["open"], learner)
    flag_answer(running, answers_of(running)[0], True, actor=learner)
    changed = answer_of(graded, "true_false")
    wrong = Content("Helm bukan APD.", data={"key": False}, feedback="Baca lagi.")
    change_question(db.session.get_one(Question, changed.question_id), wrong, actor=owner)
    foreign = start_attempt(found["elsewhere"], actor=world.people["other"])
    return {"running": running, "waiting": waiting, "graded": graded, "foreign": foreign}


def _answered(assessment: Assessment, learner: User) -> Attempt:
    attempt = start_attempt(assessment, actor=learner)
    for each in answers_of(attempt):
        if each.asked.type == "file_upload":
            save_answer(attempt, each, (), media=make.media(learner, original_name="Foto.pdf"), actor=learner)
        else:
            save_answer(attempt, each, right_values(each), actor=learner)
    return attempt


def _steps(world: World, found: dict[str, Assessment], note: Notes) -> None:
    places = {name: {"assessment_id": each.id, "verb": "draf"} for name, each in found.items()}
    places["draft"]["verb"] = "terbitkan"
    places["ended"] = {**places["open"], "verb": "arsipkan"}
    places["unknown"] = {"assessment_id": NEVER["id"], "verb": "draf"}
    note(world, "assessment_id verb", places)


def _items(world: World, found: dict[str, Assessment], note: Notes) -> None:
    items = {name: items_of(each.id)[0].id for name, each in found.items()}
    places = {name: {"assessment_id": each.id, "item_id": items[name]} for name, each in found.items()}
    places["of another"] = {"assessment_id": found["draft"].id, "item_id": items["open"]}
    places["unknown"] = {"assessment_id": found["draft"].id, "item_id": NEVER["id"]}
    places["nowhere"] = {"assessment_id": NEVER["id"], "item_id": items["draft"]}
    note(world, "assessment_id item_id", places)


def _questions(world: World, courses: dict[str, Course], found: dict[str, Assessment], note: Notes) -> None:
    slug, numbers = courses["public"].slug, {}
    for kind in make.TYPICAL:
        asked = (item.question for item in items_of(found["open"].id) if item.question)
        numbers[kind] = next(each.id for each in asked if each.type == kind)
    numbers["archived"] = make.question(courses["public"], archived_at=now()).id
    foreign = items_of(found["elsewhere"].id)[0].question_id
    missing = {"elsewhere": foreign, "unknown": NEVER["id"]}
    places = {name: {"slug": slug, "question_id": each} for name, each in {**numbers, **missing}.items()}
    places["nowhere"] = {"slug": NEVER["slug"], "question_id": numbers["essay"]}
    note(world, "slug question_id", places)
    asked_there = {"changed": numbers["true_false"], "unchanged": numbers["numeric"], **missing}
    again = {name: {"assessment_id": found["open"].id, "question_id": each} for name, each in asked_there.items()}
    again["nowhere"] = {"assessment_id": NEVER["id"], "question_id": numbers["true_false"]}
    note(world, "assessment_id question_id", again)
    books = {name: {"slug": each.slug, "kind": "xlsx"} for name, each in courses.items()}
    note(world, "slug kind", {**books, "unknown": {"slug": NEVER["slug"], "kind": "xlsx"}})


def _answers(world: World, attempts: dict[str, Attempt], note: Notes) -> None:
    places = {name: {"answer_id": _human(each).id} for name, each in attempts.items()}
    note(world, "answer_id", {**places, "unknown": {"answer_id": NEVER["id"]}})


def _human(attempt: Attempt) -> Answer:
    return answer_of(attempt, "essay")


def _phrases(world: World, note: Notes) -> None:
    places = {"unknown": {"phrase_id": NEVER["id"]}}
    for actor in ("owner", "admin"):
        keep_phrase("Jelaskan lebih rinci.", actor=world.people[actor])
        kept = db.session.query(Phrase).filter_by(user_id=world.people[actor].id).one()
        places[f"of {actor}"] = {"phrase_id": kept.id}
    note(world, "phrase_id", places)
