"""What a file of questions says in a way that cannot be kept: refused at its line, or read as it was meant."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Role
from app.assessments import grading
from app.assessments.actions.bank import add_question
from app.assessments.exchange import aiken, gift, read_questions, table_of, write_gift
from app.assessments.models import AssessmentStatus, Item, Question
from app.assessments.queries.bank import all_questions
from app.assessments.queries.publishing import lacking_for_publishing
from app.assessments.questions import numeric
from app.assessments.questions.content import Content
from app.core.db import db
from app.core.sheets import csv_lines, xlsx_bytes
from tests import make
from tests.assessments.test_exchange import NUMBER
from tests.pages import Person

MANY = " ".join(f"~salah{n}" for n in range(20))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"Pilih? {{=benar {MANY}}}", "lebih dari 20 pilihan"),
        ("Pilih {=a ~b} dan {=c ~d}", "lebih dari satu kurung kurawal"),
        ("::judul:: {=a ~b}", "Teks soal ini kosong"),
        ("{}", "Teks soal ini kosong"),
        ("Berapa? {#1e9999999:0}", "paling banyak 30 angka"),
        ("Berapa? {#1:1e-99}", "paling banyak 30 angka"),
        ("Berapa? {#5:-1}", "Toleransi soal ini kurang dari 0"),
        ("Berapa? {#3,14}", "tidak dapat dibaca"),
    ],
)
def test_gift_that_cannot_be_kept_is_refused_at_its_line(app: Flask, text: str, words: str) -> None:
    began = time.monotonic()
    reading = gift.read(f"\n\n{text}\n")
    assert time.monotonic() - began < 1
    assert reading.questions == []
    ((line, sentence),) = reading.problems
    assert (line, words in sentence) == (3, True), sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ibu kota {=Jakarta} adalah kota.", "Ibu kota _____ adalah kota."),
        ("Ibu kota {=Jakarta}.", "Ibu kota _____."),
        ("{=Jakarta} adalah ibu kota.", "_____ adalah ibu kota."),
        ("Ibu kota? {=Jakarta}", "Ibu kota?"),
    ],
)
def test_an_answer_within_a_sentence_leaves_its_gap(app: Flask, text: str, shown: str) -> None:
    assert [each.content.text for each in gift.read(text).questions] == [shown]


def test_a_letter_that_stands_twice_in_aiken_is_refused(app: Flask) -> None:
    reading = aiken.read("Apa?\nA. Satu\nA. Dua\nB. Tiga\nANSWER: A\n")
    assert reading.questions == []
    assert reading.problems[0].sentence.startswith("Pilihan A ada dua kali.")


def test_more_choices_than_the_form_has_are_refused_in_aiken_too(app: Flask) -> None:
    choices = "\n".join(f"{letter}. {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTU")
    assert "lebih dari 20 pilihan" in aiken.read(f"Apa?\n{choices}\nANSWER: A\n").problems[0].sentence


def test_a_question_without_a_tag_does_not_get_that_of_the_one_before(app: Flask) -> None:
    course = make.course()
    every = [("Satu", ["k3"]), ("Dua", ["k3", "z"]), ("Tiga", []), ("Empat", ["a/b"]), ("Lima", ["k3"])]
    for text, tags in every:
        add_question(course, "essay", Content(text), tags=tags, actor=course.owner)
    written = "".join(write_gift(all_questions(course.id)))
    assert written.count("$CATEGORY: $course$/k3\n") == 2
    tags = [(each.content.text, list(each.tags)) for each in gift.read(written).questions]
    assert tags == [(text, tags[:1]) for text, tags in every]


def test_a_category_right_above_its_question_loses_neither(app: Flask) -> None:
    (question,) = gift.read("$CATEGORY: $course$/top/K3\nHelm APD. {T}\n").questions
    assert (question.line, question.content.text, question.tags) == (2, "Helm APD.", ("K3",))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lines_within_a_cell_stay_where_they_mean_something(app: Flask, kind: str) -> None:
    course = make.course()
    add_question(course, "essay", Content("- satu\n- dua", feedback="Bab 1\n\nBab 2"), actor=course.owner)
    table = list(table_of(all_questions(course.id)))
    table[1][table[0].index("satuan")] = "a\nb"
    content = xlsx_bytes("Soal", table) if kind == "xlsx" else "".join(csv_lines(table)).encode()
    (question,) = read_questions(content, f"soal.{kind}").questions
    assert (question.content.text, question.content.feedback) == ("- satu\n- dua", "Bab 1\n\nBab 2")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9))
def test_a_number_is_read_back_as_it_was_written(number: Decimal) -> None:
    stored = numeric.as_text(number)
    assert numeric.as_text(numeric.read_number(numeric.written(stored))) == numeric.as_text(Decimal(stored))


def test_no_thousands_begin_with_a_nought() -> None:
    assert grading.readings("0,125") == grading.readings("0.125") == {Decimal("0.125")}
    assert grading.readings("1.250") == {Decimal(1250), Decimal("1.25")}


def test_a_tolerance_below_nought_is_not_published(app: Flask) -> None:
    assessment = make.assessment(kinds=(), status=AssessmentStatus.DRAFT)
    content = Content("Berapa?", data={**NUMBER, "value": "5", "tolerance": "-1"})
    question = make.question(assessment.course, "numeric", content)
    make.kept(Item(assessment_id=assessment.id, position=1, question_id=question.id))
    assert "Toleransi soal ini kurang dari 0" in lacking_for_publishing(assessment)[0].sentence


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1.250", "dapat dibaca 1250 atau 1,25. Tulis 1250 atau 1,25."),
        ("1e9999999", "Isi dengan angka."),
        ("9" * 31, "paling banyak 30 angka"),
        ("sepuluh", "Isi dengan angka."),
    ],
)
def test_a_key_that_is_no_one_number_is_refused_at_its_field(app: Flask, typed: str, words: str) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = make.course(owner=author)
    person = Person(app).logs_in(str(author.email)).opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis=numeric")
    person.submits("Simpan", text="Berapa?", value=typed)
    assert (person.status, person.sees(words)) == (422, True), person.text
    assert next(form for form in person.forms if "Simpan" in form.buttons).fields["value"] == typed
    assert db.session.query(Question).count() == 0


@pytest.mark.parametrize(("typed", "stored", "shown"), [("1250", "1250", "1250"), ("3,1420", "3.142", "3,1420")])
def test_a_key_comes_back_such_that_it_can_be_saved_again(app: Flask, typed: str, stored: str, shown: str) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = make.course(owner=author)
    person = Person(app).logs_in(str(author.email)).opens(f"/kelola/kursus/{course.slug}/soal/baru?jenis=numeric")
    person.submits("Simpan", text="Berapa?", value=typed, tolerance="0,005")
    question = db.session.query(Question).one()
    person.opens(f"/kelola/kursus/{course.slug}/soal/{question.id}")
    assert next(form for form in person.forms if "Simpan" in form.buttons).fields["value"] == shown
    person.submits("Simpan")
    db.session.expire_all()
    assert (question.number, question.current.data["value"]) == (1, stored)
