"""Whether this process can serve: asked by a load balancer or by whoever looks after the server."""

from __future__ import annotations

from functools import lru_cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.core.storage.local import free_space
from app.events.queries import workers

LEAST_SPACE = 50 * 2**20
"""Bytes; with less no start is made either."""


def readiness() -> dict[str, bool]:
    """`database` answers, its tables are of this version (`migrations`), a `worker` is alive, there is `space` left."""
    space = free_space() >= LEAST_SPACE
    try:
        revision = MigrationContext.configure(db.session.connection()).get_current_revision()
        current = revision == _head(current_app.config["MIGRATIONS"])
        return {"database": True, "migrations": current, "worker": current and bool(workers()), "space": space}
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": False, "migrations": False, "worker": False, "space": space}


@lru_cache(maxsize=4)
def _head(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()
