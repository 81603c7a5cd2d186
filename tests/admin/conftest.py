"""An admin at the panel, and work that was given up. Requests have a context of their own."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.clock import now
from app.core.db import transaction
from app.core.ids import uuid7
from app.events.models import DeliveryStatus, StoredDelivery, StoredEvent
from tests import make
from tests.fresh import FreshClient
from tests.pages import Person

MAIL = "notifications_mail_notification"
REFUSED = "ConnectionRefusedError: [Errno 111] Connection refused"


@pytest.fixture(autouse=True)
def _fresh_requests(app: Flask) -> None:
    app.test_client_class = FreshClient


@pytest.fixture
def boss(app: Flask) -> User:
    return make.admin(name="Sri Wahyuningsih")


@pytest.fixture
def panel(app: Flask, boss: User) -> Person:
    """The admin's browser, signed in."""
    return Person(app).logs_in(str(boss.email))


def fact(name: str = "notification.created", **fields: object) -> StoredEvent:
    """A stored fact of that name, without its change and without deliveries."""
    event_id = uuid7()
    values = {
        "id": event_id, "name": name, "version": 1, "aggregate_type": "notification", "aggregate_id": "1",
        "actor_id": None, "actor_type": "system", "correlation_id": event_id, "causation_id": None,
        "occurred_at": now(), "payload": {"notification_id": 1, "user_id": 1, "type": "enrollment.welcome"}, **fields,
    }  # fmt: skip
    with transaction() as session:
        event = StoredEvent(**values)
        session.add(event)
        session.flush()
        session.refresh(event)
    return event


def given_up(receiver: str = MAIL, error: str = REFUSED, **fields: object) -> StoredDelivery:
    """A fact whose delivery to that receiver has failed for the last time."""
    event = fact(**fields)
    with transaction() as session:
        delivery = StoredDelivery(
            event_id=event.id, receiver=receiver, queue="notifications", status=DeliveryStatus.FAILED, attempts=8,
            sends=8, available_at=now(), due_at=None, finished_at=now(), last_error=error,
        )  # fmt: skip
        session.add(delivery)
        session.flush()
        session.refresh(delivery)
    return delivery
