"""The pages of a course of 300 lessons cost as many statements as those of one of three."""

from __future__ import annotations

from flask import Flask

from tests import make
from tests.pages import Person
from tests.statements import statements


def counts(app: Flask, lessons: int) -> dict[str, int]:
    """The statements of each page of a course with so many lessons."""
    course = make.course(lessons=lessons)
    learner = Person(app).logs_in(str(make.enrollment(into=course).user.email))
    author = Person(app).logs_in(str(course.owner.email))
    middle = make.lessons_of(course)[lessons // 2].id
    pages = {
        "course": (learner, f"/kursus/{course.slug}"),
        "lesson": (learner, f"/belajar/{course.slug}/{middle}"),
        "why": (learner, f"/belajar/{course.slug}/mengapa"),
        "editor": (author, f"/kelola/kursus/{course.slug}"),
    }
    found = {}
    for name, (person, path) in pages.items():
        assert person.opens(path).status == 200
        with statements() as seen:
            assert person.client.get(path).status_code == 200
        found[name] = len(seen)
    return found


def test_the_pages_of_a_course_of_300_lessons_cost_as_much_as_of_three(app: Flask) -> None:
    assert counts(app, 300) == counts(app, 3)
