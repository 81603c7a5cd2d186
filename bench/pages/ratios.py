"""Product and floor in turns, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median
from typing import NamedTuple

from argon2 import PasswordHasher

import config
from bench.pages import load
from bench.pages.load import Burst, get, post
from bench.pages.school import PASSWORD, School
from bench.pages.serving import Server, cpu_seconds
from bench.table import Row
from bench.timing import seconds

Requests = Iterator[bytes]
NOISE = 0.15
"""A ratio so far above its bar is no accident of the machine: both sides ran on it, in turns."""


class Size(NamedTuple):
    """How many pairs, and how many requests a side sends alone and eight at once."""

    pairs: int
    alone: int
    crowd: int


@dataclass(frozen=True)
class Operation:
    """What is compared: the product's requests, the floor's, how many times the floor it may take."""

    name: str
    ours: Requests
    floor_name: str
    floor: Callable[[], Requests]
    bar: float
    status: int = 200


@dataclass
class Found:
    """The medians of the bursts of one operation."""

    ours: list[Burst]
    floor: list[Burst]

    @property
    def ratio(self) -> float:
        """Of the two p50, pair by pair."""
        return median(ours.p50 / floor.p50 for ours, floor in zip(self.ours, self.floor, strict=True))


def page15() -> Requests:
    return cycle([get("/page15")])


def dash() -> Requests:
    return cycle([get("/dash")])


def complete() -> Requests:
    return cycle([post("/complete", lesson=str(number)) for number in range(1, 6)])


def operations(school: School) -> list[Operation]:
    """The design's rows. What changes something has each change happen for the first time."""
    cookie, lesson = school.reader.cookie, f"/belajar/{school.slug}/{school.lessons[2]}"
    return [
        Operation("learner dashboard, 5 courses", cycle([get("/", cookie)]), "dash", dash, 3.0),
        Operation("course page, 20 lessons", cycle([get(f"/kursus/{school.slug}", cookie)]), "dash", dash, 3.5),
        Operation("lesson page", cycle([get(lesson, cookie)]), "page15", page15, 3.0),
        Operation("mark lesson done", _marks(school), "complete", complete, 2.0, 303),
        Operation("enrol", _enrolments(school), "complete", complete, 2.0, 303),
    ]


def _marks(school: School) -> Requests:
    for lesson in school.lessons[:-1]:
        for each in school.learners:
            yield post(f"/belajar/{school.slug}/{lesson}/selesai", each.cookie, csrf_token=each.csrf)


def _enrolments(school: School) -> Requests:
    for slug in school.open_courses:
        for each in school.learners:
            yield post(f"/kursus/{slug}/ikuti", each.cookie, csrf_token=each.csrf)


def compare(school: School, where: str, ours: Server, floor: Server, size: Size) -> Iterator[Row]:
    """A row an operation for one request at a time, and one for eight."""
    for operation in operations(school):
        bare = operation.floor()
        _burst(ours, operation.ours, 10, 1, operation.status)
        _burst(floor, bare, 10, 1)
        alone, crowd = Found([], []), Found([], [])
        for _ in range(size.pairs):
            for found, count, together in ((alone, size.alone, 1), (crowd, size.crowd, 8)):
                found.floor.append(_burst(floor, bare, count, together))
                found.ours.append(_burst(ours, operation.ours, count, together, operation.status))
        yield _row(operation, where, alone)
        yield _rate_row(operation, where, crowd)


def _burst(server: Server, requests: Requests, count: int, together: int, status: int = 0) -> Burst:
    chosen = list(islice(requests, count))
    if len(chosen) < count:
        raise RuntimeError("the school is too small for so many requests")
    before = cpu_seconds(server)
    found = load.send(server.port, chosen, together)
    found.cpu = cpu_seconds(server) - before
    if status and found.statuses[status] != count:
        said = server.log.read_text()[-1500:]
        raise RuntimeError(f"answers other than {status}: {found.statuses} to {chosen[0][:60]!r}: {said}")
    return found


def _row(operation: Operation, where: str, found: Found) -> Row:
    ours, floor = (median(each.p50 for each in side) * 1e3 for side in (found.ours, found.floor))
    return Row(
        f"{operation.name}, p50 at c=1",
        where,
        f"{operation.floor_name} {floor:.2f} ms",
        f"{ours:.2f} ms = {found.ratio:.2f} × ({_spent(found)})",
        f"≤ {operation.bar} ×",
        found.ratio <= operation.bar,
        fails=found.ratio > operation.bar * (1 + NOISE),
    )


def _spent(found: Found) -> str:
    """The CPU time of a request, for a machine that is busy with something else."""
    ours, floor = (sum(each.cpu for each in side) for side in (found.ours, found.floor))
    each = ours / sum(len(burst.times) for burst in found.ours)
    return f"CPU {each * 1e3:.1f} ms = {ours / max(floor, 0.01):.1f} ×"


def _rate_row(operation: Operation, where: str, found: Found) -> Row:
    ours, floor = (median(each.rate for each in side) for side in (found.ours, found.floor))
    tail = median(each.p95 for each in found.ours) * 1e3
    measured = f"{ours:.0f} /s, p95 {tail:.0f} ms ({_spent(found)})"
    return Row(f"{operation.name}, c=8", where, f"{operation.floor_name} {floor:.0f} /s", measured, "", None)


def log_in(school: School, where: str, server: Server, rounds: int) -> Row:
    """The whole of signing in, beside one look at the hash."""
    hasher = PasswordHasher(**config.load("production")["ARGON2"])
    hashed = hasher.hash(PASSWORD)
    guest, email = school.guest, school.reader.email
    request = post("/masuk", guest.cookie, csrf_token=guest.csrf, login=email, password=PASSWORD)
    hashing, whole = [], []
    for _ in range(rounds):
        hashing.append(seconds(lambda: hasher.verify(hashed, PASSWORD)))
        whole.append(_burst(server, cycle([request]), 1, 1, 303).p50)
    floor, found = median(hashing) * 1e3, median(whole) * 1e3
    measured = f"{found:.1f} ms = hash + {found - floor:.1f} ms"
    return Row("log in, p50 at c=1", where, f"hash {floor:.1f} ms", measured, "hash + 10 ms", found - floor <= 10)
