"""What goes wrong is a fact, once a minute; and a failure of the book-keeping breaks nothing that was committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core import clock
from app.core.db import db, transaction
from app.events.deliveries import deliver, failing
from app.events.failures import ActionFailed, state_failure
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.outbox import Ring
from app.events.relay import tick
from app.events.worker import run
from tests.events.sample import happen, noted
from tests.facts import assert_stated


def row_of(receiver: str) -> StoredDelivery:
    db.session.rollback()
    return db.session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == receiver)).one()


def test_the_same_failure_is_stated_once_a_minute(app: Flask) -> None:
    start = clock.now()
    for seconds in (0, 10, 59, 61):
        with clock.at(start + timedelta(seconds=seconds)), transaction():
            state_failure("courses.detail", "KeyError")
    assert_stated(ActionFailed, times=2)


def test_different_failures_do_not_silence_each_other(app: Flask) -> None:
    with transaction():
        state_failure("courses.detail", "KeyError")
    with transaction():
        state_failure("courses.catalogue", "KeyError")
    assert_stated(ActionFailed, times=2)


def test_a_page_that_fails_answers_500_and_states_it(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TESTING"] = False

    def explode() -> str:
        raise ZeroDivisionError

    app.view_functions["site.home"] = explode
    explode.policy = app.view_functions["accounts.login"].policy  # type: ignore[attr-defined]
    assert app.test_client().get("/").status_code == 500
    assert_stated(ActionFailed, action="site.home", error="ZeroDivisionError")


@contextmanager
def away(*tables: str) -> Iterator[None]:
    """Inside the block the tables are gone, as if the database were broken."""
    with transaction() as session:
        for table in tables:
            session.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    try:
        yield
    finally:
        with transaction() as session:
            for table in tables:
                session.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


def test_a_database_that_fails_still_leaves_an_error_page(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TESTING"] = False
    client = app.test_client()
    page = client.get("/masuk").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    with away("login_failures", "event_store"):
        answer = client.post("/masuk", data={"csrf_token": token, "login": "a@b.test", "password": "salah-sekali"})
    assert answer.status_code == 500
    assert "Traceback" not in answer.get_data(as_text=True)


def test_book_keeping_that_fails_does_not_break_the_committed_action(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def lose_the_database(_hold: object, *, error: BaseException) -> None:
        raise OSError("the database went away")

    with failing.connected_to(lose_the_database):
        happen(1, note="raise inline")
    assert "did-1" in noted()
    assert row_of("sample_inline").status == DeliveryStatus.PENDING
    assert "could not be run" in caplog.text


def test_a_run_whose_delivery_was_finished_by_another_is_undone(app: Flask) -> None:
    happen(1)
    event_id = row_of("sample_queued").event_id
    with transaction() as session:
        row = session.get_one(StoredDelivery, (event_id, "sample_queued"))
        row.status, row.attempts = DeliveryStatus.RUNNING, 1
    deliver(Ring(event_id, "sample_queued", 0, True))
    assert "queued-1" not in noted()
    assert row_of("sample_queued").attempts == 1


def test_deliveries_of_a_removed_receiver_are_shown_as_failed(app: Flask) -> None:
    happen(1)
    with transaction() as session:
        session.execute(text("UPDATE deliveries SET receiver = 'gone' WHERE receiver = 'sample_queued'"))
    run(tick(100))
    row = row_of("gone")
    assert (row.status, row.due_at) == (DeliveryStatus.FAILED, None)
    assert (row.last_error or "").startswith("UnknownReceiver")
