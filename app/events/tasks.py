"""Long work in steps. Each step is a delivery of its own: a killed worker goes on where the last one committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import LazyString

from app.core.clock import now
from app.core.db import HasId, action, db, id_of
from app.events.deliveries import Delivery
from app.events.facts import event
from app.events.models import Task, TaskState
from app.events.outbox import emit
from app.events.registry import receiver

STEP_ROWS = 100
"""What a step does at most: it is one transaction, and others wait for it."""


@event("task.requested", aggregate=("task", "task_id"))
class TaskRequested:
    """Somebody asked for long work; its first step may begin."""

    task_id: str
    kind: str
    total: int


@event("task.continued", aggregate=("task", "task_id"), audited=False)
class TaskContinued:
    """A step of long work is behind it, the next may begin."""

    task_id: str
    kind: str
    done: int
    total: int


@event("task.finished", aggregate=("task", "task_id"))
class TaskFinished:
    """The last step of long work has been done."""

    task_id: str
    kind: str
    done: int
    total: int


@dataclass(frozen=True)
class TaskKind:
    """How one kind of task works and what its page says.

    `step` does the next rows, at most STEP_ROWS, and moves `task.done` past them; `summary` puts the report in words;
    `onward` is a label and an address that lead to the result.
    """

    name: str
    title: LazyString
    step: Callable[[Task], None]
    summary: Callable[[Task], list[str]]
    onward: Callable[[Task], tuple[str, str]]


KINDS: dict[str, TaskKind] = {}


def add_kind(kind: TaskKind) -> None:
    """Makes the kind known. Raises ValueError for a name that is taken."""
    if kind.name in KINDS:
        raise ValueError(f"task kind {kind.name!r} is taken")
    KINDS[kind.name] = kind


@action
def request_task(kind: str, *, total: int, actor: HasId | None, params: dict[str, Any] | None = None) -> Task:
    """Long work of that kind over `total` rows, to be done by a worker. States TaskRequested.

    Its page is for the actor and for admins; without an actor, for admins alone.
    """
    asked = id_of(actor) if actor is not None else None
    task = Task(kind=KINDS[kind].name, params=params or {}, total=total, requested_by=asked)
    db.session.add(task)
    db.session.flush()
    emit(TaskRequested(task_id=str(task.id), kind=kind, total=total), actor=actor)
    return task


def _give_up(fact: TaskRequested | TaskContinued, delivery: Delivery) -> None:
    task = db.session.get_one(Task, UUID(fact.task_id))
    task.state, task.finished_at = TaskState.FAILED, now()


@receiver(TaskRequested, TaskContinued, queue="default", failed=_give_up, name="run_task")
def run_task(fact: TaskRequested | TaskContinued, delivery: Delivery) -> None:
    """One step, in one commit with the fact that calls for the next.

    Raises RuntimeError for a step that stands still.
    """
    task = db.session.get_one(Task, UUID(fact.task_id), with_for_update=True)
    before = task.done
    if before < task.total:
        KINDS[task.kind].step(task)
        if task.done <= before:
            raise RuntimeError(f"task {task.id} stands still at {before} of {task.total}")
    finished = task.done >= task.total
    task.state = TaskState.DONE if finished else TaskState.RUNNING
    task.finished_at = now() if finished else None
    following = TaskFinished if finished else TaskContinued
    emit(following(task_id=fact.task_id, kind=task.kind, done=task.done, total=task.total))
