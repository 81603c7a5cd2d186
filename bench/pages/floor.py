"""The floor: a bare Flask + SQLAlchemy app, with nothing that a page of a real system needs beside its data."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, Response, redirect, request
from sqlalchemy import ForeignKey, create_engine, event, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

COURSES = 5
WORDS = "Materi ini menjelaskan langkah demi langkah apa yang perlu Anda siapkan. "
PAGE = "<!doctype html><title>{{ lesson.title }}</title><main>{{ lesson.body }}</main>"
DASH = """<!doctype html><title>{{ person.name }}</title><ul>
{% for row in rows %}<li><h2>{{ row.title }}</h2><progress max="100" value="{{ row.progress }}"></progress>
<p>{{ words }}</p></li>{% endfor %}</ul>"""


class Base(DeclarativeBase):
    """The floor's own tables, beside the product's."""


class Person(Base):
    __tablename__ = "floor_people"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Lesson(Base):
    __tablename__ = "floor_lessons"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]


class Enrollment(Base):
    __tablename__ = "floor_enrollments"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("floor_people.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("floor_lessons.id"))
    progress: Mapped[int]


class Done(Base):
    __tablename__ = "floor_done"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("floor_enrollments.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("floor_lessons.id"))


class Outbox(Base):
    __tablename__ = "floor_outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    payload: Mapped[str]


def make_engine(url: str) -> Engine:
    """The engine, with the PRAGMAs that the product sets."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    level = os.environ.get("SQLITE_SYNCHRONOUS", "FULL")
    for pragma in ("journal_mode=WAL", f"synchronous={level}", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def prepare(url: str) -> None:
    """Makes the tables, one person in five courses, and a lesson of 15 KB."""
    engine = make_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        body = (WORDS * (15_000 // len(WORDS) + 1))[:15_000]
        session.add(Person(id=1, token="floor", name="Sari Wulandari"))
        session.add_all(Lesson(id=number, title=f"Materi {number}", body=body) for number in range(1, COURSES + 1))
        session.flush()
        session.add_all(Enrollment(person_id=1, lesson_id=number, progress=40) for number in range(1, COURSES + 1))
        session.commit()
    engine.dispose()


def make_app(url: str) -> Flask:
    """The four pages."""
    app = Flask(__name__)
    engine = make_engine(url)
    page, dash = app.jinja_env.from_string(PAGE), app.jinja_env.from_string(DASH)

    @app.get("/page15")
    def page15() -> str:
        with Session(engine) as session:
            return page.render(lesson=session.get(Lesson, 1))

    @app.get("/dash")
    def dashboard() -> str:
        with Session(engine) as session:
            person = session.scalars(select(Person).where(Person.token == "floor")).one()
            rows = session.execute(
                select(Lesson.title, Enrollment.progress).join(Lesson).where(Enrollment.person_id == person.id)
            ).all()
            return dash.render(person=person, rows=rows, words=WORDS * 31)

    @app.post("/commit1")
    def commit1() -> Response:
        with Session(engine) as session:
            session.connection(execution_options={"writes": True})
            session.add(Outbox(payload="{}"))
            session.commit()
        return Response("ok")

    @app.post("/complete")
    def complete() -> Any:
        with Session(engine) as session:
            _complete(session, int(request.form["lesson"]))
        return redirect("/page15", 303)

    return app


def _complete(session: Session, lesson_id: int) -> None:
    session.connection(execution_options={"writes": True})
    person = session.scalars(select(Person).where(Person.token == "floor")).one()
    lesson = session.get_one(Lesson, lesson_id)
    enrollment = session.scalars(select(Enrollment).filter_by(person_id=person.id, lesson_id=lesson.id)).one()
    seen = session.execute(text("SELECT count(*) FROM floor_done WHERE id < 0")).scalar_one()
    session.add(Done(enrollment_id=enrollment.id, lesson_id=lesson.id))
    enrollment.progress = (enrollment.progress + 1 + seen) % 100
    session.add(Outbox(payload=f'{{"enrollment_id": {enrollment.id}, "lesson_title": "{lesson.title}"}}'))
    session.commit()
