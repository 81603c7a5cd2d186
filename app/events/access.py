"""A long task is for whoever asked for it, and for admins."""

from __future__ import annotations

from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from flask import abort

from app.core.db import db
from app.events.models import Task


class Viewer(Protocol):
    """Whoever looks."""

    @property
    def id(self) -> int: ...

    @property
    def is_admin(self) -> bool: ...


def task_for_viewer(task_id: UUID, viewer: Viewer) -> Task:
    """The task; 404 for everyone whom it is not for."""
    task = db.session.get(Task, task_id)
    if task is None or not (viewer.is_admin or task.requested_by == viewer.id):
        abort(HTTPStatus.NOT_FOUND)
    return task
