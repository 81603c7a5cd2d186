"""Lihat sebagai peserta: a course with the eyes of a learner, for those who work on it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Role, User
from app.core.db import db
from app.courses.models import Course
from app.enrollments.models import Enrollment
from app.progress.models import LessonProgress
from tests import make
from tests.pages import Person


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER)


@pytest.fixture
def draft(author: User) -> Course:
    return make.course(owner=author, title="Dasar K3", slug="dasar-k3", lessons=2, published=False)


def tries(app: Flask, user: User, course: Course) -> Person:
    return (
        Person(app).logs_in(user.email).opens(f"/kelola/kursus/{course.slug}/terbit").follows("Lihat sebagai peserta")
    )


def test_an_author_walks_through_a_draft_as_a_learner_and_back(app: Flask, author: User, draft: Course) -> None:
    person = tries(app, author, draft)
    assert person.path == "/kursus/dasar-k3"
    assert "Berhenti dari kursus ini" not in person.links
    person.follows("Mulai Belajar")
    assert person.sees("Bab 1 · Materi 1 dari 2")
    assert person.sees("Baca sampai akhir, lalu tekan Tandai Selesai.")
    assert not person.sees("sebagai pengelola")
    person.follows("Tandai Selesai & Lanjut")
    assert person.sees("Bab 1 · Materi 2 dari 2")
    assert person.sees("Anda melihat kursus ini sebagai peserta.")
    person.follows("Tandai Selesai & Lanjut")
    assert person.path == "/kursus/dasar-k3"
    assert person.links["Kembali menyusun"] == "/kelola/kursus/dasar-k3"


def test_nothing_is_kept_of_a_trial(app: Flask, author: User, draft: Course) -> None:
    person = tries(app, author, draft).follows("Mulai Belajar")
    assert "data-report" not in person.response.text
    assert [form for form in person.forms if "/selesai" in form.action] == []
    for table in (Enrollment, LessonProgress):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_who_really_learns_in_an_own_course_tries_it_from_the_start(app: Flask, author: User) -> None:
    course = make.course(owner=author, lessons=2)
    make.enrollment(author, course, progress_percentage=50)
    person = tries(app, author, course)
    assert person.sees("0% selesai")
    assert person.opens(f"/kursus/{course.slug}").sees("50% selesai")


def test_a_course_without_lessons_says_so(app: Flask, author: User) -> None:
    course = make.course(owner=author, lessons=0, published=False)
    person = tries(app, author, course).follows("Mulai Belajar")
    assert person.path == f"/kursus/{course.slug}"
    assert person.sees("Kursus ini belum memiliki materi.")


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TRAINER, Role.CONTENT_MANAGER])
def test_for_nobody_else_it_opens_a_door(app: Flask, draft: Course, role: Role) -> None:
    person = Person(app).logs_in(make.user(role).email)
    for address in ("/kursus/dasar-k3", f"/belajar/dasar-k3/{make.lessons_of(draft)[0].id}", "/belajar/dasar-k3"):
        assert person.opens(f"{address}?sebagai=peserta").status == 404


def test_for_a_guest_a_public_course_is_what_it_is(app: Flask) -> None:
    course = make.course()
    person = Person(app).opens(f"/kursus/{course.slug}?sebagai=peserta")
    assert "Masuk untuk Mengikuti" in person.links
    assert not person.sees("Anda melihat kursus ini sebagai peserta.")
