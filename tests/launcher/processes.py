"""Real processes: started for a test, looked at through /proc, and gone after it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = {"PATH", "HOME", "LANG", "TMPDIR"}


@contextmanager
def running(command: list[str], output: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process, in its own plain environment, with what it says in `output`. It is gone after the block."""
    kept = {key: value for key, value in os.environ.items() if key in KEPT}
    with output.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=kept | environment
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def lives(pid: int) -> bool:
    """Whether the process is there and not only a zombie that nobody has collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def offspring(pid: int) -> dict[int, str]:
    """The command lines of all living descendants, by process number."""
    found: dict[int, str] = {}
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return found
    for child in map(int, children):
        if lives(child):
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
            found |= offspring(child)
    return found
