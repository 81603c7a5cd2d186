"""Results as a plain table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VERDICTS = {True: "met", False: "NOT MET", None: ""}
TITLES = ("what", "where", "floor", "measured", "bar", "")


@dataclass(frozen=True)
class Row:
    """One bar. `met` is None for a figure that is there for information; `fails` ends the whole run with an error."""

    what: str
    where: str
    floor: str
    measured: str
    bar: str
    met: bool | None
    fails: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = "FAILS" if self.fails else VERDICTS[self.met]
        return (self.what, self.where, self.floor, self.measured, self.bar, verdict)


def show(title: str, rows: Sequence[Row]) -> None:
    """Prints the table."""
    lines = [TITLES, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def at_most(what: str, where: str, floor: float, measured: float, bar: float, unit: str) -> Row:
    """A row whose figure must not be above the bar."""
    return Row(what, where, _figure(floor, unit), _figure(measured, unit), f"≤ {_figure(bar, unit)}", measured <= bar)


def at_least(what: str, where: str, floor: float, measured: float, bar: float, unit: str) -> Row:
    """A row whose figure must not be below the bar."""
    return Row(what, where, _figure(floor, unit), _figure(measured, unit), f"≥ {_figure(bar, unit)}", measured >= bar)


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"
