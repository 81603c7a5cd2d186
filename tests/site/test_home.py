"""Home: of a guest what is offered, of a learner the next step; small, and as cheap for many courses as for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core import clock
from app.core.clock import now
from app.core.db import transaction
from app.courses.models import Course, Visibility
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.progress.models import LessonProgress
from tests import make
from tests.pages import Person
from tests.statements import statements

SHELL = 2
"""The session with its person, and the bell."""


@pytest.fixture
def learner(app: Flask) -> User:
    return make.user(name="Ni Luh Putu Ayu")


def home(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email)).opens("/")


def studied(enrollment: Enrollment, *lessons: int, at: datetime | None = None) -> None:
    """Lessons of the enrolment's course, by their place, are done."""
    found = make.lessons_of(enrollment.course)
    with transaction() as session:
        for place in lessons:
            moment = at or now()
            progress = LessonProgress(
                enrollment_id=enrollment.id, lesson_id=found[place - 1].id, completed_at=moment, last_viewed_at=moment
            )
            session.add(progress)
        session.get_one(Enrollment, enrollment.id).last_lesson_id = found[lessons[-1] - 1].id


def test_a_guest_sees_who_runs_this_and_the_newest_courses_with_no_invented_number(app: Flask) -> None:
    owner = make.user(Role.TRAINER, name="Bambang Hariyanto")
    for place in range(10):
        make.course(title=f"Kursus ke-{place}", owner=owner, published_at=now() + timedelta(minutes=place))
    make.course(title="Rahasia", visibility=Visibility.RESTRICTED)
    make.course(title="Rancangan", published=False)
    page = Person(app).opens("/")
    assert page.sees("Tuntas")
    assert page.links["Kursus ke-9"] == page.opens("/").links["Kursus ke-9"]
    assert page.response.text.count('<article class="course-card">') == 8
    for hidden in ("Kursus ke-1 ", "Rahasia", "Rancangan"):
        assert hidden not in page.text
    assert page.sees("3 materi · 30 menit")
    assert '<button class="btn btn-light" type="submit">Cari</button>' in page.response.text, "seen on the dark card"
    assert page.submits("Cari", q="ke-9").path == "/kursus"


def test_a_guest_of_an_empty_installation_is_told_so(app: Flask) -> None:
    assert Person(app).opens("/").sees("Belum ada kursus yang dibuka")


@pytest.mark.parametrize(
    ("hour", "words"),
    [(4, "pagi"), (10, "pagi"), (11, "siang"), (14, "siang"), (15, "sore"), (17, "sore"), (18, "malam"), (3, "malam")],
)
def test_the_greeting_follows_the_hour_of_the_reader(app: Flask, hour: int, words: str) -> None:
    learner = make.user(name="Ni Luh Putu Ayu", timezone="Asia/Makassar")
    with clock.at(datetime(2026, 11, 20, hour, tzinfo=UTC) - timedelta(hours=8)):
        assert home(app, learner).sees(f"Selamat {words}, Ni")


def test_who_follows_no_course_is_led_to_the_catalogue(app: Flask, learner: User) -> None:
    make.enrollment(learner, status=EnrollmentStatus.DROPPED)
    page = home(app, learner)
    assert page.sees("Anda belum mengikuti kursus.")
    assert page.follows("Jelajahi Kursus").path == "/kursus"


def test_the_next_step_is_the_first_lesson_that_is_not_done(app: Flask, learner: User) -> None:
    course = make.course(title="Akuntansi Syariah", lessons=8)
    enrollment = make.enrollment(learner, course, progress_percentage=62.5)
    studied(enrollment, 1, 2, 3, 4, 5)
    page = home(app, learner)
    for words in ("Akuntansi Syariah", "Materi 6 dari 8 · Materi 6", "62,5% selesai · kira-kira 30 menit lagi"):
        assert page.sees(words), words
    assert page.links["Lanjutkan Belajar"] == f"/belajar/{course.slug}/{make.lessons_of(course)[5].id}"


def test_one_goes_on_with_the_course_that_was_studied_last(app: Flask, learner: User) -> None:
    old, new = make.course(title="Kursus lama"), make.course(title="Kursus baru")
    earlier, later = make.enrollment(learner, old), make.enrollment(learner, new)
    studied(later, 1, at=now() - timedelta(days=2))
    studied(earlier, 1, at=now() - timedelta(days=1))
    assert home(app, learner).links["Lanjutkan Belajar"].startswith(f"/belajar/{old.slug}/")


def test_a_course_that_was_just_entered_comes_first(app: Flask, learner: User) -> None:
    course = make.course(lessons=2)
    make.enrollment(learner, course)
    page = home(app, learner)
    assert page.sees("Materi 1 dari 2")
    assert page.sees("0% selesai · kira-kira 20 menit lagi")


def test_a_course_without_lessons_leads_to_why(app: Flask, learner: User) -> None:
    course = make.course(lessons=0)
    make.enrollment(learner, course)
    page = home(app, learner)
    assert page.sees("Materinya sedang disiapkan.")
    assert page.links["Lihat yang belum selesai"] == f"/belajar/{course.slug}/mengapa"


def test_finished_courses_lead_to_their_certificate(app: Flask, learner: User) -> None:
    course = make.course(title="K3 Dasar")
    make.enrollment(learner, course, EnrollmentStatus.COMPLETED, completed_at=datetime(2026, 8, 17, 3, tzinfo=UTC))
    page = home(app, learner)
    assert page.sees("Selesai 17 Agustus 2026")
    assert page.links["Sertifikat"] == "/sertifikat"
    assert f"/sertifikat?kursus={course.slug}" in page.response.text
    assert not page.sees("Anda belum mengikuti kursus.")


@pytest.mark.parametrize(("role", "offered"), [(Role.LMS_ADMIN, True), (Role.TRAINER, False), (Role.LEARNER, False)])
def test_the_panel_is_offered_to_those_whom_it_admits(app: Flask, role: Role, offered: bool) -> None:
    assert ("Panel Admin" in home(app, make.user(role)).links) is offered


def _school(learner: User, count: int) -> list[Course]:
    courses = [make.course(lessons=10) for _each in range(count)]
    for place, course in enumerate(courses):
        make.assessment(course, closes_at=now() + timedelta(days=place + 1))
        done = place % 2 == 1
        status = EnrollmentStatus.COMPLETED if done else EnrollmentStatus.ACTIVE
        studied(make.enrollment(learner, course, status), 1, 2, 3)
    return courses


def test_a_learner_s_home_takes_few_statements_however_many_courses(app: Flask, learner: User) -> None:
    person = home(app, learner)
    costs = []
    for count in (2, 10):
        _school(learner, count)
        person.client.get("/")
        with statements() as seen:
            assert person.client.get("/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6 + SHELL, seen


def test_a_guest_s_home_takes_few_statements_however_many_courses(app: Flask) -> None:
    costs = []
    for count in (1, 9):
        for _each in range(count):
            make.course()
        client = app.test_client()
        client.get("/")
        with statements() as seen:
            assert client.get("/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6, seen


def test_home_is_small(app: Flask, learner: User) -> None:
    _school(learner, 5)
    assert len(home(app, learner).response.data) <= 25_000
    for _each in range(8):
        make.course(title="Keselamatan dan Kesehatan Kerja Dasar untuk Bengkel")
    assert len(app.test_client().get("/").data) <= 25_000
