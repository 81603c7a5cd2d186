"""Keeps child processes alive, and ends them together. It knows nothing of Tuntas; standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

TICK = 0.1
GRACE_SECONDS = 8.5
"""What a child gets between SIGTERM and SIGKILL: a little more than gunicorn gives to open requests."""
STEADY_SECONDS = 30
"""A child that has run for this long is well again: its next fall is its first."""
LAST_GRACE_SECONDS = 0.8
LONGEST_PAUSE = 5.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A command that shall run for as long as we do.

    `last`: it ends after the others, which still need it. `start_at`: not before this moment of the monotonic clock.
    """

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    last: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    falls: int = 0


def die_with(parent: int) -> None:
    """Makes the kernel kill this process when `parent` dies, however that happens. Linux only; harmless elsewhere."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)


def run(command: Sequence[str]) -> int:
    """Runs the command to its end and answers its exit code."""
    with _popen(command) as process:
        try:
            return process.wait()
        except BaseException:
            process.kill()
            raise


def start(child: Child) -> None:
    """Starts the child. Raises OSError when it cannot start."""
    child.started_at = time.monotonic()
    child.process = _popen(child.command, child.pass_fds)


def _popen(command: Sequence[str], pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """In a session of its own, so that a Ctrl+C reaches us alone; it dies with us."""
    return subprocess.Popen(
        command,
        pass_fds=pass_fds,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(die_with, os.getpid()),
    )


def keep(children: Sequence[Child], say: Callable[[str], None], tick: Callable[[], None]) -> None:
    """Starts the children, restarts those that end, and calls `tick` ten times a second.

    SIGTERM, SIGINT or SIGHUP ends them all, within 10 s; a second one at once.
    """
    asked: list[int] = []
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:  # nohup
            signal.signal(each, lambda number, _frame: asked.append(number))
    while not asked:
        for child in children:
            _look_after(child, say)
        tick()
        time.sleep(TICK)
    say("Menghentikan Tuntas …")
    end([child for child in children if not child.last], asked)
    end([child for child in children if child.last], asked, LAST_GRACE_SECONDS)


def end(children: Sequence[Child], asked: Sequence[int] = (), seconds: float = GRACE_SECONDS) -> None:
    """SIGTERM to each child; after `seconds`, or when `asked` counts a second time, SIGKILL to its whole group."""
    running = [child for child in children if child.process is not None]
    for child in running:
        _terminate(child)
    deadline = time.monotonic() + seconds
    while running and time.monotonic() < deadline and len(asked) < 2:
        time.sleep(TICK / 2)
        running = [child for child in running if _exit_code(child) is None]
    for child in running:
        _kill(child)


def _look_after(child: Child, say: Callable[[str], None]) -> None:
    if child.process is not None:
        code = _exit_code(child)
        if code is not None:
            _plan_restart(child, _reason(code), say)
    elif time.monotonic() >= child.start_at:
        try:
            start(child)
        except OSError as error:
            _plan_restart(child, str(error), say)


def _plan_restart(child: Child, reason: str, say: Callable[[str], None]) -> None:
    """0.5 s after the first fall, then twice as long each time, up to 5 s."""
    now = time.monotonic()
    if now - child.started_at >= STEADY_SECONDS:
        child.falls = 0
    pause = min(0.5 * 2**child.falls, LONGEST_PAUSE)
    child.falls += 1
    child.start_at = now + pause
    seconds = f"{pause:g}".replace(".", ",")
    say(f"{child.name} berhenti ({reason}); dijalankan lagi dalam {seconds} detik.")


def _exit_code(child: Child) -> int | None:
    """None while it runs. What an ended child leaves behind in its group is killed."""
    code = child.process.poll() if child.process else 0
    if code is not None:
        _kill(child)
    return code


def _terminate(child: Child) -> None:
    if child.process:
        child.process.terminate()


def _kill(child: Child) -> None:
    """SIGKILL to the child and all it has started."""
    if child.process:
        with suppress(ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        child.process = None


def _reason(code: int) -> str:
    return f"kode {code}" if code >= 0 else f"sinyal {-code}"
