"""Very many failed deliveries on their way again: in steps, so that nobody else waits for long."""

from __future__ import annotations

import threading

from flask import Flask

from app.core.db import committed, db, transaction
from app.events import queries
from app.events.actions import DeliveryRetried, retry_all
from app.events.models import ReceiverTotal
from tests.events.sample import many_given_up, note_effect
from tests.facts import assert_stated


def test_others_write_while_very_many_are_tried_again(app: Flask) -> None:
    """A hundred in a transaction: another thread sees what is left after each, and gets the write lock."""
    many_given_up(250)
    left = []

    def write(_session: object) -> None:
        if threading.current_thread() is here:
            (other := threading.Thread(target=write_elsewhere)).start()
            other.join(30)

    def write_elsewhere() -> None:
        with app.app_context(), transaction():
            left.append(queries.failed_count())
            note_effect(f"between-{len(left)}")

    here = threading.current_thread()
    with committed.connected_to(write):
        assert retry_all("sample_queued", "LookupError") == 250
    assert left == [150, 50, 0]
    assert_stated(DeliveryRetried, times=250)
    total = db.session.get_one(ReceiverTotal, "sample_queued")
    assert (total.given_up, total.failed_attempts) == (250, 750)
