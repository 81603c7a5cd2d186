"""All that is measured on pages, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.core.db import db, transaction
from app.core.ids import uuid7
from app.notifications import kinds
from app.notifications.models import Notification
from bench import places
from bench.pages import costs, floor, life, ratios, school, serving
from bench.pages.school import School
from bench.places import Place
from bench.table import Row


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Ratios and counts on SQLite and PostgreSQL; the rest on SQLite."""
    with places.sqlite(folder / "sqlite") as light, places.postgres(folder / "postgres") as heavy:
        for place in (light, heavy):
            yield from _of(place, quick=quick)


def _of(place: Place, *, quick: bool) -> Iterator[Row]:
    size = ratios.Size(5, 20, 40) if quick else ratios.Size(5, 60, 160)
    needed = size.pairs * (size.alone + size.crowd) + 20
    found = school.build(place, learners=64, open_courses=needed // 64 + 2, completed=40)
    floor.prepare(place.url)
    with serving.product(place) as ours, serving.floor(place) as bare:
        yield from ratios.compare(found, place.name, ours, bare, size)
        yield ratios.log_in(found, place.name, ours, 20 if quick else 40)
    app = places.make_app(place, **school.settings())
    with app.app_context():
        yield from costs.count(app, found, place.name)
        if place.is_sqlite:
            _welcome(found)
            yield from life.papers(place, found)
        db.session.remove()
        db.engine.dispose()
    if place.is_sqlite:
        yield from life.start_and_end(place, found, 3)
        yield from life.memory(place, found)
        yield from life.crowd(place, found, 20.0)


def _welcome(found: School) -> None:
    with transaction() as session:
        data = {"course_title": "Mengelola Waktu", "address": f"/belajar/{found.slug}"}
        user_id = found.reader.id
        session.add(Notification(user_id=user_id, event_id=uuid7(), type=kinds.WELCOME, data=data))
