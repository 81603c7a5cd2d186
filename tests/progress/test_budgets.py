"""What a page may cost in statements: exact, and the same for a long course as for a short one."""

from __future__ import annotations

import pytest
from flask import Flask

from app.enrollments.models import Enrollment
from tests import make
from tests.pages import Person
from tests.statements import statements

SHELL = 2
"""The session with its person, and the bell."""


@pytest.fixture
def enrollment(app: Flask) -> Enrollment:
    return make.enrollment(into=make.course(lessons=20))


def learner(app: Flask, enrollment: Enrollment) -> Person:
    return Person(app).logs_in(str(enrollment.user.email))


def address(enrollment: Enrollment, place: int) -> str:
    return f"/belajar/{enrollment.course.slug}/{make.lessons_of(enrollment.course)[place - 1].id}"


def test_a_lesson_page_takes_six_statements_beside_the_shell(app: Flask, enrollment: Enrollment) -> None:
    page, path = learner(app, enrollment), address(enrollment, 3)
    page.client.get(path)
    with statements() as seen:
        assert page.client.get(path).status_code == 200
    assert len(seen) <= 6 + SHELL, seen


def test_the_lesson_page_is_small(app: Flask, enrollment: Enrollment) -> None:
    page = learner(app, enrollment).client.get(address(enrollment, 3))
    assert len(page.data) <= 15_000 + 2 * len(make.lessons_of(enrollment.course)[0].body)


def test_marking_done_takes_nine_statements_beside_the_inline_receiver(app: Flask, enrollment: Enrollment) -> None:
    page = learner(app, enrollment).opens(address(enrollment, 1)).submits("Tandai Selesai & Lanjut")
    own, inline = [], []
    for place in (2, 10, 19):
        page.opens(address(enrollment, place))
        form = next(form for form in page._page.forms if "Tandai Selesai & Lanjut" in form.buttons)
        with statements() as seen:
            page.client.post(form.action, data=form.fields)
        written = next(number for number, each in enumerate(seen) if each.startswith("INSERT INTO deliveries")) + 1
        own.append(written)
        inline.append(len(seen) - written)
        assert seen[-1].startswith("INSERT INTO event_store"), seen[-1]  # the recalculation's fact comes last
    assert len(set(own)) == 1
    assert own[0] <= 9
    assert len(set(inline)) == 1
    assert inline[0] <= 10
