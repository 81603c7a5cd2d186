"""`flask events …`: what the operator reads, what changes, and with which code the command ends."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, text, update

from app.core import clock
from app.core.db import db, transaction
from app.events import emit, queries
from app.events.actions import DeliveryDiscarded, DeliveryRetried
from app.events.metrics import exposition
from app.events.models import DeliveryStatus, ReceiverTotal, StoredDelivery, WorkerBeat
from app.events.relay import tick
from app.events.worker import run
from tests.events.sample import Throttled, happen, many_given_up, noted
from tests.facts import assert_stated, drain_all


def says(app: Flask, *words: str) -> Result:
    """Runs `flask events …`."""
    result = app.test_cli_runner().invoke(args=["events", *words])
    db.session.rollback()
    return result


def rows(receiver: str) -> list[StoredDelivery]:
    db.session.rollback()
    return list(db.session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == receiver)))


def given_up(sample_id: int) -> UUID:
    """A fact whose queued reaction has failed for good."""
    happen(sample_id, note="raise")
    start = clock.now()
    for seconds in (0, 60, 120):
        with clock.at(start + timedelta(seconds=seconds)):
            run(tick(100))
    return next(row.event_id for row in rows("sample_queued") if row.status == DeliveryStatus.FAILED)


def a_worker_lives() -> None:
    with transaction() as session:
        session.add(WorkerBeat(name="uji", seen_at=clock.now()))


def metrics() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of `/metrics`."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): round(sample.value, 6)
        for family in text_string_to_metric_families(exposition().decode())
        for sample in family.samples
    }


def test_list_names_every_fact_and_who_reacts(app: Flask) -> None:
    result = says(app, "list")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    here = next(number for number, line in enumerate(lines) if line.startswith("sample.happened "))
    assert "→ sample_inline (inline)" in lines[here + 1]
    assert "→ sample_queued (default, db, 3 tries" in result.output


def test_failed_lists_what_was_given_up(app: Flask) -> None:
    assert says(app, "failed").output == "0 pekerjaan gagal.\n"
    event_id = given_up(1)
    result = says(app, "failed")
    assert result.exit_code == 0
    assert f"{event_id} sample_queued sample.happened ×3: LookupError: as asked" in result.output
    assert result.output.endswith("1 pekerjaan gagal.\n")
    assert says(app, "failed", "--receiver", "sample_batch").output == "0 pekerjaan gagal.\n"


def test_failed_counts_also_what_it_does_not_list(app: Flask) -> None:
    many_given_up(queries.LISTED + 1)
    lines = says(app, "failed").output.splitlines()
    assert len(lines) == queries.LISTED + 1
    assert lines[-1] == "201 pekerjaan gagal, 200 yang terbaru tampil."


def test_retry_of_one_fact_makes_its_failed_work_due(app: Flask) -> None:
    event_id = given_up(1)
    assert says(app, "retry", str(event_id)).output == "1 pekerjaan dicoba lagi.\n"
    (row,) = rows("sample_queued")
    assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 0)
    assert_stated(DeliveryRetried, event_id=str(event_id), receiver="sample_queued")


@pytest.mark.parametrize("choice", [["--all"], ["--receiver", "sample_queued"]])
def test_retry_of_everything_or_of_a_receiver(app: Flask, choice: list[str]) -> None:
    given_up(1)
    result = says(app, "retry", *choice)
    assert (result.exit_code, result.output) == (0, "1 pekerjaan dicoba lagi.\n")
    assert [row.status for row in rows("sample_queued")] == [DeliveryStatus.PENDING]


def test_retry_of_another_receiver_changes_and_counts_nothing(app: Flask) -> None:
    event_id = given_up(1)
    for words in ([str(event_id), "--receiver", "sample_batch"], ["--receiver", "sample_batch"]):
        assert says(app, "retry", *words).output == "0 pekerjaan dicoba lagi.\n"
    assert [row.status for row in rows("sample_queued")] == [DeliveryStatus.FAILED]


def test_retry_without_a_choice_is_a_mistake(app: Flask) -> None:
    given_up(1)
    result = says(app, "retry")
    assert result.exit_code == 2
    assert "--all" in result.output
    assert [row.status for row in rows("sample_queued")] == [DeliveryStatus.FAILED]


def test_forget_discards_with_a_reason(app: Flask) -> None:
    event_id = given_up(1)
    result = says(app, "forget", str(event_id), "sample_queued", "--reason", "sudah dikirim tangan")
    assert (result.exit_code, result.output) == (0, "Diabaikan.\n")
    assert [row.status for row in rows("sample_queued")] == [DeliveryStatus.DISCARDED]
    assert_stated(DeliveryDiscarded, receiver="sample_queued", reason="sudah dikirim tangan")


def test_forget_refuses_an_empty_reason_and_what_did_not_fail(app: Flask) -> None:
    event_id = given_up(1)
    assert says(app, "forget", str(event_id), "sample_queued").exit_code == 2
    empty = says(app, "forget", str(event_id), "sample_queued", "--reason", " ")
    assert empty.exit_code == 1
    assert "Tulis alasannya" in empty.output
    unknown = says(app, "forget", str(uuid4()), "sample_queued", "--reason", "x")
    assert unknown.exit_code == 1
    assert "tidak lagi gagal" in unknown.output
    assert [row.status for row in rows("sample_queued")] == [DeliveryStatus.FAILED]


def test_monitor_is_content_while_somebody_works_and_little_waits(app: Flask) -> None:
    happen(1)
    a_worker_lives()
    result = says(app, "monitor")
    assert result.exit_code == 0, result.output
    assert "default: 1 menunggu" in result.output
    assert "1 pekerja hidup" in result.output
    assert "PERHATIAN" not in result.output


def test_monitor_warns_when_nobody_works(app: Flask) -> None:
    result = says(app, "monitor")
    assert result.exit_code == 1
    assert "PERHATIAN: tidak ada pekerja yang hidup" in result.output


def test_monitor_warns_when_something_waits_too_long(app: Flask) -> None:
    happen(1)
    with clock.at(clock.now() + timedelta(minutes=2)):
        a_worker_lives()
        old = says(app, "monitor")
        assert old.exit_code == 1
        assert "PERHATIAN: default menumpuk" in old.output
        assert says(app, "monitor", "--max-age", "600").exit_code == 0


def test_monitor_warns_when_too_much_waits(app: Flask) -> None:
    happen(1)
    a_worker_lives()
    result = says(app, "monitor", "--max", "0")
    assert result.exit_code == 1
    assert "PERHATIAN: default menumpuk" in result.output


def finish(count: int, *, attempts: int = 1, queue: str = "inline", milliseconds: float = 2) -> None:
    """A worker lives, and so many deliveries were done a moment ago."""
    a_worker_lives()
    with transaction():
        emit(Throttled(sample_id=1))
    (event_id,) = (row.event_id for row in rows("sample_throttled"))
    done = {"status": DeliveryStatus.DONE, "available_at": clock.now(), "finished_at": clock.now()}
    values = {"event_id": event_id, "queue": queue, "attempts": attempts, "duration_ms": milliseconds, **done}
    with transaction() as session:
        session.add_all(StoredDelivery(receiver=f"uji_{queue}_{number}", **values) for number in range(count))


@pytest.mark.parametrize(("count", "attempts", "code"), [(20, 1, 0), (20, 2, 1), (2, 2, 0)])
def test_monitor_warns_when_much_needs_another_try(app: Flask, count: int, attempts: int, code: int) -> None:
    finish(count, attempts=attempts)
    result = says(app, "monitor")
    assert result.exit_code == code, result.output
    assert ("perlu dicoba ulang" in result.output) == bool(code)
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert "perlu dicoba ulang" not in says(app, "monitor").output


@pytest.mark.parametrize(
    ("count", "queue", "milliseconds", "code"),
    [(20, "inline", 90, 0), (20, "inline", 150, 1), (20, "notifications", 9000, 0), (19, "inline", 150, 0)],
)
def test_monitor_warns_when_pages_wait_for_slow_reactions(
    app: Flask, count: int, queue: str, milliseconds: float, code: int
) -> None:
    finish(count, queue=queue, milliseconds=milliseconds)
    result = says(app, "monitor")
    assert result.exit_code == code, result.output
    assert ("halaman lambat" in result.output) == bool(code)
    assert (f"{milliseconds:.0f} md" in result.output) == (queue == "inline")


def test_one_slow_reaction_in_a_hundred_is_no_alarm(app: Flask) -> None:
    finish(100)
    with transaction() as session:
        session.execute(
            update(StoredDelivery).where(StoredDelivery.receiver == "uji_inline_7").values(duration_ms=5000)
        )
    assert says(app, "monitor").exit_code == 0


def test_verify_finds_an_untouched_chain_whole(app: Flask) -> None:
    happen(1)
    drain_all()
    result = says(app, "verify")
    assert result.exit_code == 0
    assert "Rantai utuh: 2 baris" in result.output  # sample.happened and sample.followed


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE domain_event_log SET actor_id = 99 WHERE seq = 2", "baris 2 diubah"),
        ("DELETE FROM domain_event_log WHERE seq = 1", "baris 1 hilang"),
        ("DELETE FROM domain_event_log WHERE seq = 2", "baris 2 hilang"),
    ],
)
def test_verify_names_the_first_row_that_was_touched(app: Flask, change: str, finding: str) -> None:
    happen(1)
    drain_all()
    with transaction() as session:
        session.execute(text(change))
    result = says(app, "verify")
    assert result.exit_code == 1
    assert finding in result.output


def test_prune_counts_what_is_old_and_done_and_forgets_it(app: Flask) -> None:
    happen(1)
    drain_all()
    assert says(app, "prune").output == "0 pengiriman diringkas.\n"
    kept = db.session.query(StoredDelivery).count()
    with clock.at(clock.now() + timedelta(days=8)):
        result = says(app, "prune")
    assert (result.exit_code, result.output) == (0, f"{kept} pengiriman diringkas.\n")
    assert db.session.query(StoredDelivery).count() == 0
    assert db.session.get_one(ReceiverTotal, "sample_queued").delivered == 1
    assert noted() >= {"queued-1"}


def test_prune_keeps_what_failed_and_every_total(app: Flask) -> None:
    happen(1)
    drain_all()
    happen(2, note="raise once")
    event_id = given_up(3)
    with clock.at(clock.now() + timedelta(days=8)):
        before = metrics()
        says(app, "prune")
        after = metrics()
    assert before[("listeners_failed_total", (("listener", "sample_queued"),))] == 1
    assert before[("listeners_retried_total", (("listener", "sample_queued"),))] == 4
    assert before[("listener_duration_seconds_count", (("listener", "sample_queued"),))] == 2
    assert after == before
    assert [(row.event_id, row.status) for row in rows("sample_queued")] == [(event_id, DeliveryStatus.FAILED)]
    total = db.session.get_one(ReceiverTotal, "sample_queued")
    assert (total.delivered, total.failed_attempts) == (2, 1)
