"""Kelola kursus: the list of one's courses, and a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Role
from app.core.clock import now
from app.courses.events import CourseCreated
from app.courses.models import CourseStatus
from app.courses.queries import workshop
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person
from tests.statements import statements

LIST = "/kelola/kursus"


def at_work(app: Flask, role: Role = Role.TRAINER) -> Person:
    return Person(app).logs_in(make.user(role).email)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.CONTENT_MANAGER, Role.LMS_ADMIN])
def test_staff_find_the_workshop_in_their_menu(app: Flask, role: Role) -> None:
    person = at_work(app, role).opens("/kursus").follows("Kelola Kursus")
    assert (person.status, person.path) == (200, LIST)
    assert ("Dasbor" in person.links) is (role == Role.LMS_ADMIN)


def test_a_learner_has_no_workshop(app: Flask) -> None:
    person = at_work(app, Role.LEARNER).opens("/kursus")
    assert "Kelola Kursus" not in person.links
    assert person.opens(LIST).status == 403


def test_a_title_is_enough_for_a_new_course(app: Flask) -> None:
    person = at_work(app).opens(LIST)
    person.submits("Buat kursus", title="  Dasar-Dasar   K3 ")
    assert person.path == f"{LIST}/dasar-dasar-k3"
    assert_stated(CourseCreated, title="Dasar-Dasar K3")


@pytest.mark.parametrize(("title", "words"), [(" ", "Wajib diisi."), ("x" * 256, "Paling banyak 255 karakter.")])
def test_what_is_no_title_is_said_at_the_field(app: Flask, title: str, words: str) -> None:
    person = at_work(app).opens(LIST).submits("Buat kursus", title=title)
    assert person.status == 422
    assert person.sees(words)
    assert stated(CourseCreated) == []


def test_courses_stand_under_the_tab_of_their_state(app: Flask) -> None:
    author = make.user(Role.TRAINER)
    make.course(owner=author, title="Masih draf", published=False)
    make.course(owner=author, title="Sudah diajukan", published=False, submitted_at=now())
    make.course(owner=author, title="Sudah terbit")
    make.course(owner=author, title="Sudah lama", status=CourseStatus.ARCHIVED)
    person = Person(app).logs_in(author.email)
    for tab, title in [
        ("", "Masih draf"),
        ("diajukan", "Sudah diajukan"),
        ("terbit", "Sudah terbit"),
        ("arsip", "Sudah lama"),
    ]:
        person.opens(f"{LIST}?tab={tab}")
        assert [each for each in person.links if each.startswith(("Masih", "Sudah"))] == [title]
    assert workshop(author, tab="draft").counts == {"draft": 1, "submitted": 1, "published": 1, "archived": 1}


def test_the_list_opens_where_there_is_something(app: Flask) -> None:
    author = make.user(Role.TRAINER)
    person = Person(app).logs_in(author.email).opens(LIST)
    assert person.sees("Tidak ada draf")
    make.course(owner=author, title="Sudah terbit")
    assert "Sudah terbit" in person.opens(LIST).links
    assert person.opens(f"{LIST}?tab=draf").sees("Tidak ada draf")


def test_an_author_finds_own_courses_and_an_admin_everybodys(app: Flask) -> None:
    author, other = make.user(Role.TRAINER), make.user(Role.CONTENT_MANAGER)
    mine, foreign = make.course(owner=author), make.course(owner=other)
    assert {each.slug for each in workshop(author, tab="published").courses} == {mine.slug}
    assert {each.slug for each in workshop(make.admin(), tab="published").courses} == {mine.slug, foreign.slug}


def test_a_search_finds_titles_and_authors_and_takes_signs_as_they_are(app: Flask) -> None:
    admin, sri = make.admin(), make.user(Role.TRAINER, name="Sri Wahyuni")
    make.course(owner=sri, title="Panduan 100% aman", slug="aman")
    make.course(title="Panduan 1000 langkah", slug="langkah")
    for words, slugs in [("panduan aman", {"aman"}), ("100%", {"aman"}), ("wahyuni", {"aman"}), ("_", set())]:
        found = workshop(admin, tab="published", search=words)
        assert {each.slug for each in found.courses} == slugs
        assert found.counts["published"] == len(slugs)


def test_who_waits_longest_for_an_answer_is_first(app: Flask) -> None:
    for days in (1, 3, 2):
        make.course(slug=f"hari-{days}", published=False, submitted_at=now() - timedelta(days=days))
    waiting = workshop(make.admin(), tab="submitted").courses
    assert [each.slug for each in waiting] == ["hari-3", "hari-2", "hari-1"]


def test_what_was_changed_last_is_first_be_it_in_a_lesson(app: Flask) -> None:
    admin, long_ago = make.admin(), now() - timedelta(days=9)
    for slug in ("pertama", "kedua"):
        make.course(slug=slug, lessons=0, updated_at=long_ago)
    lesson_of = make.course(slug="ketiga", lessons=0, updated_at=long_ago - timedelta(days=9))
    make.lesson(lesson_of)
    assert [each.slug for each in workshop(admin, tab="published").courses] == ["ketiga", "kedua", "pertama"]


def test_a_page_of_the_list_is_two_statements_and_never_past_the_end(app: Flask) -> None:
    admin = make.admin()
    for _ in range(21):
        make.course(lessons=2, owner=admin)
    admin.id  # noqa: B018 - loaded before we count
    with statements() as seen:
        last = workshop(admin, tab="published", page=99)
    assert (last.page, last.pages, len(last.courses)) == (2, 2, 1)
    assert len(seen) == 2


@pytest.mark.parametrize(
    "query", ["tab=lain", "halaman=-1", "halaman=%F0", "q=%27%22%3Cb%3E%25_", "tab=terbit&halaman=9"]
)
def test_any_address_of_the_list_opens(app: Flask, query: str) -> None:
    assert at_work(app).opens(f"{LIST}?{query}").status == 200
