"""Inserting what may be there already, in one statement, so that a lost race is no error."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Model, db

M = TypeVar("M", bound=Model)


def insert(model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the database in use."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(model)


def insert_once(model: type[M], **values: Any) -> M | None:
    """The new row; None when a unique constraint says that it is there already, which is left as it was."""
    statement = insert(model).values(**values).on_conflict_do_nothing().returning(model)
    return db.session.scalar(statement)
