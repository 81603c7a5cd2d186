"""Files that are handed in, pictures in questions, and who gets to see them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.assessments.actions.answering import hand_in_file
from app.assessments.actions.bank import Content, add_question
from app.assessments.actions.refusals import AttemptClosed
from app.assessments.models import Answer, Attempt, Item
from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.courses.actions import forget_unused, store_image
from app.courses.models import Media
from tests import files, make
from tests.assessments.conftest import answer_of, begun
from tests.pages import Person

PDF = files.pdf(1)


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    return begun(make.assessment(kinds=("file_upload", "essay")))


def page_of(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def hand_in(person: Person, attempt: Attempt, content: bytes, name: str, **more: object) -> Person:
    person.opens(f"/percobaan/{attempt.public_id}?soal=1")
    return person.submits("Berikutnya", file=(BytesIO(content), name), onward="2", **more)


def opened(app: Flask, address: str, people: list[User]) -> list[int]:
    """What each of them gets there."""
    emails = [str(user.email) for user in people]
    return [Person(app).logs_in(email).opens(address).status for email in emails]


def file_of(attempt: Attempt) -> Media:
    db.session.expire_all()
    media = answer_of(attempt, "file_upload").media
    assert media is not None
    return media


def test_a_document_is_handed_in_with_the_button_that_leads_on(app: Flask, attempt: Attempt) -> None:
    person = hand_in(page_of(app, attempt.user), attempt, PDF, "Laporan K3.pdf")
    assert (person.status, person.path) == (200, f"/percobaan/{attempt.public_id}")
    assert person.sees("Soal 2 dari 2")
    media = file_of(attempt)
    assert (media.original_name, media.mime, media.owner_id) == ("Laporan K3.pdf", "application/pdf", attempt.user_id)
    assert person.opens(f"/percobaan/{attempt.public_id}?soal=1").sees("Laporan K3.pdf")


def test_a_photograph_is_drawn_anew(app: Flask, attempt: Attempt) -> None:
    hand_in(page_of(app, attempt.user), attempt, files.picture("JPEG"), "Area kerja.JPG")
    media = file_of(attempt)
    assert (media.original_name, media.mime) == ("Area kerja.webp", "image/webp")


def test_another_file_takes_its_place_and_the_first_is_forgotten(app: Flask, attempt: Attempt) -> None:
    person = hand_in(page_of(app, attempt.user), attempt, PDF, "Satu.pdf")
    first = file_of(attempt).public_id
    hand_in(person, attempt, PDF, "Dua.pdf")
    assert file_of(attempt).original_name == "Dua.pdf"
    assert person.opens(f"/media/{first}").status == 404


def test_going_on_without_choosing_a_file_keeps_the_one_that_is_there(app: Flask, attempt: Attempt) -> None:
    person = hand_in(page_of(app, attempt.user), attempt, PDF, "Satu.pdf")
    hand_in(person, attempt, b"", "")
    assert file_of(attempt).original_name == "Satu.pdf"


def test_what_the_script_saves_at_the_deadline_does_not_take_the_file_away(app: Flask, attempt: Attempt) -> None:
    person = hand_in(page_of(app, attempt.user), attempt, PDF, "Satu.pdf")
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    body = {"question": "1", "answer": [], "touched": 1, "sequence": 9}
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    assert person.client.post(f"/percobaan/{attempt.public_id}/jawab", json=body, headers=headers).status_code == 200
    assert file_of(attempt).original_name == "Satu.pdf"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00 program", "virus.pdf", "tidak sesuai dengan akhiran namanya"),
        (PDF, "laporan.exe", "Jenis berkas ini tidak diterima"),
        (b"<svg onload=alert(1)>", "gambar.png", "bukan gambar"),
    ],
)
def test_t_upl_01_what_a_file_is_not_is_said_on_the_page_and_nothing_is_kept(
    app: Flask, attempt: Attempt, content: bytes, name: str, words: str
) -> None:
    person = hand_in(page_of(app, attempt.user), attempt, content, name)
    assert person.status == 422
    assert person.sees(words)
    assert person.sees("Soal 1 dari 2")
    assert db.session.query(Media).count() == 0


def test_a_file_is_at_most_ten_megabytes(app: Flask, attempt: Attempt) -> None:
    for name, content in (("besar.pdf", PDF + bytes(10_000_000)), ("besar.png", files.picture() + bytes(10_000_000))):
        with pytest.raises(Refused, match="paling besar 10"):
            hand_in_file(attempt, answer_of(attempt, "file_upload"), BytesIO(content), name, actor=attempt.user)
    assert db.session.query(Media).count() == 0


def test_after_the_end_no_file_is_taken_and_none_is_stored(app: Flask, attempt: Attempt) -> None:
    attempt = begun(make.assessment(kinds=("file_upload",), time_limit_minutes=10))
    with clock.at(clock.now() + timedelta(minutes=11)), pytest.raises(AttemptClosed):
        hand_in_file(attempt, answer_of(attempt, "file_upload"), BytesIO(PDF), "Telat.pdf", actor=attempt.user)
    assert db.session.query(Media).count() == 0


def test_a_question_that_asks_for_no_file_takes_none(app: Flask, attempt: Attempt) -> None:
    person = page_of(app, attempt.user).opens(f"/percobaan/{attempt.public_id}?soal=2")
    person.submits("Tinjau Jawaban", file=(BytesIO(PDF), "a.pdf"), answer="Esai", onward="0")
    assert (answer_of(attempt, "essay").media, answer_of(attempt, "essay").response) == (None, "Esai")


def test_a_file_is_for_its_learner_and_the_graders_only(app: Flask, attempt: Attempt) -> None:
    hand_in(page_of(app, attempt.user), attempt, PDF, "Satu.pdf")
    address = f"/media/{file_of(attempt).public_id}"
    course = attempt.assessment.course
    allowed = [attempt.user, course.owner, make.admin()]
    others = [make.enrollment(into=course).user, make.user(Role.CONTENT_MANAGER)]
    assert opened(app, address, allowed) == [200, 200, 200]
    assert opened(app, address, others) == [404, 404]
    assert app.test_client().get(address).status_code == 404


@pytest.fixture
def picture(app: Flask) -> Media:
    owner = make.user(Role.CONTENT_MANAGER)
    return store_image(BytesIO(files.picture()), "Bagan.png", owner=owner)


def asking(picture: Media) -> Attempt:
    """Somebody is at an assessment in whose question the picture stands."""
    owner = db.session.get_one(User, picture.owner_id)
    assessment = make.assessment(make.course(owner=owner, published=False), kinds=())
    text = Content(f"Apa ini? ![Bagan](/media/{picture.public_id})")
    question = add_question(assessment.course, "essay", text, actor=owner)
    make.kept(Item(assessment_id=assessment.id, position=1, question_id=question.id))
    return begun(assessment)


def test_a_picture_in_a_question_opens_for_who_is_asked_it_and_for_authors(app: Flask, picture: Media) -> None:
    attempt = asking(picture)
    address, course = f"/media/{picture.public_id}", attempt.assessment.course
    allowed = [attempt.user, course.owner, make.admin()]
    others = [make.enrollment(into=course).user, make.user(Role.TRAINER)]
    assert opened(app, address, allowed) == [200, 200, 200]
    assert opened(app, address, others) == [404, 404]


def test_files_of_answers_and_pictures_of_questions_are_not_swept_away(
    app: Flask, attempt: Attempt, picture: Media
) -> None:
    asking(picture)
    hand_in(page_of(app, attempt.user), attempt, PDF, "Satu.pdf")
    store_image(BytesIO(files.picture()), "Lain.png", owner=db.session.get_one(User, picture.owner_id))
    kept = {picture.public_id, file_of(attempt).public_id}
    with clock.at(clock.now() + timedelta(days=8)):
        forget_unused()
    assert set(db.session.scalars(db.select(Media.public_id))) == kept
    assert db.session.query(Answer).filter(Answer.media_id.is_not(None)).count() == 1
