"""What the page of an assessment's questions refuses: with a sentence, and what was typed stays."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role
from app.assessments.actions import authoring
from app.assessments.actions.bank import add_question
from app.assessments.models import Assessment, AssessmentStatus
from app.assessments.queries.assessments import items_of
from app.assessments.questions.content import Content
from tests import make
from tests.pages import Person


@pytest.fixture
def assessment(app: Flask) -> Assessment:
    author = make.user(Role.CONTENT_MANAGER)
    made = make.assessment(make.course(owner=author), kinds=(), status=AssessmentStatus.DRAFT)
    for n in range(3):
        add_question(made.course, "true_false", Content(f"S{n}", data={"key": True}), tags=["k3"], actor=author)
    return made


def at(app: Flask, assessment: Assessment) -> Person:
    return Person(app).logs_in(str(assessment.owner.email)).opens(f"/kelola/asesmen/{assessment.id}")


def test_the_same_draw_twice_is_told_why_not(app: Flask, assessment: Assessment) -> None:
    authoring.add_draw(assessment, "k3", 1, actor=assessment.course.owner)
    person = at(app, assessment).submits("Tambahkan", tag="k3", draw="2")
    assert (person.status, person.sees("sudah ada di asesmen ini")) == (422, True)
    assert next(form for form in person.forms if "Tambahkan" in form.buttons).fields["draw"] == "2"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"points": "0,5", "draw": "2"}, "Harus antara 1 dan 1000."),
        ({"points": "banyak", "draw": "2"}, "Isi dengan angka."),
        ({"points": "2,5", "draw": "201"}, "Harus antara 1 dan 200."),
    ],
)
def test_refused_points_of_a_place_stay_typed(
    app: Flask, assessment: Assessment, fields: dict[str, str], words: str
) -> None:
    authoring.add_draw(assessment, "k3", 1, actor=assessment.course.owner)
    person = at(app, assessment)
    person.submits("Simpan", **fields)
    assert (person.status, person.sees(words)) == (422, True), person.text
    form = next(form for form in person.forms if "points" in form.fields)
    assert {name: form.fields[name] for name in fields} == fields
    assert next(form for form in person.forms if "Tambahkan" in form.buttons).fields["draw"] == "5"
    (item,) = items_of(assessment.id)
    assert (item.points, item.draw) == (None, 1)


def test_a_draw_that_a_published_assessment_cannot_fill_stays_typed(app: Flask, assessment: Assessment) -> None:
    authoring.add_draw(assessment, "k3", 1, actor=assessment.course.owner)
    authoring.publish_assessment(assessment, actor=make.admin())
    person = Person(app).logs_in(str(make.admin().email)).opens(f"/kelola/asesmen/{assessment.id}")
    person.submits("Simpan", draw="9")
    assert (person.status, person.sees("hanya memiliki 3 soal")) == (422, True)
    assert next(form for form in person.forms if "points" in form.fields).fields["draw"] == "9"
    assert items_of(assessment.id)[0].draw == 1


def test_nothing_ticked_is_told(app: Flask, assessment: Assessment) -> None:
    assert at(app, assessment).submits("Masukkan").sees("Belum ada soal yang dipilih.")
