"""The search index of courses: the words of title, tags and descriptions, the best match first.

The index is a table that is no model, since each database has a kind of its own: FTS5 on SQLite, a tsvector on
PostgreSQL. Both are given, and asked for, words of letters and digits alone, so that no sign anybody types reaches
their syntax.
"""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Float, Integer, cast, column, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.courses.models import Course

MAX_WORDS = 8
"""Words beyond these are not looked for."""
PREFIX_FROM = 3
"""Letters: a word as long as this is also found by its beginning, a shorter one only as a whole."""
LONGEST_WORD = 60
LONGEST_TEXT = 50_000
"""Characters of a description that are indexed: a tsvector holds no more than 1 MB."""

_WORD = re.compile(r"[^\W_]+")
_KEEP = {
    "sqlite": "INSERT OR REPLACE INTO course_search (rowid, title, tags, summary, body)"
    " VALUES (:id, :title, :tags, :summary, :body)",
    # Every word as it stands there, for its beginnings, and by its stem.
    "postgresql": "INSERT INTO course_search (course_id, document) VALUES (:id, CAST(:lexemes AS tsvector)"
    " || setweight(to_tsvector('indonesian', :title), 'A') || setweight(to_tsvector('indonesian', :tags), 'B')"
    " || setweight(to_tsvector('indonesian', :summary), 'C') || setweight(to_tsvector('indonesian', :body), 'D'))"
    " ON CONFLICT (course_id) DO UPDATE SET document = excluded.document",
}
_FIND_IN_SQLITE = (
    "SELECT rowid AS course_id, rank FROM course_search"
    " WHERE course_search MATCH :wanted AND rank MATCH 'bm25(10.0, 6.0, 4.0, 1.0)'"
)
_INDONESIAN = literal_column("'indonesian'")
_WEIGHTS = literal_column("'{0.1, 0.4, 0.6, 1.0}'")
"""Of body, summary, tags and title, as `ts_rank` wants them."""


class Wanted(NamedTuple):
    """A word to look for; an open one may be the beginning of a longer one."""

    word: str
    is_open: bool


def index_course(course_id: int) -> None:
    """The course is found by what is said of it now. To be called inside a transaction."""
    course = db.session.get_one(Course, course_id, options=[selectinload(Course.tags)], populate_existing=True)
    parts = {
        "title": _words(course.title),
        "tags": [word for tag in course.tags for word in _words(tag.name)],
        "summary": _words(course.short_description),
        "body": _words(course.description[:LONGEST_TEXT]),
    }
    values = {"id": course_id, **{name: " ".join(words) for name, words in parts.items()}}
    dialect = db.session.get_bind().dialect.name
    if dialect == "postgresql":
        values["lexemes"] = _lexemes(list(parts.values()))
    db.session.execute(text(_KEEP[dialect]), values)


def wanted_words(search: str) -> list[Wanted]:
    """What to look for. A word that a sign follows, as in `50%`, is meant as it stands: it is not open."""
    plain = _plain(search)
    found = list(_WORD.finditer(plain))[:MAX_WORDS]
    return [
        Wanted(each.group()[:LONGEST_WORD], len(each.group()) >= PREFIX_FROM and plain[each.end() :][:1].strip() == "")
        for each in found
    ]


def matches(wanted: list[Wanted]) -> CTE:
    """The courses in which every word stands, as `course_id` and `rank`; the lowest rank is the best match."""
    if db.session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(f'"{each.word}"{"*" if each.is_open else ""}' for each in wanted)
        found = text(_FIND_IN_SQLITE).bindparams(wanted=asked)
        # Materialized: else SQLite asks the index anew for every course.
        rows = found.columns(column("course_id", Integer), column("rank", Float))
        return rows.cte("found").prefix_with("MATERIALIZED")
    index = table("course_search", column("course_id", Integer), column("document"))
    query = reduce(func.tsquery_and, map(_query, wanted))
    rank = -func.ts_rank(_WEIGHTS, index.c.document, query, type_=Float)
    return select(index.c.course_id, rank.label("rank")).where(index.c.document.op("@@")(query)).cte("found")


def _query(wanted: Wanted) -> ColumnElement[Any]:
    """One word for PostgreSQL: as it stands, or by its stem."""
    lexeme = cast(f"'{wanted.word}'{':*' if wanted.is_open else ''}", TSQUERY)
    return func.tsquery_or(lexeme, func.plainto_tsquery(_INDONESIAN, wanted.word))


def _plain(written: str) -> str:
    """Small letters without accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", written).casefold())
    return "".join(each for each in folded if unicodedata.category(each) != "Mn")


def _words(written: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(_plain(written))]


def _lexemes(parts: list[list[str]]) -> str:
    """A tsvector as it is written: each word with its place and the weight of its part."""
    weighted = [(word, weight) for words, weight in zip(parts, "ABCD", strict=True) for word in words]
    return " ".join(f"'{word}':{place}{weight}" for place, (word, weight) in enumerate(weighted, start=1))
