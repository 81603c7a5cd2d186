"""`/metrics`: every promised name with its label and a number that is right, for those who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app.core import clock
from app.events.registry import QUEUES
from app.events.relay import tick
from app.events.worker import run
from tests.events.sample import happen


def samples(client: FlaskClient) -> dict[tuple[str, str], float]:
    """Name and label → value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("events_dispatched_total", "counter"),
        ("listeners_failed_total", "counter"),
        ("listeners_retried_total", "counter"),
        ("listener_duration_seconds", "summary"),
        ("deliveries_pending", "gauge"),
        ("deliveries_oldest_seconds", "gauge"),
        ("audit_chain_ok", "gauge"),
    ],
)
def test_every_promised_name_is_there_before_anything_happened(client: FlaskClient, name: str, kind: str) -> None:
    assert f"# TYPE {name} {kind}\n" in client.get("/metrics").get_data(as_text=True)


def test_the_numbers_are_what_happened(client: FlaskClient) -> None:
    happen(1)
    happen(2, note="raise")
    start = clock.now()
    for seconds in (0, 60, 120):
        with clock.at(start + timedelta(seconds=seconds)):
            run(tick(100))
    found = samples(client)
    assert found["events_dispatched_total", "sample.happened"] == 2
    assert found["listeners_failed_total", "sample_queued"] == 1
    assert found["listeners_retried_total", "sample_queued"] == 3
    assert found["listener_duration_seconds_count", "sample_queued"] == 1
    assert found["listener_duration_seconds_sum", "sample_queued"] > 0
    assert found["audit_chain_ok", ""] == 1


def test_what_waits_is_counted_and_ages(client: FlaskClient) -> None:
    empty = samples(client)
    for queue in ("inline", *QUEUES):
        assert empty["deliveries_pending", queue] == 0
        assert empty["deliveries_oldest_seconds", queue] == 0
    happen(1)
    with clock.at(clock.now() + timedelta(seconds=90)):
        found = samples(client)
    assert found["deliveries_pending", "default"] == 1
    assert found["deliveries_oldest_seconds", "default"] == pytest.approx(90, abs=5)


def test_a_stranger_does_not_learn_that_there_are_metrics(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    unset = {"Authorization": "Bearer "}
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers=unset).status_code == 404


def test_a_stranger_with_the_token_reads_them(make_app: Callable[..., Flask]) -> None:
    stranger = make_app(METRICS_TOKEN="rahasia-pemantau").test_client()
    far = {"REMOTE_ADDR": "203.0.113.9"}
    wrong, right = ({"Authorization": f"Bearer {token}"} for token in ("rahasia", "rahasia-pemantau"))
    assert stranger.get("/metrics", environ_base=far, headers=wrong).status_code == 404
    assert stranger.get("/metrics", environ_base=far, headers=right).status_code == 200
