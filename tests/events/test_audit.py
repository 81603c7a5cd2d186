"""The audit log names the first row that somebody altered, removed or cut off."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.db import db, transaction
from app.events import audit
from tests.events.sample import happen
from tests.facts import drain_all


@pytest.fixture
def chain(app: Flask) -> int:
    """The length of a log of some facts."""
    for number in range(6):
        happen(number)
    drain_all()
    return audit.verify().checked


def tamper(*statements: str) -> audit.ChainState:
    with transaction() as session:
        for each in statements:
            session.execute(text(each))
    return audit.verify()


def test_an_untouched_log_is_whole(chain: int) -> None:
    assert chain >= 12
    assert audit.verify() == (chain, None, "")


def test_an_empty_log_is_whole(app: Flask) -> None:
    assert audit.verify() == (0, None, "")


def test_an_altered_row_is_named(chain: int) -> None:
    assert tamper("UPDATE domain_event_log SET actor_id = 7 WHERE seq = 3")[1:] == (3, "altered")


def test_a_removed_row_is_named(chain: int) -> None:
    assert tamper("DELETE FROM domain_event_log WHERE seq = 4")[1:] == (4, "missing")


def test_a_cut_end_is_noticed(chain: int) -> None:
    assert tamper(f"DELETE FROM domain_event_log WHERE seq = {chain}")[1:] == (chain, "missing")


def test_a_cut_end_with_a_head_put_back_is_noticed(chain: int) -> None:
    cut = tamper(
        f"DELETE FROM domain_event_log WHERE seq > {chain - 2}",
        f"UPDATE audit_head SET seq = {chain - 2}, hash = (SELECT hash FROM domain_event_log WHERE seq = {chain - 2})",
    )
    assert cut.broken_at is not None


def test_a_head_put_back_is_noticed_even_if_the_deliveries_are_gone_too(chain: int) -> None:
    cut = tamper(
        f"DELETE FROM domain_event_log WHERE seq > {chain - 2}",
        "DELETE FROM deliveries WHERE receiver = 'record_audit'",
        f"UPDATE audit_head SET seq = {chain - 2}, hash = (SELECT hash FROM domain_event_log WHERE seq = {chain - 2})",
    )
    assert (cut.broken_at, cut.reason) == (chain - 2, "altered")


def test_a_row_added_by_hand_is_noticed(chain: int) -> None:
    added = tamper(
        "INSERT INTO domain_event_log SELECT seq + 1, '" + "0" * 31 + "1', event_name, aggregate_type, aggregate_id,"
        " actor_id, severity, metadata, occurred_at, created_at, hash FROM domain_event_log"
        f" WHERE seq = {chain}"
    )
    assert added[1:] == (chain + 1, "altered")


def test_an_emptied_log_is_noticed(chain: int) -> None:
    emptied = tamper(
        "DELETE FROM domain_event_log", f"UPDATE audit_head SET seq = 0, hash = '{audit.START}', seal = ''"
    )
    assert emptied[1:] == (1, "missing")


def test_a_missing_head_is_noticed(chain: int) -> None:
    assert tamper("DELETE FROM audit_head")[1:] == (1, "missing")
    with transaction():
        db.session.execute(text(f"INSERT INTO audit_head VALUES (1, 0, '{audit.START}', '')"))
