"""A school to measure on, and the cookies of people who are signed in there."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

import config
from app.accounts.actions import start_session
from app.accounts.models import User
from app.core.db import db
from app.courses.models import Course
from app.enrollments.models import Enrollment, EnrollmentStatus
from bench.pages.serving import KEYS
from bench.places import Place, fresh
from tests import make
from tests.pages import PASSWORD

LESSONS = 20
BODY = "Langkah ini penting. " * 120
DESCRIPTION = "Kursus ini untuk siapa saja yang ingin mulai dari awal. " * 8


@dataclass(frozen=True)
class Visitor:
    """A browser: its cookie, the token for its forms, and the person's id (0 for a guest)."""

    cookie: str
    csrf: str
    id: int = 0
    email: str = ""


@dataclass
class School:
    """Addresses that the measurements use. Whoever is in `learners` has done nothing yet."""

    slug: str
    lessons: list[int]
    reader: Visitor
    guest: Visitor
    learners: list[Visitor] = field(default_factory=list)
    open_courses: list[str] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)


def settings() -> dict[str, object]:
    """Those of the served product that matter for rows and cookies."""
    return {**KEYS, "ARGON2": config.load("production")["ARGON2"], "SERVER_NAME": None}


def build(place: Place, *, learners: int, open_courses: int, completed: int) -> School:
    """Empties the place and fills it."""
    with fresh(place, **settings()) as app:
        courses = [make.course(lessons=0, description=DESCRIPTION) for _ in range(5)]
        for course in courses:
            _fill(course)
        main = courses[0]
        reader = make.user(name="Sari Wulandari")
        for course in courses:
            make.enrollment(reader, course)
        found = School(main.slug, [each.id for each in make.lessons_of(main)], visitor(app, reader), visitor(app, None))
        for _ in range(learners):
            user = make.user()
            make.enrollment(user, main)
            found.learners.append(visitor(app, user))
        found.open_courses = [make.course(lessons=1).slug for _ in range(open_courses)]
        found.completed = [_completed(main).id for _ in range(completed)]
    return found


def _fill(course: Course) -> None:
    for chapter in range(4):
        section = make.section(course)
        for place in range(LESSONS // 4):
            make.lesson(section, title=f"Materi {chapter + 1}.{place + 1}", position=place + 1, body=BODY)
        db.session.expire_all()


def _completed(course: Course) -> Enrollment:
    done: Enrollment = make.enrollment(into=course, status=EnrollmentStatus.COMPLETED)
    return done


def visitor(app: Flask, user: User | None) -> Visitor:
    """The cookie that the browser of this person, or a guest's, would hold."""
    token = start_session(user, agent="bench") if user else None
    with app.app_context(), app.test_request_context("/"):  # a context of its own: the CSRF token is kept in `g`
        if token:
            session["token"] = token
        csrf = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps(dict(session))
    return Visitor(cookie, csrf, user.id if user else 0, str(user.email) if user else "")


__all__ = ["PASSWORD", "School", "Visitor", "build", "settings", "visitor"]
