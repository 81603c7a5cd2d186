"""The database: one session a context, one transaction an action, aware UTC times."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from blinker import Signal
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, registry

P = ParamSpec("P")
R = TypeVar("R")

committing: Signal = Signal("Sent with the session inside the outermost transaction, as its last step before COMMIT.")
committed: Signal = Signal("Sent with the session when the outermost transaction has ended with a COMMIT.")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite keeps it as sortable text. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: use core.clock.now()")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Every table's base: constraint names by convention, `datetime` means `UTCDateTime`."""

    # A registry of our own, since Flask-SQLAlchemy derives from this class once more.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime},
    )


db = SQLAlchemy(model_class=Model)
migrate = Migrate()

# SQLite has one writer. Threads that queue here wait in order; in the busy handler they would starve each other.
_write_lock = threading.Lock()
_this_thread = threading.local()


def init_app(app: Flask) -> None:
    """Connects the configured database and prepares its connections."""
    db.init_app(app)
    migrate.init_app(app, db, directory=app.config["MIGRATIONS"], render_as_batch=True, compare_type=True)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            durable = app.config["SQLITE_SYNCHRONOUS"]
            event.listen(engine, "connect", functools.partial(_prepare_sqlite, synchronous=durable))
            event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: Any, *, synchronous: str) -> None:
    connection.isolation_level = None  # `_begin_sqlite` says BEGIN, not the driver
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


@event.listens_for(db.session, "before_flush")
def _refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("the session is read-only here: change rows inside transaction() or an @action")


@contextmanager
def transaction() -> Iterator[Session]:
    """A write: everything in the block becomes true together, or nothing does.

    The outermost block begins and commits; an inner one joins it. Beginning ends the read snapshot, so what was
    loaded before is read again under the lock. Raises RuntimeError when another session of this thread is writing.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    if getattr(_this_thread, "writing", False):
        raise RuntimeError("this thread is already writing through another session")
    session.rollback()
    with _one_writer(session.get_bind().dialect.name == "sqlite"):
        _this_thread.writing = session.info["writing"] = True
        try:
            session.connection(execution_options={"writes": True})
            yield session
            committing.send(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _this_thread.writing = session.info["writing"] = False
    committed.send(session)


@contextmanager
def _one_writer(needed: bool) -> Iterator[None]:
    if not needed:
        yield
        return
    with _write_lock:
        yield


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Makes the function one `transaction()`: a verb that changes rows and states the fact."""

    @functools.wraps(function)
    def acting(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return function(*args, **kwargs)

    return acting


class HasId(Protocol):
    """A row, or what stands for it."""

    @property
    def id(self) -> Any: ...


def id_of(row: HasId) -> Any:
    """The row's id. A stored row, expired by the beginning of a transaction, is not read again for it."""
    state = getattr(row, "_sa_instance_state", None)
    key = state.key if state is not None else None
    return row.id if key is None else key[1][0]


def lock(row: Model) -> None:
    """Reads the row again and, on PostgreSQL, keeps it locked until the transaction ends."""
    db.session.flush()  # what this transaction has changed of it would be read over
    # Only the row itself: what it was loaded with may hang on an outer join, which PostgreSQL refuses to lock.
    db.session.refresh(row, with_for_update={"of": type(row)})


def dispose_engine(app: Flask) -> None:
    """Forgets pooled connections, without closing them: to be called in a forked child."""
    with app.app_context():
        engine: Engine = db.engine
        engine.dispose(close=False)
