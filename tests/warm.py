"""Processes that start in milliseconds, not in seconds: forked from a small server that has imported the app once."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.preload"])


def start(target: Callable[..., object], *arguments: Any) -> ForkServerProcess:
    """Calls it in a process of its own, in the background."""
    process = _processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def start_module(
    name: str, *arguments: str, environment: Mapping[str, str], log: Path | None = None
) -> ForkServerProcess:
    """`python -m name arguments` in the project's folder, with that environment; what it says goes to `log`."""
    return start(_run_module, name, arguments, dict(environment), log)


def _run_module(name: str, arguments: tuple[str, ...], environment: dict[str, str], log: Path | None) -> None:
    if log:
        file = os.open(log, os.O_WRONLY | os.O_CREAT, 0o644)
        os.dup2(file, 1)
        os.dup2(file, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def ended(process: ForkServerProcess, seconds: float) -> int:
    """The exit code, after at most that long; a process that does not end is killed and fails the case."""
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"{process.name} did not end within {seconds} s")
    return process.exitcode


def stop(process: ForkServerProcess) -> None:
    process.terminate()
    ended(process, 20)
