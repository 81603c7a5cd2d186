"""What RQ may run for us, and nothing else.

RQ imports and calls whatever a job in Redis names, also as a callback, and posts to any webhook in it. Whoever can
write to Redis would own the server. This class looks only at the name and the arguments.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import current_app
from redis.exceptions import RedisError
from rq.job import Job

from app.events.batches import drain
from app.events.deliveries import deliver
from app.events.outbox import Ring
from app.events.registry import RECEIVERS

log = logging.getLogger(__name__)


class JobRefused(RuntimeError):
    """Redis holds a job that we did not put there."""


def _deliver(event_id: str, receiver: str, attempts: int, fresh: bool) -> None:
    deliver(Ring(UUID(hex=event_id), str(receiver), int(attempts), bool(fresh)))


def _drain(name: str) -> None:
    """The bell goes first: what is stored from now on rings again."""
    if name not in RECEIVERS or not RECEIVERS[name].batch:
        raise JobRefused(f"no batched receiver is called {name!r}")
    with suppress(RedisError):
        current_app.extensions["events"].transport.redis.delete(bell(name))
    drain(name)


def bell(name: str) -> str:
    """The Redis key that says: a `drain` job of this receiver is on its way."""
    return f"tuntas:bell:{name}"


ALLOWED: dict[str, Callable[..., None]] = {"deliver": _deliver, "drain": _drain}


class DeliveryJob(Job):
    """A job that can only deliver or drain."""

    def restore(self, raw_data: Any) -> Any:
        """Reads the job, then forgets everything in it that RQ would act upon."""
        restored = super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        self.retries_left = self.repeats_left = None
        self._dependency_ids = []
        return restored

    @property
    def func(self) -> Callable[..., None]:
        """Raises JobRefused for anything but our two functions."""
        name = self.func_name
        if name not in ALLOWED or self.instance or self.kwargs:
            log.error("refused the job %s: %r is not ours", self.id, name)
            raise JobRefused(f"{name!r} is not a job of this system")
        return ALLOWED[name]
