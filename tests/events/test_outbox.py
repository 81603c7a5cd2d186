"""A fact is stored with its change, or not at all; and it leaves after the commit."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, event, func, select, text, update
from sqlalchemy.exc import DatabaseError

from app.core.db import db, transaction
from app.events import emit
from app.events.models import StoredDelivery, StoredEvent
from tests.events.sample import Deepened, Followed, Happened, Throttled, happen, note_effect, noted
from tests.facts import assert_stated, captured, stated


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_fact_and_its_deliveries_are_committed_with_the_change(app: Flask) -> None:
    happen(1)
    assert "did-1" in noted()
    assert_stated(Happened, sample_id=1)
    receivers = set(
        db.session.scalars(
            select(StoredDelivery.receiver).join(StoredEvent).where(StoredEvent.name == "sample.happened")
        )
    )
    assert receivers == {"sample_inline", "sample_queued", "sample_batch", "record_audit"}


def test_nothing_is_stored_when_the_action_raises(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        note_effect("lost")
        emit(Happened(sample_id=1))
        raise ZeroDivisionError
    assert noted() == set()
    assert count(StoredEvent) == count(StoredDelivery) == 0


def test_the_next_transaction_does_not_inherit_what_was_rolled_back(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        emit(Happened(sample_id=1))
        raise ZeroDivisionError
    happen(2)
    assert [fact.sample_id for fact in stated(Happened)] == [2]


def test_a_rolled_back_savepoint_drops_its_facts_and_only_its(app: Flask) -> None:
    with transaction() as session:
        emit(Happened(sample_id=1))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            emit(Happened(sample_id=2))
            with session.begin_nested():
                emit(Happened(sample_id=3))
            raise ZeroDivisionError
        with session.begin_nested():
            emit(Happened(sample_id=4))
    assert [fact.sample_id for fact in stated(Happened)] == [1, 4]


def test_an_inner_savepoint_can_roll_back_alone(app: Flask) -> None:
    with transaction() as session, session.begin_nested():
        emit(Happened(sample_id=1))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            emit(Happened(sample_id=2))
            raise ZeroDivisionError
    assert [fact.sample_id for fact in stated(Happened)] == [1]


def test_an_inner_action_joins_the_outer_transaction(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        happen(1)
        raise ZeroDivisionError
    assert noted() == set()
    assert count(StoredEvent) == 0


def test_facts_leave_only_after_the_outermost_commit(app: Flask) -> None:
    with captured(Happened) as seen:
        with transaction():
            happen(1)
            assert seen == []
        assert [fact.sample_id for fact in seen] == [1]


@pytest.mark.parametrize("facts", [0, 1, 50])
def test_a_request_is_one_commit_whatever_it_states(app: Flask, monkeypatch: pytest.MonkeyPatch, facts: int) -> None:
    """So the kernel adds no wait for the disk; each inline receiver would be a commit of its own."""

    def write() -> str:
        with transaction():
            note_effect("did")
            for number in range(facts):
                emit(Throttled(sample_id=number))
        return "done"

    write.policy = app.view_functions["site.home"].policy  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "site.home", write)
    commits: list[Connection] = []
    event.listen(db.engine, "commit", note := lambda connection: commits.append(connection))
    assert app.test_client().get("/").text == "done"
    event.remove(db.engine, "commit", note)
    assert len(commits) == 1
    assert_stated(Throttled, times=facts)


def test_stating_a_fact_outside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside an @action"):
        emit(Happened(sample_id=1))


def test_a_fact_about_a_row_without_an_id_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="flush"), transaction():
        emit(Happened(sample_id=None))  # type: ignore[arg-type]


def test_writing_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(StoredEvent(name="stray"))
    with pytest.raises(RuntimeError, match="read-only"):
        db.session.flush()
    db.session.rollback()


def test_two_sessions_of_one_thread_cannot_write_at_once(app: Flask) -> None:
    with transaction(), app.app_context(), pytest.raises(RuntimeError, match="another session"), transaction():
        pass


def test_sessions_of_two_contexts_keep_their_facts_apart(app: Flask) -> None:
    happen(1)
    with app.app_context():
        happen(2)
        with pytest.raises(ZeroDivisionError), transaction():
            happen(3)
            raise ZeroDivisionError
    happen(4)
    assert [fact.sample_id for fact in stated(Happened)] == [1, 2, 4]


@pytest.mark.parametrize("change", [update(StoredEvent).values(name="x"), delete(StoredEvent)])
def test_the_event_store_refuses_changes(app: Flask, change: object) -> None:
    happen(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text("DELETE FROM deliveries"))
        session.execute(change)  # type: ignore[call-overload]


def test_causes_and_correlation_are_kept(app: Flask) -> None:
    happen(1)
    cause, effect = db.session.scalars(
        select(StoredEvent).where(StoredEvent.aggregate_type == "sample").order_by(StoredEvent.seq)
    ).all()
    assert (cause.name, cause.causation_id, cause.correlation_id) == ("sample.happened", None, cause.id)
    assert (effect.name, effect.causation_id, effect.correlation_id) == ("sample.followed", cause.id, cause.id)


def test_facts_that_cause_themselves_are_cut_off_and_left_to_the_relay(app: Flask) -> None:
    with transaction():
        emit(Deepened(sample_id=1, depth=0))
    assert max(fact.depth for fact in stated(Deepened)) == 17


def test_an_observer_that_raises_stops_nobody(app: Flask) -> None:
    def explode(_app: Flask, **_kwargs: object) -> None:
        raise ZeroDivisionError

    Happened.signal.connect(explode)  # type: ignore[attr-defined]
    try:
        with captured(Happened) as seen:
            happen(1)
    finally:
        Happened.signal.disconnect(explode)  # type: ignore[attr-defined]
    assert len(seen) == 1
    assert_stated(Followed)


def test_a_rolled_back_row_of_the_caller_is_not_seen_by_receivers(app: Flask) -> None:
    with captured(Followed) as seen:
        with pytest.raises(ZeroDivisionError), transaction():
            happen(1)
            raise ZeroDivisionError
        happen(2)
    assert [fact.sample_id for fact in seen] == [2]


def test_off_stores_nothing(make_app, caplog: pytest.LogCaptureFixture) -> None:  # type: ignore[no-untyped-def]
    app = make_app(EVENTS_ENABLED="off")
    assert "no fact is stored" in caplog.text
    with app.app_context():
        happen(1)
        assert "did-1" in noted()
        assert count(StoredEvent) == 0


def test_record_runs_inline_receivers_and_lets_queued_ones_wait(make_app) -> None:  # type: ignore[no-untyped-def]
    app = make_app(EVENTS_ENABLED="record", QUEUE="rq", REDIS_URL="redis://127.0.0.1:1/0")
    with app.app_context():
        happen(1)
        assert noted() == {"did-1", "inline-1"}
        assert app.extensions["events"].transport._courier_pid == 0
