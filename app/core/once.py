"""A row that may exist only once: whoever is second learns it without an error, or writes over the first."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Model, db

M = TypeVar("M", bound=Model)
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(table: type[M], **values: Any) -> M | None:
    """The new row; None when a unique constraint says that it is there already, which is left as it was.

    `INSERT … ON CONFLICT DO NOTHING RETURNING`, so also of two at once only one gets the row. Columns that are not
    named get their defaults.
    """
    insert = _INSERT[db.session.get_bind().dialect.name]
    row: M | None = db.session.scalar(insert(table).values(**values).on_conflict_do_nothing().returning(table))
    return row


def upsert(table: type[M], key: dict[str, Any], **values: Any) -> M:
    """The row with that unique key, made or brought to these values, by one statement."""
    insert = _INSERT[db.session.get_bind().dialect.name]
    row: M = db.session.scalars(
        insert(table)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
        .returning(table),
        execution_options={"populate_existing": True},
    ).one()
    return row
