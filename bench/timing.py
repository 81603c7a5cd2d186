"""Measuring in turns: what is compared runs alternately, so that a busy machine disturbs both sides alike."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from statistics import median


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turns(rounds: int, works: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of what each work answers (seconds, or a rate) over the rounds; each round begins with another."""
    found = defaultdict(list)
    names = list(works)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            found[name].append(works[name]())
    return {name: median(values) for name, values in found.items()}


def extra(rounds: int, base: Callable[[], object], *more: Callable[[], object]) -> list[float]:
    """The median number of seconds by which each of the others takes longer than `base`, run in turns."""
    differences: list[list[float]] = [[] for _ in more]
    for _ in range(rounds):
        plain = seconds(base)
        for found, work in zip(differences, more, strict=True):
            found.append(seconds(work) - plain)
    return [median(found) for found in differences]


def load() -> str:
    """How busy the machine is, to be printed beside the figures."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
