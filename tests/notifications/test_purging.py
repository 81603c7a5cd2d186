"""Mails are kept for 30 days; what was told in the app stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.enrollments.actions import enroll
from app.events.prune import CHORES
from app.events.worker import _keep_house
from app.notifications.actions import purge_mails
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.facts import drain_all


@pytest.fixture(autouse=True)
def _mailed(app: Flask) -> None:
    enroll(make.course(), actor=make.user(email="siti@contoh.test"))
    drain_all()


@pytest.fixture
def _broken_chore() -> Iterator[None]:
    """One that comes before all others, and fails."""

    def fail() -> int:
        raise LookupError

    CHORES.insert(0, fail)
    yield
    CHORES.remove(fail)


def mails() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(OutgoingMail)).one()


def test_mails_are_forgotten_after_30_days() -> None:
    with clock.at(clock.now() + timedelta(days=29)):
        assert purge_mails() == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert purge_mails() == 1
    assert db.session.scalars(select(Notification)).one()


@pytest.mark.usefixtures("_broken_chore")
def test_a_worker_forgets_them_by_itself_whatever_else_fails(app: Flask) -> None:
    (stop := threading.Event()).set()
    for days, left in ((29, 1), (31, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            _keep_house(app, stop)
        assert mails() == left
