"""`python -m tests.chaos`: every fault on every configuration; exits with 1 if anything was lost or doubled."""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos import matrix, outages, recovery
from tests.chaos.ground import DATABASES, TRANSPORTS, Grounds, grounds
from tests.chaos.oracle import Verdict
from tests.chaos.soak import soak


@dataclass
class Score:
    """The sum of a run; `trouble` also holds what is neither lost nor doubled but not as it must be."""

    faults: int = 0
    lost: int = 0
    doubled: int = 0
    mails: int = 0
    trouble: list[str] = field(default_factory=list)

    def add(self, name: str, verdict: Verdict, trouble: Iterable[str], faults: int = 1) -> None:
        self.faults += faults
        self.lost += len(verdict.lost)
        self.doubled += len(verdict.doubled)
        self.mails += verdict.duplicate_mails
        self.trouble += [f"{name}: {each}" for each in trouble]

    def __str__(self) -> str:
        return f"{self.faults} faults, {self.lost} lost, {self.doubled} doubled, {self.mails} duplicate mails"


def main() -> int:
    wanted = _arguments()
    databases = ("sqlite",) if wanted.quick else DATABASES
    score = Score()
    with tempfile.TemporaryDirectory(prefix="tuntas-chaos-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with grounds(Path(name), databases) as made, ThreadPoolExecutor(wanted.jobs) as pool:
            together = functools.partial(_each, pool)
            if "matrix" in wanted.only:
                _crash(made, score, together, databases, (1,) if wanted.quick else (1, 2))
            if "outages" in wanted.only:
                _cut_off(made, score, databases)
            if "recovery" in wanted.only and not wanted.quick:
                _time_recovery(made, score, together, databases)
            if "soak" in wanted.only:
                _soak(made, score, databases, wanted.seconds or (10 if wanted.quick else 60), wanted.seed)
    for each in score.trouble:
        print(f"TROUBLE  {each}")
    print(score)
    return 1 if score.lost or score.doubled or score.trouble else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample: SQLite, every point once, soaks of 10 s")
    parser.add_argument("--seconds", type=float, help="of each soak (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the random kills")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="cases at a time")
    parts = ("matrix", "outages", "recovery", "soak")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="these parts")
    return parser.parse_args()


def _each(pool: ThreadPoolExecutor, play: Callable[..., Any], things: Iterable[tuple[Any, ...]]) -> Iterable[Any]:
    return pool.map(lambda each: play(*each), things)


def _crash(
    made: Grounds, score: Score, together: Callable[..., Any], databases: tuple[str, ...], times: tuple[int, ...]
) -> None:
    """A line a point: how it went in every configuration that reaches it."""
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for result in together(matrix.play, ((made, case) for case in matrix.cases(databases, times))):
        case = result.case
        score.add(str(case), result.verdict, result.trouble, faults=int(result.reached))
        if result.trouble:
            print(f"{case}: {result.trouble[:3]}", file=sys.stderr)
        cell = lines.setdefault((case.role, case.point), {})
        column = f"{case.database}/{case.transport}"
        mark = "FAILED" if result.trouble else ("ok" if result.reached else "·") + "+" * result.verdict.duplicate_mails
        cell[column] = f"{cell[column]} {mark}" if column in cell else mark
    columns = [f"{database}/{transport}" for database in databases for transport in TRANSPORTS]
    print(
        f"{'kill -9 at':38}"
        + "".join(f"{column:20}" for column in columns)
        + "(+ a mail went out twice, · not reached again)"
    )
    for (role, point), cell in sorted(lines.items()):
        print(f"{role:7}{point:31}" + "".join(f"{cell.get(column, '–'):20}" for column in columns))
    for (role, transport), reasons in matrix.UNREACHED.items():
        for point, reason in reasons.items():
            print(f"not reached by {role}/{transport}: {point}: {reason}")


def _cut_off(made: Grounds, score: Score, databases: tuple[str, ...]) -> None:
    for database, name in itertools.product(databases, outages.OUTAGES):
        if database not in outages.OUTAGES[name][1]:
            continue
        result = outages.play(made, database, name)
        score.add(f"{name} ({database})", result.verdict, result.trouble)
        print(
            f"{name}, {database}: {result.verdict.acknowledged} of {outages.ACTS} acts, "
            f"a ring took {result.ring_ms[0]:.3f} ms, at most {result.ring_ms[1]:.1f} (the first starts the courier); "
            f"at rest after {result.healed_in:.1f} s; {result.verdict.duplicate_mails} duplicate mails"
        )


def _time_recovery(made: Grounds, score: Score, together: Callable[..., Any], databases: tuple[str, ...]) -> None:
    wanted = [(made, *each) for each in itertools.product(databases, TRANSPORTS, ("web", "worker"))]
    for result in together(recovery.measure, wanted):
        name = f"kill -9 of a {result.role}, {result.database}/{result.transport}"
        late = [f"took {result.seconds:.1f} s"] if result.seconds > recovery.BAR else []
        score.add(name, result.verdict, result.verdict.lost + result.verdict.doubled + late)
        print(f"{name}: everything done after {result.seconds:.1f} s (bar {recovery.BAR:g} s)")


def _soak(made: Grounds, score: Score, databases: tuple[str, ...], seconds: float, seed: int) -> None:
    for number, (database, transport) in enumerate(itertools.product(databases, TRANSPORTS)):
        result = soak(made, database, transport, seconds, seed + number)
        verdict = result.verdict
        score.add(f"soak {database}/{transport}", verdict, result.trouble, result.faults)
        print(
            f"soak {database}/{transport}, {seconds:g} s: {verdict.acknowledged} acts acknowledged, "
            f"{verdict.unacknowledged} done but not, {result.refused} refused; killed {result.killed['web']} web and "
            f"{result.killed['worker']} worker; {len(verdict.lost)} lost, {len(verdict.doubled)} doubled, "
            f"{verdict.duplicate_mails} duplicate mails; an act {result.act_ms[0]:.0f} ms, p95 {result.act_ms[1]:.0f}; "
            f"at rest after {result.settled_in:.1f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
