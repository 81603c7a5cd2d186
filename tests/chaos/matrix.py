"""The crash matrix: `kill -9` at every named point, in every kind of process that can reach it."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.events.steps import STEPS
from tests.chaos import oracle
from tests.chaos.ground import DATABASES, TRANSPORTS, Ground, Grounds, ground, until

ACTS = 6

NO_COURIER = {"courier.taken": "without Redis there is no courier", "courier.rung": "without Redis there is no courier"}
NO_QUEUED = {
    "delivery.leased": "an inline receiver is a fresh db effect: it needs no lease",
    "drain.begun": "web processes run no queued receiver",
    "drain.effected": "web processes run no queued receiver",
    "drain.done": "web processes run no queued receiver",
    "relay.claimed": "the relay lives in the worker",
    "relay.sent": "the relay lives in the worker",
}

UNREACHED: dict[tuple[str, str], dict[str, str]] = {
    ("web", "embedded"): NO_COURIER | NO_QUEUED,
    ("web", "rq"): NO_QUEUED,
    ("worker", "embedded"): NO_COURIER | {"relay.sent": "the poller runs what it claims, it sends nothing"},
    ("worker", "rq"): {},
}
"""Which points a kind of process does not pass, and why. The sample's trace proves it."""

OUTSIDE = ("delivery.effected@chaos_mail", "delivery.marked@chaos_mail", "delivery.done@chaos_mail")
"""The same points around an effect that cannot be taken back."""

SENT_NOT_MARKED = {"delivery.effected", "delivery.marked"}
"""Between effect and mark a mail may go out twice."""


@dataclass(frozen=True)
class Case:
    database: str
    transport: str
    role: str
    plug: str

    @property
    def point(self) -> str:
        return self.plug.partition("#")[0]


@dataclass
class Result:
    """`trouble` says what was not as it must be; empty when all is well.

    Every point must be reached once; a busy process may have no need to come there again (`reached` is False).
    """

    case: Case
    verdict: oracle.Verdict
    seconds: float
    reached: bool
    trouble: list[str] = field(default_factory=list)


def points(role: str, transport: str) -> list[str]:
    """What that kind of process can reach."""
    reached = [name for name in STEPS if name not in UNREACHED[role, transport]]
    return reached + list(OUTSIDE) if role == "worker" else reached


def cases(databases: tuple[str, ...] = DATABASES, times: tuple[int, ...] = (1, 2)) -> Iterator[Case]:
    """Every point that can be reached, the first and the second time, in every configuration."""
    for database in databases:
        for transport in TRANSPORTS:
            for role in ("web", "worker"):
                for point in points(role, transport):
                    for nth in times:
                        yield Case(database, transport, role, f"{point}#{nth}")


def play(made: Grounds, case: Case) -> Result:
    """Acts, pulls the plug, lets fresh processes go on, and judges."""
    start = time.monotonic()
    with ground(made, case.database, case.transport) as here:
        trouble = []
        killed = _crash(here, case)
        reached = killed == -signal.SIGKILL
        if not reached and case.plug.endswith("#1"):
            trouble.append(f"did not come to {case.plug}: exit code {killed}")
        if not here.recover():
            trouble.append("did not come to rest")
        verdict = here.judge()
    trouble += verdict.lost + verdict.doubled
    if verdict.duplicate_mails > _mails_in_flight(case):
        trouble.append(f"{verdict.duplicate_mails} duplicate mails")
    return Result(case, verdict, time.monotonic() - start, reached, trouble)


def _mails_in_flight(case: Case) -> int:
    """How many mails the death can catch between effect and mark.

    The embedded worker sends them from a thread of its own: that one may be there while another pulls the plug.
    """
    beside = case.transport == "embedded" and not case.point.endswith("@chaos_mail")
    return int(case.role == "worker" and (beside or case.point.partition("@")[0] in SENT_NOT_MARKED))


def _crash(here: Ground, case: Case) -> int:
    """The exit code of the process that was to die. A web process that died is followed by a healthy one."""
    if case.role == "web":
        killed = here.finish("web", count=ACTS, plug=case.plug)
        here.finish("web", first=100, count=2, linger=0.1)
        return killed
    here.finish("web", count=ACTS, linger=0.1)
    worker = here.start("worker", plug=case.plug)
    until(lambda: worker.exitcode is not None, 90)
    died = worker.exitcode
    worker.kill()
    worker.join()
    return died or 0
