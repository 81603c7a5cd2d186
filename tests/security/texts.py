"""Every column that holds words, found by looking at the models, and how to fill them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, String, Table, select, update

from app.core.db import db, transaction
from tests.security.rows import tables

_LINES = (Path(__file__).parents[1] / "data" / "xss_payloads.txt").read_text("utf-8").splitlines()
PAYLOADS = [*_LINES[:27], "\n".join(_LINES[27:])]
"""28 of them; the last one has three lines."""

CHOSEN = "one of a few words of the code"
MADE = "made by the server: random, a digest, or letters that are safe in an address"
CLOSED = {
    "account_requests.purpose": CHOSEN,
    "assessment_attempts.policy": CHOSEN,
    "assessment_attempts.public_id": MADE,
    "assessment_attempts.status": CHOSEN,
    "assessments.kind": CHOSEN,
    "assessments.show_feedback": CHOSEN,
    "assessments.show_keys": CHOSEN,
    "assessments.show_score": CHOSEN,
    "assessments.status": CHOSEN,
    "attempt_answers.drawn": MADE,
    "certificates.code": MADE,
    "certificates.file": MADE,
    "certificates.sha256": MADE,
    "categories.slug": MADE,
    "course_import_lessons.fields": "read by the code of the import, never shown",
    "course_imports.origin": MADE,
    "course_imports.stored_name": MADE,
    "courses.difficulty": CHOSEN,
    "courses.imported_from": MADE,
    "courses.progress_mode": CHOSEN,
    "courses.public_id": MADE,
    "courses.slug": MADE,
    "courses.status": CHOSEN,
    "courses.visibility": CHOSEN,
    "deliveries.queue": CHOSEN,
    "deliveries.receiver": CHOSEN,
    "deliveries.status": CHOSEN,
    "domain_event_log.severity": CHOSEN,
    "edit_drafts.subject": CHOSEN,
    "enrollments.status": CHOSEN,
    "event_store.actor_type": CHOSEN,
    "event_store.name": CHOSEN,
    "lessons.kind": CHOSEN,
    "media.mime": CHOSEN,
    "media.public_id": MADE,
    "media.sha256": MADE,
    "media.stored_name": MADE,
    "notifications.type": CHOSEN,
    "outgoing_mails.state": CHOSEN,
    "people_import_rows.outcome": CHOSEN,
    "people_import_rows.verdict": CHOSEN,
    "question_statistics.choices": "option id → number",
    "question_versions.type": CHOSEN,
    "questions.type": CHOSEN,
    "receiver_rates.receiver": CHOSEN,
    "receiver_totals.receiver": CHOSEN,
    "settings.key": CHOSEN,
    "tags.slug": MADE,
    "tasks.kind": CHOSEN,
    "tasks.params": "read by the code of the task, never shown",
    "tasks.state": CHOSEN,
    "two_factors.secret": MADE,
    "uploads.purpose": CHOSEN,
    "users.initial_key": MADE,
    "users.locale": CHOSEN,
    "users.password_hash": MADE,
    "users.role": CHOSEN,
    "users.status": CHOSEN,
    "users.theme": CHOSEN,
    "users.timezone": CHOSEN,
}
"""Columns that nobody's words get into, and why."""
DIGESTS = ("_hash", ".hash", ".seal", "login_failures.account", ".address")
FACTS = "event_store"
"""Append-only: its rows are filled when they are written."""
MARKDOWN = {"assessments.instructions", "courses.description", "lessons.body", "question_versions.text"}
"""Their words may become elements: the sanitiser decides which (T-XSS-03)."""
EITHER = {"assessment_items.tag"}
"""Columns that stay empty where they are: the row has something else instead."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
OPTION_ID = re.compile(r"[0-9a-f]{8}$")
"""What an attempt calls an option: made by the server, and read again only where it made it."""
READ_BY_CODE = {"logo", "value", "tolerance"}
"""Keys of a JSON value that the server reads: the name of a file, numbers that were checked."""


def text_columns() -> dict[str, Column[Any]]:
    """`table.column` → every column of text or JSON."""
    found: dict[str, Column[Any]] = {}
    for table in tables():
        found |= {f"{table.name}.{each.name}": each for each in table.columns if isinstance(each.type, String | JSON)}
    return found


def open_columns() -> dict[str, Column[Any]]:
    """Those that somebody's words may get into."""
    return {
        name: column
        for name, column in text_columns().items()
        if name not in CLOSED and not any(each in name for each in DIGESTS)
    }


def fill(word_for: Callable[[str], str], *, markdown: bool, spared: Collection[str] = ()) -> None:
    """Writes into every row of every open column what `word_for(table.column)` says, cut to the column's length.

    With `markdown` only the Markdown columns are written, without it all others; never those that are `spared`.
    """
    wanted = open_columns().keys() - set(spared)
    names = {name for name in wanted if (name in MARKDOWN) is markdown and not name.startswith(FACTS)}
    with transaction() as session:
        for table in tables():
            columns = [each for each in table.columns if f"{table.name}.{each.name}" in names]
            for number, row in enumerate(session.execute(select(table)).all() if columns else [], 1):
                values = {
                    each: _value(row._mapping[each.key], each, word_for(f"{table.name}.{each.name}"), number)
                    for each in columns
                    if not (row._mapping[each.key] is None and f"{table.name}.{each.name}" in EITHER)
                }
                if values:
                    session.execute(update(table).where(*_is(table, row._mapping)).values(values))


def _is(table: Table, row: Any) -> list[Any]:
    return [column == row[column.key] for column in table.primary_key]


def _value(old: Any, column: Column[Any], word: str, number: int) -> Any:
    if isinstance(column.type, JSON):
        return replaced(old, word)
    length = getattr(column.type, "length", None) or 10_000
    unique = column.unique or column.primary_key
    return f"{word[: length - 4]}{number:04}" if unique else word[:length]


def replaced(value: Any, word: str) -> Any:
    """The same JSON with the word in the place of every string that is not a moment or an option's id."""
    if isinstance(value, dict):
        return {key: each if key in READ_BY_CODE else replaced(each, word) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, word) for each in value]
    is_word = isinstance(value, str) and not MOMENT.match(value) and not OPTION_ID.match(value)
    return word if is_word else value


def row_counts() -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: len(db.session.execute(select(table)).all()) for table in tables()}
