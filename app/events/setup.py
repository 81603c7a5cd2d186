"""Joins the kernel to an app."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask

from app.events import audit, failures, handout, tasks
from app.events.transport import Embedded, Rq, Transport
from config import WrongSettings

log = logging.getLogger(__name__)


@dataclass
class Kernel:
    """How events run here. `record`: inline receivers run, queued ones wait; `off`: nothing is stated at all."""

    mode: str
    transport: Transport


def init_app(app: Flask) -> None:
    """Reads EVENTS_ENABLED, QUEUE and REDIS_URL. Raises WrongSettings when they do not fit together."""
    mode = app.config["EVENTS_ENABLED"]
    if mode == "off":
        log.critical("EVENTS_ENABLED=off: no fact is stored, nothing reacts")
    app.extensions["events"] = Kernel(mode, _transport(app.config["QUEUE"], app.config["REDIS_URL"]))
    failures.init_app(app)


def _transport(wanted: str, redis_url: str) -> Transport:
    if wanted == "rq" and not redis_url:
        raise WrongSettings("QUEUE=rq memerlukan REDIS_URL")
    return Rq(redis_url) if redis_url and wanted != "embedded" else Embedded()


__all__ = ["Kernel", "audit", "handout", "init_app", "tasks"]
