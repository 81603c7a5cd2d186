"""Long tasks: steps that are each a delivery, a state that survives, a page for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core import clock
from app.core.db import db, transaction
from app.core.settings import Setting
from app.events import tasks
from app.events.actions import retry
from app.events.models import StoredDelivery, StoredEvent, Task, TaskState
from app.events.relay import tick
from app.events.tasks import TaskKind, request_task
from app.events.worker import run
from tests import make
from tests.facts import drain_all
from tests.pages import Person


def _count(task: Task) -> None:
    """Writes one row a unit of work: what was done twice would collide."""
    if task.params.get("stuck"):
        return
    if task.params.get("broken"):
        raise ValueError("broken")
    upto = min(task.done + tasks.STEP_ROWS, task.total)
    db.session.add_all(Setting(key=f"unit-{number}", value=number) for number in range(task.done, upto))
    task.report = {"units": upto}
    task.done = upto


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    tasks.add_kind(
        TaskKind(
            "test.count",
            "Menghitung",
            _count,
            lambda task: [f"{task.report['units']} hitungan"],
            lambda _: ("Ke Beranda", "/"),
        )
    )
    yield
    del tasks.KINDS["test.count"]


@pytest.fixture
def admin(app: Flask) -> User:
    return make.admin()


def units() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Setting).where(Setting.key.startswith("unit-"))).all())


def fresh(task_id: object) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id)


def test_a_task_is_done_in_steps_and_says_how_it_ended(admin: User) -> None:
    made = request_task("test.count", total=250, actor=admin)
    drain_all()
    task = fresh(made.id)
    assert (task.state, task.done, units()) == (TaskState.DONE, 250, 250)
    names = db.session.scalars(select(StoredEvent.name).where(StoredEvent.aggregate_type == "task")).all()
    assert names == ["task.requested", "task.continued", "task.continued", "task.finished"]
    assert set(db.session.scalars(select(StoredEvent.actor_id).where(StoredEvent.aggregate_type == "task"))) == {
        admin.id
    }


def test_a_task_over_nothing_is_done_at_once(admin: User) -> None:
    made = request_task("test.count", total=0, actor=admin)
    drain_all()
    assert fresh(made.id).state == TaskState.DONE


def test_a_worker_that_goes_in_the_middle_is_followed_by_one_that_goes_on(admin: User) -> None:
    made = request_task("test.count", total=250, actor=admin)
    run(tick(10))  # the first step, and then no worker any more
    assert (fresh(made.id).state, fresh(made.id).done, units()) == (TaskState.RUNNING, 100, 100)
    drain_all()
    assert (fresh(made.id).state, units()) == (TaskState.DONE, 250)


@pytest.mark.parametrize("fault", ["broken", "stuck"])
def test_a_step_that_cannot_go_on_fails_the_task_and_a_retry_takes_it_up(admin: User, fault: str) -> None:
    made = request_task("test.count", total=5, actor=admin, params={fault: True})
    start = clock.now()
    for hour in range(3):
        with clock.at(start + timedelta(hours=hour)):
            drain_all(raising=False)
    assert (fresh(made.id).state, units()) == (TaskState.FAILED, 0)
    row = db.session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == "run_task")).one()
    with transaction():
        fresh(made.id).params = {}
    retry(row.event_id, "run_task", actor=admin)
    drain_all()
    assert (fresh(made.id).state, units()) == (TaskState.DONE, 5)


def test_the_page_says_how_far_it_is_and_leads_on(app: Flask, admin: User) -> None:
    made = request_task("test.count", total=150, actor=admin)
    page = Person(app).logs_in(admin.email or "").opens(f"/pekerjaan/{made.id}")
    assert page.sees("0 dari 150")
    assert 'http-equiv="refresh"' in page.response.text
    drain_all()
    page.opens(f"/pekerjaan/{made.id}")
    assert page.sees("150 dari 150")
    assert page.sees("150 hitungan")
    assert 'http-equiv="refresh"' not in page.response.text
    assert page.links["Ke Beranda"] == "/"


def test_the_page_is_for_whoever_asked_and_for_admins(app: Flask, admin: User) -> None:
    asked, other = make.user(), make.user()
    made = request_task("test.count", total=1, actor=asked)
    assert Person(app).logs_in(asked.email or "").opens(f"/pekerjaan/{made.id}").status == 200
    assert Person(app).logs_in(admin.email or "").opens(f"/pekerjaan/{made.id}").status == 200
    assert Person(app).logs_in(other.email or "").opens(f"/pekerjaan/{made.id}").status == 404
    assert Person(app).logs_in(admin.email or "").opens(f"/pekerjaan/{uuid4()}").status == 404
