"""Questions in Aiken, GIFT and tables, in and out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Role
from app.assessments.actions.bank import add_question, add_questions, change_question
from app.assessments.exchange import SAMPLE, Parsed, aiken, gift, read_questions, table_of, write_gift
from app.assessments.models import Question
from app.assessments.queries.bank import all_questions
from app.assessments.questions.content import Choice, Content, content_of
from app.core.db import db
from app.core.errors import Refused
from app.core.sheets import csv_lines, xlsx_bytes
from tests import make
from tests.pages import Person

AIKEN = """Apa kepanjangan APD?
A. Alat pelindung diri
B) Alat pemadam
ANSWER: A

Soal tanpa jawaban?
A. Satu
B. Dua

Siapa?
A. Ayu
baris liar
ANSWER: A
"""
GIFT = r"""// catatan
$CATEGORY: $course$/K3

::1:: Ibu kota Indonesia? {=Jakarta =DKI Jakarta}

Helm termasuk APD. {T}

Berapa \= liter? {#87.5:0.5}

Pilih \{dua\}. {~%50%satu ~%50%dua ~tiga ####Lihat bab dua.}

Pasangkan. {=Api -> APAR =Luka -> P3K}

Jelaskan. {}

Tanpa kurung
"""


def test_aiken_is_read_and_what_is_wrong_is_named_by_its_line(app: Flask) -> None:
    reading = aiken.read(AIKEN)
    (question,) = reading.questions
    assert (question.line, question.content.text) == (1, "Apa kepanjangan APD?")
    assert question.content.options == (Choice("Alat pelindung diri", is_key=True), Choice("Alat pemadam"))
    assert [line for line, _sentence in reading.problems] == [6, 10]


def test_gift_is_read_with_its_escapes_weights_and_category(app: Flask) -> None:
    reading = gift.read(GIFT)
    kinds = [each.kind for each in reading.questions]
    assert kinds == ["short_answer", "true_false", "numeric", "multiple_choice", "matching", "essay"]
    assert {each.tags for each in reading.questions} == {("K3",)}
    numeric, choice = reading.questions[2].content, reading.questions[3].content
    assert (numeric.text, numeric.data["value"], numeric.data["tolerance"]) == ("Berapa = liter?", "87.5", "0.5")
    assert (choice.text, choice.feedback, choice.data) == ("Pilih {dua}.", "Lihat bab dua.", {"multiple": True})
    assert [each.is_key for each in choice.options] == [True, True, False]
    assert [line for line, _sentence in reading.problems] == [16]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sample_table_imports_whole(app: Flask, kind: str) -> None:
    content = xlsx_bytes("Soal", SAMPLE) if kind == "xlsx" else "".join(csv_lines(SAMPLE)).encode()
    reading = read_questions(content, f"contoh.{kind}")
    assert reading.problems == []
    assert [each.kind for each in reading.questions] == [
        "multiple_choice", "multiple_choice", "true_false", "short_answer", "matching", "numeric", "essay",
    ]  # fmt: skip
    assert [each.tags for each in reading.questions[2:4]] == [("k3",), ()]
    assert len(reading.questions[0].content.options) == 2
    assert [each.content.data for each in reading.questions[1:6]] == [
        {"multiple": True}, {"key": True}, {"similar": True}, {},
        {"value": "87.5", "tolerance": "0.5", "unit": "liter"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["tebakan", "Apa?"], "tidak dikenal"),
        (["esai", ""], "Kolom soal kosong"),
        (["esai", "Apa?", "0"], "Poin harus angka"),
        (["esai", "Apa?", "banyak"], "Poin harus angka"),
        (["pilihan ganda", "Apa?", "1", "", "a", "b"], "belum memiliki kunci"),
        (["pilihan ganda", "Apa?", "1", "A, Z", "a", "b"], "“Z” bukan huruf sebuah pilihan"),
        (["pilihan ganda", "Apa?", "1", "C", "a", "b"], "“C” bukan huruf sebuah pilihan"),
        (["esai", "Apa?", "1.000"], "Poin harus angka"),
        (["pilihan ganda", "Apa?", "1", "A", "a"], "paling sedikit dua pilihan"),
        (["benar salah", "Apa?", "1", "mungkin"], "belum memiliki kunci"),
        (["menjodohkan", "Apa?", "1", "", "a = b"], "dua pasangan"),
        (["menjodohkan", "Apa?", "1", "", "a = b", "c = d", "rusak"], "“rusak” bukan pasangan"),
        (["angka", "Apa?", "1", ""], "belum memiliki kunci"),
        (["angka", "Apa?", "1", "sepuluh"], "Isi dengan angka"),
        (["angka", "Apa?", "1", "1.250"], "dapat dibaca 1250 atau 1,25. Tulis 1250 atau 1,25."),
        (["angka", "Apa?", "1", "1,234"], "dapat dibaca 1234 atau 1,234. Tulis 1234 atau 1,2340."),
        (["angka", "Apa?", "1", "5 ± -1"], "Toleransi soal ini kurang dari 0"),
        (["angka", "Apa?", "1", "1" * 31], "paling banyak 30 angka"),
        (["isian", "Apa?", "1", ""], "belum memiliki kunci"),
        (["isian", "x" * 20_001, "1", "a"], "terlalu panjang"),
    ],
)
def test_a_row_that_is_wrong_is_left_out_with_its_line(app: Flask, cells: list[str], words: str) -> None:
    rows = [SAMPLE[0], SAMPLE[-1], [*cells, *[""] * (len(SAMPLE[0]) - len(cells))]]
    reading = read_questions("".join(csv_lines(rows)).encode(), "soal.csv")
    assert len(reading.questions) == 1
    ((line, sentence),) = reading.problems
    assert (line, words in sentence) == (3, True)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hanya teks biasa", b""])
def test_what_is_no_list_of_questions_is_refused_at_the_file(app: Flask, content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_questions(content, "soal.txt")
    assert refused.value.field == "file"


@given(st.text(max_size=300) | st.text("A.)ANSWER:=~{}#%->\\/\n ", max_size=120))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_text_holds_is_told_by_a_line_of_it(app: Flask, text: str) -> None:
    lines = range(1, len(text.splitlines()) + 1)
    for read in (aiken.read, gift.read):
        found = read(text)
        assert all(each.line in lines for each in (*found.questions, *found.problems))


@given(st.text(st.characters(exclude_categories=("Cs", "Co")), max_size=200))
def test_no_text_breaks_gift(text: str) -> None:
    list(gift._blocks(text))
    assert "\\" in text or gift._shown(gift._hidden(text)) == text


TRICKY = [
    Content(r"Apa = {ini} ~ #itu: \?", options=(Choice("a = b", is_key=True), Choice("~c#"))),
    Content("Satu saja?", data={"multiple": True}, options=(Choice("%50%a", is_key=True), Choice("%b"))),
    Content(
        "Dua?", data={"multiple": True}, options=(Choice("a", is_key=True), Choice("%c%", is_key=True), Choice("%1%"))
    ),
]
TRICKY_WORDS = Content("Apa?", options=(Choice("a | b = c", is_key=True), Choice("%7%d", is_key=True)))
TRICKY_PAIRS = Content("Pasangkan.", options=(Choice("a = b", partner="c = | d"), Choice("e:f", partner="g -> h")))
SIMILAR = Content("Ejaan?", data={"similar": True}, options=(Choice("Jakarta", is_key=True),))
NUMBER = {"tolerance": "0.005", "unit": ""}
TRICKY_NUMBERS = ["3.142", "0.125", "-0.005", "1250", "1234.567", "-12.345", "1000000"]
SEVERAL_LINES = [
    Content("Bacalah:\n\n- satu\n  - lagi\n- dua\n\n1. tiga", feedback="Baris satu\nBaris dua"),
    Content("- daftar\n- saja"),
    Content("=1+1\n+ dua"),
]
ARROW = Content("Panah?", options=(Choice("a -> b", is_key=True),))


def test_what_was_exported_imports_as_the_same(app: Flask) -> None:
    course = make.course()
    every = [
        *(("multiple_choice", each) for each in TRICKY),
        *(("short_answer", each) for each in (TRICKY_WORDS, SIMILAR, ARROW)),
        *(("numeric", Content(f"Nilai {value}", data=NUMBER | {"value": value})) for value in TRICKY_NUMBERS),
        *(("essay", each) for each in SEVERAL_LINES),
        ("matching", TRICKY_PAIRS),
        *make.TYPICAL.items(),
    ]
    for kind, content in every:
        add_question(course, kind, content, tags=["k3"], actor=course.owner)
    questions = all_questions(course.id)
    table = read_questions(xlsx_bytes("Soal", list(table_of(questions))), "soal.xlsx")
    assert table.problems == []
    assert [(each.kind, each.content) for each in table.questions] == every
    assert {each.tags for each in table.questions} == {("k3",)}
    back = read_questions("".join(write_gift(questions)).encode(), "soal.gift")
    assert back.problems == []
    assert {each.tags for each in back.questions} == {("k3",)}
    assert [(each.kind, each.content) for each in back.questions] == [
        (kind, plain(content)) for kind, content in every if kind != "file_upload" and content != ARROW
    ]


def plain(content: Content) -> Content:
    """GIFT knows no points, no units, and no nearly right spelling."""
    data = {name: "" if name == "unit" else value for name, value in content.data.items() if name != "similar"}
    return replace(content, points=Decimal(1), data=data)


def test_a_file_that_is_imported_again_adds_what_the_bank_does_not_have(app: Flask) -> None:
    course = make.course()
    content = "".join(csv_lines([*SAMPLE, SAMPLE[1]])).encode()
    once, twice = (add_questions(course, _read(content), actor=course.owner) for _time in range(2))
    assert (once, twice) == (len(SAMPLE) - 1, 0)
    question = all_questions(course.id)[0]
    change_question(question, replace(content_of(question.current), text="Apa arti APD?"), actor=course.owner)
    assert add_questions(course, _read(content), actor=course.owner) == 1


def test_what_a_file_leaves_out_makes_no_question_a_new_one(app: Flask) -> None:
    """GIFT has neither points nor units."""
    course = make.course()
    for kind, content in [*make.TYPICAL.items(), ("short_answer", SIMILAR)]:
        add_question(course, kind, content, actor=course.owner)
    written = "".join(write_gift(all_questions(course.id)))
    assert add_questions(course, read_questions(written.encode(), "soal.gift").questions, actor=course.owner) == 0


def _read(content: bytes) -> list[Parsed]:
    return read_questions(content, "soal.csv").questions


def test_a_file_is_looked_at_before_anything_changes(app: Flask) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = make.course(owner=author)
    person = Person(app).logs_in(str(author.email)).opens(f"/kelola/kursus/{course.slug}/soal/impor")
    person.submits("Periksa", file=(BytesIO(AIKEN.encode()), "soal.txt"))
    assert person.sees("2 soal tidak diimpor")
    assert person.sees("Baris 6")
    assert db.session.query(Question).count() == 0
    person.submits("Impor 1 soal")
    assert person.sees("1 soal diimpor.")
    assert db.session.query(Question).count() == 1
    person.opens(f"/kelola/kursus/{course.slug}/soal/impor")
    person.submits("Periksa", file=(BytesIO(AIKEN.encode()), "soal.txt"))
    assert person.sees("1 soal sudah ada di bank soal dan tidak diimpor lagi.")
    assert not person.sees("Impor 1 soal")
    for kind in ("gift", "xlsx"):
        file = person.client.get(f"/kelola/kursus/{course.slug}/soal.{kind}")
        assert file.status_code == 200
        assert f"soal-{course.slug}.{kind}" in file.headers["Content-Disposition"]


def test_the_preview_shows_choices_and_key(app: Flask) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = make.course(owner=author)
    person = Person(app).logs_in(str(author.email)).opens(f"/kelola/kursus/{course.slug}/soal/impor")
    person.submits("Periksa", file=(BytesIO("".join(csv_lines(SAMPLE)).encode()), "soal.csv"))
    for words in (
        "Alat pelindung diri Kunci Alat pemadam", "Helm Kunci Sarung tangan Kunci Meja", "Benar Kunci",
        "Jakarta Kunci DKI Jakarta Kunci", "Api = APAR Luka = P3K", "87,5 ± 0,5 liter Kunci",
    ):  # fmt: skip
        assert person.sees(words), person.text


def test_what_the_preview_sends_is_not_believed(app: Flask) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = make.course(owner=author)
    person = Person(app).logs_in(str(author.email)).opens(f"/kelola/kursus/{course.slug}/soal/impor")
    token = next(form.fields["csrf_token"] for form in person.forms if "Periksa" in form.buttons)
    for packed in ("bukan base64 !", "AAAA", ""):
        sent = {"csrf_token": token, "packed": packed, "name": "soal.txt"}
        answer = person.client.post(f"/kelola/kursus/{course.slug}/soal/impor/jalankan", data=sent)
        assert answer.status_code == 303
    assert db.session.query(Question).count() == 0
