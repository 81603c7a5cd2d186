"""What can be counted exactly: the statements and the bytes of a page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient

from app.core.db import db
from app.courses.models import Lesson
from bench.pages.school import PASSWORD, School, Visitor
from bench.table import Row
from tests.statements import statements

SHELL = 2
"""The session with its person, and the bell: allowed beside each bar."""


def count(app: Flask, school: School, where: str) -> Iterator[Row]:
    """A row an operation."""
    lesson = school.lessons[2]
    content = 2 * len(_body(lesson))
    pages = [
        ("learner dashboard", "/", 6, 25_000),
        ("course page, 20 lessons", f"/kursus/{school.slug}", 6, 30_000),
        ("lesson page", f"/belajar/{school.slug}/{lesson}", 6, content + 15_000),
    ]
    for name, path, most, largest in pages:
        client = browser(app, school.reader)
        client.get(path)
        with statements() as seen:
            page = client.get(path)
        yield _at_most(f"{name}: statements", where, len(seen), most + SHELL, "")
        yield _at_most(f"{name}: bytes", where, len(page.data), largest, "B")
    yield from _writes(app, school, where)


def _writes(app: Flask, school: School, where: str) -> Iterator[Row]:
    who, first, last = school.learners[-1], school.lessons[0], school.lessons[-1]
    _posted(app, who, f"/belajar/{school.slug}/{first}/selesai")  # states besides that the course was started
    seen = _posted(app, who, f"/belajar/{school.slug}/{last}/selesai")
    own = next(place for place, each in enumerate(seen) if each.startswith("INSERT INTO deliveries")) + 1
    measured = f"{own} + {len(seen) - own} of the inline receivers"
    yield Row("mark lesson done: statements", where, f"{SHELL} shell", measured, f"≤ {9 + SHELL} + theirs", own <= 11)
    seen = _posted(app, who, f"/kursus/{school.open_courses[-1]}/ikuti")
    yield _at_most("enrol: statements", where, len(seen), 10 + SHELL, "")
    with_password = {"login": school.reader.email, "password": PASSWORD}
    seen = _posted(app, school.guest, "/masuk", **with_password)
    yield _at_most("log in: statements", where, len(seen), 5, "")


def _posted(app: Flask, who: Visitor, path: str, **fields: str) -> list[str]:
    client = browser(app, who)
    with statements() as seen:
        answer = client.post(path, data={"csrf_token": who.csrf, **fields})
    if answer.status_code != 303:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return seen


def browser(app: Flask, who: Visitor) -> FlaskClient:
    """A client of the app, in this process, that holds the visitor's cookie."""
    client = app.test_client()
    client.set_cookie("session", who.cookie, domain="localhost")
    return client


def _body(lesson: int) -> str:
    return db.session.get_one(Lesson, lesson).body


def _at_most(what: str, where: str, found: int, most: int, unit: str) -> Row:
    return Row(what, where, "", f"{found:,} {unit}".strip(), f"≤ {most:,} {unit}".strip(), found <= most)
