"""Prometheus metrics, computed from SQL: right over any number of processes."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.events.models import AuditEntry, AuditHead, StoredEvent
from app.events.queries import depths, receiver_counts
from app.events.registry import QUEUES


class _FromSql:
    def collect(self) -> Iterable[Metric]:
        yield from _events()
        yield from _receivers()
        yield from _queues()
        yield _chain()


def exposition() -> bytes:
    """All metrics in Prometheus' text format. Needs an app context."""
    registry = CollectorRegistry()
    registry.register(_FromSql())  # type: ignore[arg-type]
    return generate_latest(registry)


def _events() -> Iterable[Metric]:
    stated = CounterMetricFamily("events_dispatched", "Facts stated", labels=["event"])
    for name, count in db.session.execute(select(StoredEvent.name, func.count()).group_by(StoredEvent.name)):
        stated.add_metric([name], count)
    yield stated


def _receivers() -> Iterable[Metric]:
    failed = CounterMetricFamily("listeners_failed", "Deliveries given up", labels=["listener"])
    retried = CounterMetricFamily("listeners_retried", "Attempts that failed and were tried again", labels=["listener"])
    duration = SummaryMetricFamily("listener_duration_seconds", "Time in the receiver", labels=["listener"])
    for each in receiver_counts():
        failed.add_metric([each.receiver], each.given_up)
        retried.add_metric([each.receiver], each.failed_attempts)
        duration.add_metric([each.receiver], each.delivered, each.duration_ms / 1000)
    yield from (failed, retried, duration)


def _queues() -> Iterable[Metric]:
    pending = GaugeMetricFamily("deliveries_pending", "Deliveries that could run now", labels=["queue"])
    oldest = GaugeMetricFamily("deliveries_oldest_seconds", "Age of the oldest of them", labels=["queue"])
    found = {each.queue: each for each in depths()}
    for queue in ("inline", *QUEUES):
        depth = found.get(queue)
        age = (clock.now() - depth.oldest).total_seconds() if depth and depth.oldest else 0
        pending.add_metric([queue], depth.waiting if depth else 0)
        oldest.add_metric([queue], age)
    yield from (pending, oldest)


def _chain() -> Metric:
    """The end of the chain stands where its head says; the whole is checked by `flask events verify`."""
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    last = db.session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    ok = head.seq == 0 if last is None else (last.seq, last.hash) == (head.seq, head.hash)
    return GaugeMetricFamily("audit_chain_ok", "1 while the audit log ends where its head says", value=float(ok))
