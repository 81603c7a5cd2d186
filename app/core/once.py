"""A row that may exist only once: whoever is second learns it without an error."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Model, db

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(table: type[Model], **values: Any) -> Any:
    """Inserts a row and answers its primary key; None when a unique constraint says that it is there already.

    `INSERT … ON CONFLICT DO NOTHING RETURNING`, so also of two at once only one gets the key. Columns that are not
    named get their defaults.
    """
    key = table.__mapper__.primary_key[0]
    insert = _INSERT[db.session.get_bind().dialect.name]
    return db.session.scalar(insert(table).values(**values).on_conflict_do_nothing().returning(key))
