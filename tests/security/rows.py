"""All rows of all tables: to see what a request has changed, and to put them back."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import MetaData, Table, and_, delete, insert, select, text, update

from app.core.db import db, transaction

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]

APPEND_ONLY = {"event_store", "domain_event_log", "audit_head"}
"""What only grows: every write that is let through adds to it."""
COUNTERS = {"certificate_lookups", "login_failures"}
"""Rates: a look may count."""
SEEN = {"last_seen_at"}
"""When a person or a browser was last here: a look may write it."""


_QUESTIONS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_wal_insert_lsn()"}


class Witness:
    """Knows of every COMMIT that writes, whoever makes it: asks the database itself, over a connection of its own.

    A SQLite file it also copies and puts back whole; on PostgreSQL it knows which tables were written, and puts back
    their rows.
    """

    def __init__(self) -> None:
        dialect = db.engine.dialect.name
        self._question = _QUESTIONS[dialect]
        pooled = db.engine.raw_connection()
        driver: Any = pooled.driver_connection
        self._connection = driver
        pooled.detach()
        self._copy = sqlite3.connect(":memory:") if dialect == "sqlite" else None
        self._stamps: dict[str, object] = {}
        if self._copy is None:
            self._connection.autocommit = True

    def mark(self) -> object:
        """Another one than before when something was written since; on PostgreSQL also when something only tried to."""
        (answer,) = self._answers(self._question)
        return answer

    def keep(self) -> None:
        if self._copy:
            self._connection.backup(self._copy)
        else:
            self._stamps = self._stamped()

    def rows(self, kept: Rows) -> Rows:
        """What the tables hold now; what has not been written since `keep` is taken from there."""
        if self._copy:
            return all_rows()
        stamps = self._stamped()
        written = [table for table in tables() if stamps[table.name] != self._stamps[table.name]]
        return kept | all_rows(written)

    def put_back(self, kept: Rows) -> None:
        """Makes the database what it was at `keep`."""
        db.session.rollback()
        current_app.extensions.pop("institution", None)
        if self._copy:
            self._copy.backup(self._connection)
        else:
            _put_back(self.rows(kept), kept)
            self._stamps = self._stamped()

    def _stamped(self) -> dict[str, object]:
        """For each table what differs after every write: how many rows, and the last transaction that wrote one."""
        return {name: stamp for name, *stamp in self._answers(_stamps_asked())}

    def _answers(self, question: str) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.execute(question)
        answers = cursor.fetchall()
        cursor.close()
        return answers

    def close(self) -> None:
        self._connection.close()
        if self._copy:
            self._copy.close()


def tables() -> list[Table]:
    """Every table, those that are pointed at first. On PostgreSQL with the search index, which is no model (ADR 7)."""
    found = list(db.metadata.sorted_tables)
    if db.engine.dialect.name == "postgresql":
        found.append(_search_index())
    return found


@cache
def _search_index() -> Table:
    return Table("course_search", MetaData(), autoload_with=db.engine, resolve_fks=False)


@cache
def _stamps_asked() -> str:
    ask = "SELECT '{0}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {0}"
    return " UNION ALL ".join(ask.format(table.name) for table in tables())


def all_rows(wanted: list[Table] | None = None) -> Rows:
    """Table → primary key → row, as the database has them now; of all tables, or of those that are `wanted`."""
    db.session.rollback()
    found: Rows = {}
    for table in tables() if wanted is None else wanted:
        key = [column.key for column in table.primary_key]
        rows = [dict(row._mapping) for row in db.session.execute(select(table))]
        found[table.name] = {tuple(row[name] for name in key): row for row in rows}
    db.session.rollback()
    return found


def changes(before: Rows, after: Rows, *, ignored: set[str] = COUNTERS) -> list[str]:
    """What differs, a line each; `ignored` tables and SEEN columns apart."""
    lines = []
    for name, rows in after.items():
        if name in ignored:
            continue
        old = before[name]
        lines += [f"{name}: new row {_shown(rows[key])}" for key in rows.keys() - old.keys()]
        lines += [f"{name}: row {key} is gone" for key in old.keys() - rows.keys()]
        for key in rows.keys() & old.keys():
            changed = [each for each in rows[key] if each not in SEEN and rows[key][each] != old[key][each]]
            lines += [f"{name}{key}.{each}: {old[key][each]!r} → {rows[key][each]!r}" for each in changed]
    return sorted(lines)


def _put_back(now: Rows, kept: Rows) -> None:
    """Makes every table of PostgreSQL what it was; rows that are as they were are not touched."""
    changed = [table for table in tables() if now[table.name] != kept[table.name]]
    if changed:
        with transaction() as session:
            # As a replica the session may delete what is only ever appended to, in any order.
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for table in changed:
                for key in now[table.name].keys() - kept[table.name].keys():
                    session.execute(delete(table).where(_is(table, key)))
                _refill(table, now[table.name], kept[table.name])


def _refill(table: Table, now: dict[tuple[Any, ...], Row], kept: dict[tuple[Any, ...], Row]) -> None:
    for key, row in kept.items():
        if key not in now:
            db.session.execute(insert(table).values(row))
        elif row != now[key]:
            db.session.execute(update(table).where(_is(table, key)).values(row))


def _is(table: Table, key: tuple[Any, ...]) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}
