"""A person who reads English."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, transaction
from app.courses.models import Course
from app.enrollments.actions import enroll
from app.notifications.models import OutgoingMail
from tests import make
from tests.facts import drain_all
from tests.fresh import FreshClient
from tests.pages import Person

pytestmark = pytest.mark.pages


@pytest.fixture(autouse=True)
def _fresh_requests(app: Flask) -> None:
    app.test_client_class = FreshClient


@pytest.fixture
def ann(app: Flask) -> User:
    return make.user(name="Ann", locale="en", timezone="Asia/Makassar")


@pytest.fixture
def course(app: Flask) -> Course:
    return make.course(title="Dasar K3")


def mail_to(user: User) -> OutgoingMail:
    return db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == user.email)).one()


def test_a_page_is_in_the_language_of_whoever_reads_it(app: Flask, ann: User, course: Course) -> None:
    page = Person(app).logs_in(str(ann.email))
    assert '<html lang="en"' in page.opens("/kursus").response.text
    assert {"Home", "Courses", "Certificates", "Account"} <= set(page.links)
    assert page.sees("Sign out")
    assert page.sees("3 lessons")
    assert not page.sees("Beranda")


def test_a_guest_reads_indonesian_also_after_somebody_read_english(app: Flask, ann: User, course: Course) -> None:
    Person(app).logs_in(str(ann.email)).opens("/kursus")
    guest = Person(app).opens("/kursus")
    assert '<html lang="id"' in guest.response.text
    assert "Beranda" in guest.links
    assert guest.sees("3 materi")


def test_a_change_of_language_holds_from_the_next_page_on(app: Flask, ann: User) -> None:
    page = Person(app).logs_in(str(ann.email))
    assert page.opens("/akun").sees("Full name")
    with transaction() as session:
        session.get_one(User, ann.id).locale = "id"
    assert page.opens("/akun").sees("Nama lengkap")


def test_a_refusal_and_what_is_wrong_with_a_form_are_english(app: Flask, ann: User, course: Course) -> None:
    page = Person(app).logs_in(str(ann.email)).opens("/tidak-ada")
    assert page.sees("Page not found")
    page.opens(f"/kursus/{course.slug}").submits("Take this course")
    assert page.sees("You are enrolled in the course “Dasar K3”.")


def test_a_mail_is_in_the_language_of_whom_it_is_for(app: Flask, ann: User, course: Course) -> None:
    siti = make.user(name="Siti")
    with app.test_request_context("/"):
        app.extensions["reader"] = lambda: siti  # whoever asks does not matter
        for learner in (ann, siti):
            enroll(course, actor=learner)
        drain_all()
    english, indonesian = mail_to(ann), mail_to(siti)
    assert english.subject == "Welcome to Dasar K3"
    assert "Hello, Ann!" in english.text
    assert "Hello, Ann!" in english.html
    assert "This mail was sent automatically" in english.text
    assert '<html lang="en"' in english.html
    assert indonesian.subject == "Selamat bergabung di Dasar K3"
    assert "Halo, Siti!" in indonesian.text
    assert '<html lang="id"' in indonesian.html
