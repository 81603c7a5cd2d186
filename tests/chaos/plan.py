"""What one act must lead to: known to the processes that do it and to the oracle that looks afterwards."""

from __future__ import annotations

from pathlib import Path

ALWAYS = ("did", "inline", "queued", "followed", "echoed", "batched", "rated", "timed")

FACTS = ("chaos.acted", "chaos.followed", "chaos.echoed")


def stumbles_inline(number: int) -> bool:
    """Whether an inline receiver fails on its first try."""
    return number % 3 == 0


def stumbles_queued(number: int) -> bool:
    """Whether a queued receiver fails on its first try."""
    return number % 3 == 1


def is_hopeless(number: int) -> bool:
    """Whether a receiver fails on all its tries."""
    return number % 4 == 0


def effects_of(number: int) -> set[str]:
    """The database effects of that act, each of which must stand there once."""
    wanted = set(ALWAYS)
    if stumbles_inline(number):
        wanted.add("stumbled_inline")
    if stumbles_queued(number):
        wanted.add("stumbled_queued")
    if is_hopeless(number):
        wanted.add("given_up")
    return wanted


def acknowledged(folder: Path) -> set[int]:
    """The acts that returned before their process died. A torn last line does not count: nobody was told."""
    numbers: set[int] = set()
    for path in folder.glob("ack-*"):
        lines = path.read_text().splitlines(keepends=True)
        numbers.update(int(line) for line in lines if line.endswith("\n"))
    return numbers


def mailed(folder: Path) -> list[int]:
    """What reached the outside world, in order, with its repetitions."""
    path = folder / "mailed"
    return [int(line) for line in path.read_text().split()] if path.exists() else []
