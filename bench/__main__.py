"""`python -m bench [--kernel] [--pages] [--exam] [--quick] [--gate]`: prints every bar and what was measured."""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench import timing
from bench.exam import run as exam
from bench.kernel import run as kernel
from bench.pages import run as pages
from bench.table import Row, show


def main() -> None:
    """Exits with 1 when a ratio to the floor is 15 % above its bar; with `--gate` when any bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--kernel", action="store_true", help="only the event kernel")
    parser.add_argument("--pages", action="store_true", help="only the pages")
    parser.add_argument("--exam", action="store_true", help="only the exam day")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows")
    parser.add_argument("--gate", action="store_true", help="exit with 1 when a bar is not met")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    everything = not (options.kernel or options.pages or options.exam)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as name:
        folder = Path(name)
        if options.kernel or everything:
            rows += _report("The event kernel", kernel.measure(folder / "kernel", quick=options.quick))
        if options.pages or everything:
            rows += _report("The pages", pages.measure(folder / "pages", quick=options.quick))
        if options.exam or everything:
            rows += _report("The exam day", exam.measure(folder / "exam", quick=options.quick))
    if any(row.fails or (options.gate and row.met is False) for row in rows):
        raise SystemExit(1)


def _report(title: str, measured: Iterable[Row]) -> list[Row]:
    started = time.monotonic()
    print(f"{title}: {timing.load()}", flush=True)
    rows = []
    for row in measured:
        rows.append(row)
        print(f"  {row.where}: {row.what}: {row.measured}", flush=True)
    show(title, rows)
    print(f"\n{time.monotonic() - started:.0f} s, {timing.load()}; {sum(row.met is False for row in rows)} not met")
    return rows


if __name__ == "__main__":
    main()
