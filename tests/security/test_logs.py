"""T-LOG-01: what people type stays inside its line of the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from flask import Flask

from app.accounts.access import anyone
from app.core.db import db
from app.events.actions import discard
from tests import make
from tests.admin.conftest import given_up
from tests.facts import drain_all
from tests.pages import Person

FORGED = [
    "a\n2026-01-01 INFO forged line",
    "a\r\n{\"event\": \"forged\"}",
    "a\x1b[2J\x1b[31mmerah",
    "a\x07\x08\x9b31m",
    "a\u2028forged\u2029line\x85x",
    "%s%n%(name)s{0.__class__}",
]  # fmt: skip


class Lines(logging.Handler):
    """What a log file would hold, an entry each; the traceback stands apart."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.entries: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.entries.append(record.getMessage())


@pytest.fixture
def lines(make_app: Callable[..., Flask]) -> Iterator[Lines]:
    """Everything that is logged while an app runs that answers its errors, as in production."""
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def is_one_line(entry: str) -> bool:
    return entry.isprintable() and len(entry.splitlines()) <= 1


@pytest.mark.parametrize("word", FORGED, ids=range(len(FORGED)))
def test_t_log_01_a_broken_page_logs_its_address_on_one_line(
    make_app: Callable[..., Flask], lines: Lines, word: str
) -> None:
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    @app.get("/rusak/<word>")
    @anyone
    def break_down(word: str) -> str:
        raise ValueError("rusak")

    with app.app_context():
        assert app.test_client().get(f"/rusak/{quote(word)}").status_code == 500
    assert any("rusak" in each for each in lines.entries)
    assert [each for each in lines.entries if not is_one_line(each)] == []


@pytest.mark.parametrize("word", FORGED, ids=range(len(FORGED)))
def test_t_log_01_what_is_typed_to_sign_in_forges_no_line(
    make_app: Callable[..., Flask], lines: Lines, word: str
) -> None:
    app = make_app()
    with app.app_context():
        person = Person(app)
        person.logs_in(f"{word}@contoh.test")
        person.opens(f"/kursus/{quote(word)}")
        person.opens("/daftar").submits("Daftar", name=word, email=f"{word}@contoh.test", password="belajar-terus")
        drain_all()
    assert [each for each in lines.entries if not is_one_line(each)] == []


@pytest.mark.parametrize("word", FORGED, ids=range(len(FORGED)))
def test_t_log_01_a_fact_is_one_line_of_json(make_app: Callable[..., Flask], lines: Lines, word: str) -> None:
    app = make_app()
    with app.app_context():
        failed = given_up(error=f"ValueError: {word}")
        discard(failed.event_id, failed.receiver, word, actor=make.admin())
        drain_all()
        db.session.rollback()
    facts = [each for each in lines.entries if each.startswith("{") and json.loads(each)]
    assert any(json.dumps(word)[1:-1] in each for each in facts)
    assert [each for each in lines.entries if not is_one_line(each)] == []
