"""The demo school: a log that could be true, made without filling the disk, and never in somebody's own school."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import User
from app.core.db import db
from app.demo import content
from app.demo.seeder import QUEUE_PAUSE, RealSchool, seed
from app.enrollments.events import EnrollmentCompleted
from app.events.models import StoredEvent
from tests import make
from tests.facts import stated


@pytest.fixture
def school(seeded_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app on a copy of the demo school."""
    shutil.copytree(seeded_file, tmp_path / "school")
    url = f"sqlite:///{tmp_path / 'school/tuntas.db'}"
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": tmp_path / "school"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.pages
def test_sqlite_s_journal_is_emptied_while_the_school_is_played(seeded_file: Path) -> None:
    assert 0 < int((seeded_file / "largest-journal").read_text()) < 20 * 2**20


@pytest.mark.pages
def test_facts_stand_in_the_order_of_time(school: Flask) -> None:
    """But for reactions, which are played a moment after their fact, when the next one may have happened already."""
    moments = db.session.scalars(select(StoredEvent.occurred_at).order_by(StoredEvent.seq)).all()
    behind = [latest - moment for latest, moment in zip(accumulate(moments, max), moments, strict=True)]
    assert max(behind) <= QUEUE_PAUSE


@pytest.mark.pages
def test_what_people_did_is_nowhere_the_system_s(school: Flask) -> None:
    """What was caused by no other fact, somebody did."""
    begun = select(StoredEvent.name).where(StoredEvent.causation_id.is_(None), StoredEvent.actor_type == "system")
    assert set(db.session.scalars(begun)) == set()


@pytest.mark.pages
def test_whoever_completed_a_course_has_spent_time_in_it(school: Flask) -> None:
    spent = [fact.total_time_spent for fact in stated(EnrollmentCompleted)]
    assert len(spent) > 20
    assert min(spent) > 10 * 60


@pytest.mark.pages
def test_the_newcomers_are_there_and_were_welcomed_before_the_last_lessons(school: Flask) -> None:
    names = [each["username"] for each in content.newcomers()]
    assert db.session.scalar(select(func.count()).where(User.username.in_(names))) == len(names)
    latest = db.session.scalar(select(func.max(StoredEvent.occurred_at)))
    arrival = db.session.scalar(select(func.max(User.created_at)).where(User.username.in_(names)))
    assert arrival < latest - timedelta(hours=12)


def test_a_school_with_an_admin_of_its_own_is_left_alone(app: Flask) -> None:
    make.admin(email="kepala@sekolah.test")
    with pytest.raises(RealSchool):
        seed(app, lambda _line: None)
    assert db.session.scalar(select(func.count()).select_from(User)) == 1
