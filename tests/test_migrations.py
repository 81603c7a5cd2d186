"""The migrations run up, down and up again, and end in what the models say: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.core.db import Model, db, transaction
from app.events.models import StoredEvent
from tests.events.sample import happen


def own_database(server: str) -> str:
    """A new, empty database in the private server."""
    name = f"migrations_{uuid4().hex[:12]}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def migrating(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on an empty database, with its context open."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgres":
        url = own_database(request.getfixturevalue("postgres_url"))
    app = create_app("testing", {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": tmp_path})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


OWN = {
    "account_requests", "course_imports", "edit_drafts", "grading_phrases", "known_devices", "notifications",
    "recovery_codes", "sessions", "two_factors", "uploads",
}  # fmt: skip
"""Tables whose rows are nothing without their person: nobody else has worked on them."""


def is_modelled(name: str) -> bool:
    """Not the search index, which each database keeps in its own way: FTS5 with tables of its own, or a tsvector."""
    return name != "alembic_version" and not name.startswith("course_search")


def tables() -> set[str]:
    return set(filter(is_modelled, inspect(db.engine).get_table_names()))


def include(_item: object, name: str | None, kind: str, *_more: object) -> bool:
    return kind != "table" or is_modelled(name or "")


def differences() -> list[object]:
    """What alembic would have to change so that the database is what the models say."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": include})
        return list(compare_metadata(context, db.metadata))


def test_up_down_and_up_again_ends_in_what_the_models_say(migrating: Flask) -> None:
    upgrade()
    assert differences() == []
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == set(db.metadata.tables)
    assert differences() == []


@pytest.mark.usefixtures("app")
def test_a_deleted_person_takes_along_only_what_is_of_that_person_alone() -> None:
    keys = [key for table in Model.metadata.sorted_tables for key in table.foreign_keys]
    of_people = [key for key in keys if key.column.table.name == "users"]
    assert {key.parent.table.name for key in of_people if key.ondelete == "CASCADE"} == OWN
    assert {key.ondelete for key in of_people} == {"CASCADE", "RESTRICT", "SET NULL"}
    behind = {key.parent.table.name for key in keys if key.column.table.name in OWN and key.ondelete == "CASCADE"}
    assert behind == {"course_import_lessons", "outgoing_mails"}


@pytest.mark.parametrize("migrating", ["postgres"], indirect=True)
def test_going_down_leaves_no_function_behind(migrating: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    with db.engine.connect() as connection:
        left = connection.scalars(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        assert left.all() == []


@pytest.mark.parametrize("change", ["UPDATE event_store SET name = 'sample.forged'", "DELETE FROM event_store"])
def test_the_event_store_refuses_every_change(migrating: Flask, change: str) -> None:
    upgrade()
    happen(1)
    before = facts()
    assert "sample.happened" in before
    with pytest.raises(DBAPIError, match="event_store is append-only"), transaction() as session:
        session.execute(text(change))
    assert facts() == before


@pytest.mark.parametrize("change", ["UPDATE event_store SET name = 'sample.forged'", "DELETE FROM event_store"])
def test_it_still_refuses_after_going_down_and_up(migrating: Flask, change: str) -> None:
    upgrade()
    downgrade(revision="base")
    upgrade()
    happen(1)
    with pytest.raises(DBAPIError, match="event_store is append-only"), transaction() as session:
        session.execute(text(change))


def facts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(StoredEvent.name).order_by(StoredEvent.seq)))
