"""Pulling the plug: a process that dies by SIGKILL the n-th time it reaches a named point."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from app.events.steps import stepped
from tests.chaos.world import running

SHAPE = re.compile(r"(?P<point>[a-z.]+)(@(?P<receiver>[a-z_]+))?#(?P<nth>\d+)")

_kept: list[Callable[[str], None]] = []


def pull_at(spec: str) -> None:
    """`delivery.marked#2`, or `delivery.marked@chaos_mail#1`: only while that receiver was called last."""
    wanted = SHAPE.fullmatch(spec)
    if wanted is None:
        raise ValueError(f"malformed plug {spec!r}")
    count = itertools.count(1)

    def pull(name: str) -> None:
        if name != wanted["point"] or wanted["receiver"] not in (None, getattr(running, "name", "")):
            return
        if next(count) == int(wanted["nth"]):
            os.kill(os.getpid(), signal.SIGKILL)

    _connect(pull)


def trace_to(path: Path) -> None:
    """Writes every point that is reached into the file, each once."""
    seen: set[str] = set()

    def note(name: str) -> None:
        if name not in seen:
            seen.add(name)
            with path.open("a") as trace:
                trace.write(f"{name}\n")

    _connect(note)


def _connect(hear: Callable[[str], None]) -> None:
    _kept.append(hear)
    stepped.connect(hear)
