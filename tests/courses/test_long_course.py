"""The pages of a course of 300 lessons cost as many statements as those of one of three, and fit a slow phone.

The editor is not among the small ones: whoever arranges a course drags a lesson past all the others.
"""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import transaction
from app.courses.models import Course, Lesson, Section
from tests import make
from tests.pages import Person
from tests.statements import statements

BARS = {"course": 30_000, "lesson": 15_000, "why": 30_000}
"""Bytes of the page where the lesson itself has next to none; the last one is our own bar."""


def written(sections: int, lessons: int, **fields: object) -> Course:
    """A published course of so many sections, each of so many lessons."""
    course = make.course(lessons=0, **fields)  # type: ignore[arg-type]
    with transaction() as session:
        for number in range(sections):
            home = Section(course_id=course.id, title=f"Mengenal alat ke-{number}", position=number)
            home.lessons = [
                Lesson(title=f"Merawat alat {place}", kind="text", body="Isi.", minutes=10, position=place)
                for place in range(lessons)
            ]
            session.add(home)
    return course


def pages(app: Flask, course: Course) -> dict[str, tuple[Person, str]]:
    """By name: somebody who has opened the page before, and its address; the lesson is the one in the middle."""
    learner = Person(app).logs_in(str(make.enrollment(into=course).user.email))
    author = Person(app).logs_in(str(course.owner.email))
    lessons = make.lessons_of(course)
    middle = lessons[len(lessons) // 2].id
    found = {
        "course": (learner, f"/kursus/{course.slug}"),
        "lesson": (learner, f"/belajar/{course.slug}/{middle}"),
        "why": (learner, f"/belajar/{course.slug}/mengapa"),
        "editor": (author, f"/kelola/kursus/{course.slug}"),
    }
    for person, path in found.values():
        assert person.opens(path).status == 200
    return found


def counts(app: Flask, lessons: int) -> dict[str, int]:
    """The statements of each page of a course with so many lessons."""
    found = {}
    for name, (person, path) in pages(app, written(1, lessons)).items():
        with statements() as seen:
            assert person.client.get(path).status_code == 200
        found[name] = len(seen)
    return found


def test_the_pages_of_a_course_of_300_lessons_cost_as_much_as_of_three(app: Flask) -> None:
    assert counts(app, 300) == counts(app, 3)


@pytest.mark.parametrize(("sections", "lessons"), [(1, 300), (15, 20), (60, 5)])
def test_the_pages_of_a_course_of_300_lessons_are_small(app: Flask, sections: int, lessons: int) -> None:
    opened = pages(app, written(sections, lessons, slug="merawat-alat-bengkel"))
    sizes = {name: len(opened[name][0].client.get(opened[name][1]).data) for name in BARS}
    assert {name: size for name, size in sizes.items() if size > BARS[name]} == {}


def test_the_drawer_shows_another_section_without_leaving_the_lesson(app: Flask) -> None:
    course = written(3, 10)
    learner, path = pages(app, course)["lesson"]
    first, last = (make.lessons_of(course)[place].id for place in (0, 20))
    learner.opens(path)
    assert f"/belajar/{course.slug}/{first}" not in learner.links.values()
    assert f"?daftar={last}#daftar-materi" in learner.links.values()
    learner.opens(f"{path}?daftar={last}")
    assert f"/belajar/{course.slug}/{last}" in learner.links.values()


def test_the_page_of_a_long_course_opens_the_section_that_is_asked_for(app: Flask) -> None:
    course = written(3, 20)
    learner, path = pages(app, course)["course"]
    last = make.lessons_of(course)[40].id
    assert f"/belajar/{course.slug}/{last}" not in learner.opens(path).links.values()
    (head,) = (href for href in learner.links.values() if href == f"{path}?daftar={last}#materi")
    assert f"/belajar/{course.slug}/{last}" in learner.opens(head.partition("#")[0]).links.values()
    assert learner.opens(f"{path}?daftar={10**30}").status == 200


def test_why_a_long_course_is_not_complete_is_told_in_parts(app: Flask) -> None:
    course = written(1, 300)
    learner, path = pages(app, course)["why"]
    lessons = make.lessons_of(course)
    assert learner.opens(path).sees("0 dari 300")
    assert learner.sees("280 materi berikutnya")
    learner.opens(f"{path}?daftar={lessons[150].id}")
    assert learner.sees("140 materi sebelumnya")
    assert learner.response.text.count(f'/belajar/{course.slug}/{lessons[150].id}"') == 2  # in the list and in the tree
