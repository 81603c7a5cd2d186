"""The kernel's tables."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model

# SQLite counts only INTEGER PRIMARY KEY by itself.
Sequence = BigInteger().with_variant(Integer, "sqlite")


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


class StoredEvent(Model):
    """A fact. Append-only: a trigger refuses UPDATE and DELETE."""

    __tablename__ = "event_store"
    __table_args__ = (
        Index(None, "aggregate_type", "aggregate_id", "seq"),
        Index(None, "name", "seq"),
        Index(None, "name", "occurred_at"),
        Index(None, "subject_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    aggregate_type: Mapped[str] = mapped_column(String(50))
    aggregate_id: Mapped[str] = mapped_column(String(50))
    subject_id: Mapped[int | None]
    """Whom the fact is about: its field `user_id`, where it has one."""
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_type: Mapped[str] = mapped_column(String(10))
    correlation_id: Mapped[UUID] = mapped_column(index=True)
    causation_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)


class StoredDelivery(Model):
    """One reaction to one fact. `due_at` alone decides when somebody looks at it again; NULL when finished.

    `attempts` counts durable starts, `sends` how often the relay handed it to a worker. `available_at` is the birth,
    the timer's moment, or the turn of a rate-limited delivery.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "due_at", sqlite_where=text("due_at IS NOT NULL"),
              postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_deliveries_open", "receiver", "event_id", sqlite_where=text("due_at IS NOT NULL"),
              postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_deliveries_failed", "receiver", sqlite_where=text("status = 'failed'"),
              postgresql_where=text("status = 'failed'")),
        Index("ix_deliveries_finished", "finished_at"),
    )  # fmt: skip

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event_store.id", ondelete="RESTRICT"), primary_key=True)
    receiver: Mapped[str] = mapped_column(String(80), primary_key=True)
    queue: Mapped[str] = mapped_column(String(20))
    status: Mapped[DeliveryStatus] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    sends: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    duration_ms: Mapped[float | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class ReceiverTotal(Model):
    """What became of deliveries whose rows say it no more (`totals.py`)."""

    __tablename__ = "receiver_totals"

    receiver: Mapped[str] = mapped_column(String(80), primary_key=True)
    delivered: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[int] = mapped_column(default=0)
    duration_ms: Mapped[float] = mapped_column(default=0)


class ReceiverRate(Model):
    """When a receiver, or those that share a rate, may run next (the theoretical arrival time of the GCRA)."""

    __tablename__ = "receiver_rates"

    receiver: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_at: Mapped[datetime]


class AuditEntry(Model):
    """A row of the audit log: chained to the one before by an HMAC, so that no change goes unseen."""

    __tablename__ = "domain_event_log"
    __table_args__ = (
        Index(None, "aggregate_type", "aggregate_id", "occurred_at"),
        Index(None, "event_name", "occurred_at"),
    )

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    event_name: Mapped[str] = mapped_column(String(100))
    aggregate_type: Mapped[str] = mapped_column(String(50))
    aggregate_id: Mapped[str] = mapped_column(String(50))
    actor_id: Mapped[int | None]
    severity: Mapped[str] = mapped_column(String(10))
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSON, key="details")
    occurred_at: Mapped[datetime]
    created_at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The end of the chain, sealed with the key; locked by whoever adds to it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Sequence)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64), default="")


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Task(Model):
    """Long work in steps (`tasks.py`). `done` of `total` rows are behind it; `report` is what it has to say."""

    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(50))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[TaskState] = mapped_column(String(10), default=TaskState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    requested_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class WorkerBeat(Model):
    """A worker that was alive at `seen_at`."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime]
