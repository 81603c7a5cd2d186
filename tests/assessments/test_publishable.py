"""What is published stays such that it could be published: every attempt gets all its questions, and each has a key."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessments.actions import authoring
from app.assessments.actions.bank import (
    Unfinished,
    add_question,
    add_questions,
    archive_question,
    change_question,
    restore_question,
)
from app.assessments.exchange import Parsed
from app.assessments.models import Assessment, AssessmentStatus, Item, Question
from app.assessments.queries.assessments import items_of
from app.assessments.queries.attempts import answers_of
from app.assessments.queries.composing import compose, question_count
from app.assessments.queries.publishing import lacking_for_publishing
from app.assessments.questions.content import Choice, Content, content_of
from app.core.db import db
from app.courses.models import Course
from tests import make
from tests.assessments.conftest import begun
from tests.pages import Person
from tests.progress.test_races import at_once

KEYLESS = Content("Tanpa kunci?", options=(Choice("a"), Choice("b")))


@pytest.fixture
def course(app: Flask) -> Course:
    return make.course()


def asked(course: Course, number: int = 1, *tags: str) -> list[Question]:
    return [
        add_question(course, "true_false", Content(f"Soal {n}", data={"key": True}), tags=tags, actor=course.owner)
        for n in range(number)
    ]


def draft(course: Course, **draws: int) -> Assessment:
    assessment = make.assessment(course, kinds=(), status=AssessmentStatus.DRAFT)
    for tag, draw in draws.items():
        authoring.add_draw(assessment, tag, draw, actor=course.owner)
    return assessment


def published(course: Course, **draws: int) -> Assessment:
    assessment = draft(course, **draws)
    authoring.publish_assessment(assessment, actor=make.admin())
    return assessment


def change_draw(assessment: Assessment) -> None:
    item = next(each for each in items_of(assessment.id) if each.tag)
    authoring.change_item(item, assessment, draw=4, actor=make.admin())


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda a: authoring.add_items(a, a.course_questions, actor=make.admin()), "belum memiliki kunci"),
        (lambda a: authoring.add_new_question(a, "numeric", Content("Berapa?"), actor=make.admin()), "isi angka"),
        (lambda a: authoring.add_draw(a, "tidakada", 5, actor=make.admin()), "hanya memiliki 0 soal"),
        (change_draw, "hanya memiliki 3 soal"),
    ],
)
def test_an_admin_cannot_break_what_is_published(course: Course, act: Callable[..., object], words: str) -> None:
    asked(course, 3, "k3")
    keyless = add_question(course, "multiple_choice", KEYLESS, actor=course.owner)
    assessment = published(course, k3=3)
    assessment.course_questions = [*asked(course), keyless]  # type: ignore[attr-defined]
    before = [(item.question_id, item.tag, item.draw) for item in items_of(assessment.id)]
    bank, version = db.session.query(Question).count(), assessment.version
    with pytest.raises(authoring.LeftLacking, match=words) as refused:
        act(assessment)
    assert "kembalikan asesmen ke draf" in refused.value.sentence
    db.session.expire_all()
    assert [(item.question_id, item.tag, item.draw) for item in items_of(assessment.id)] == before
    assert (db.session.query(Question).count(), assessment.version) == (bank, version)


def test_the_last_question_of_what_is_published_stays(course: Course) -> None:
    assessment = make.assessment(course)
    with pytest.raises(authoring.LeftLacking, match="belum memiliki soal"):
        authoring.remove_item(items_of(assessment.id)[0], assessment, actor=make.admin())
    assert len(items_of(assessment.id)) == 1


def test_the_admin_reads_why_on_the_page(app: Flask, course: Course) -> None:
    assessment = make.assessment(course)
    question = add_question(course, "multiple_choice", KEYLESS, actor=course.owner)
    person = Person(app).logs_in(str(make.admin().email)).opens(f"/kelola/asesmen/{assessment.id}")
    person.submits("Masukkan", soal=str(question.id))
    assert person.sees("Perbaiki itu dulu, atau kembalikan asesmen ke draf")
    assert len(items_of(assessment.id)) == 1


def test_an_archived_question_that_is_still_asked_keeps_its_key(course: Course) -> None:
    make.assessment(course)
    question = db.session.query(Question).one()
    archive_question(question, actor=course.owner)
    with pytest.raises(Unfinished):
        change_question(question, KEYLESS, actor=course.owner)


def test_a_fixed_question_is_not_drawn_a_second_time(course: Course) -> None:
    questions = asked(course, 5, "k3")
    assessment = draft(course, k3=5)
    authoring.add_items(assessment, questions[:2], actor=course.owner)
    assert "hanya tersisa 3 soal" in lacking_for_publishing(assessment)[0].sentence
    with pytest.raises(authoring.NotReady):
        authoring.publish_assessment(assessment, actor=make.admin())
    asked(course, 2, "k3")
    authoring.publish_assessment(assessment, actor=make.admin())
    assert len(answers_of(begun(assessment))) == question_count(assessment.id) == 7


def test_two_draws_do_not_count_on_the_same_questions(course: Course) -> None:
    asked(course, 3, "api", "k3")
    asked(course, 1, "api")
    asked(course, 1, "k3")
    assessment = draft(course, api=3, k3=3)
    assert "hanya tersisa 1 soal" in lacking_for_publishing(assessment)[0].sentence
    asked(course, 2, "k3")
    assert lacking_for_publishing(assessment) == []


def test_the_draw_with_the_fewest_to_choose_from_is_served_first(course: Course) -> None:
    asked(course, 2, "sulit", "semua")
    asked(course, 3, "semua")
    assessment = draft(course, semua=3, sulit=2)
    assert lacking_for_publishing(assessment) == []
    for seed in range(20):
        chosen = [each.version.question_id for each in compose(assessment, Random(seed))]
        assert len(set(chosen)) == len(chosen) == 5


@pytest.mark.parametrize("seed", range(30))
def test_what_passes_the_check_is_always_drawn_whole(course: Course, seed: int) -> None:
    dice = Random(seed)
    for _number in range(8):
        asked(course, 1, *dice.sample(["a", "b", "c"], dice.randint(1, 3)))
    assessment = draft(course, **{tag: dice.randint(1, 4) for tag in "abc"})
    counts = {len(compose(assessment, Random(throw))) for throw in range(10)}
    if not lacking_for_publishing(assessment):
        assert counts == {question_count(assessment.id)}


@pytest.mark.parametrize(
    "act",
    [
        lambda question, actor: archive_question(question, actor=actor),
        lambda question, actor: change_question(question, content_of(question.current), tags=["lain"], actor=actor),
    ],
)
def test_a_question_that_a_published_draw_needs_stays(course: Course, act: Callable[..., object]) -> None:
    first, second = asked(course, 2, "k3")
    assessment = published(course, k3=1)
    act(first, course.owner)
    with pytest.raises(Unfinished, match="hanya memiliki 0 soal") as refused:
        act(second, course.owner)
    assert f"“{assessment.title}” sedang terbit" in refused.value.sentence
    db.session.expire_all()
    assert (second.archived_at, [each.tag for each in second.tags]) == (None, ["k3"])
    authoring.unpublish_assessment(assessment, actor=make.admin())
    act(second, course.owner)


def test_a_draw_that_lacks_questions_already_can_be_mended_step_by_step(course: Course) -> None:
    assessment = make.assessment(course)
    make.kept(Item(assessment_id=assessment.id, position=2, tag="k3", draw=3))
    (question,) = asked(course, 1, "k3")
    with pytest.raises(Unfinished):
        archive_question(question, actor=course.owner)
    more = [Parsed(1, "true_false", Content(f"Lagi {n}", data={"key": True}), ("k3",)) for n in range(2)]
    add_questions(course, more, actor=course.owner)
    assert lacking_for_publishing(assessment) == []


def test_an_archived_question_may_come_back(course: Course) -> None:
    question, _other = asked(course, 2, "k3")
    published(course, k3=1)
    archive_question(question, actor=course.owner)
    restore_question(question, actor=course.owner)
    assert question.archived_at is None


def test_of_many_who_archive_at_once_the_draw_keeps_its_questions(app: Flask) -> None:
    course = make.course()
    ids = [each.id for each in asked(course, 6, "k3")]
    published(course, k3=4)
    owner_id, waiting = course.owner_id, iter(ids)
    db.session.rollback()

    def archive() -> None:
        question = db.session.get_one(Question, next(waiting))
        archive_question(question, actor=db.session.get_one(User, owner_id))

    refused = at_once(app, len(ids), archive)
    assert [type(each) for each in refused] == [Unfinished] * 4
    left = select(func.count()).select_from(Question).where(Question.archived_at.is_(None))
    assert db.session.scalar(left) == 4
