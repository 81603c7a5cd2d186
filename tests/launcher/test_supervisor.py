"""What the launcher promises about its children, with trivial ones."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from launcher import supervisor
from tests.launcher.processes import lives, running, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SUPERVISE = """
import signal, sys
from launcher.supervisor import Child, keep
signal.signal(signal.SIGHUP, signal.SIG_DFL)
children = [Child(f"Anak {place}", [sys.executable, "-c", code]) for place, code in enumerate(sys.argv[1:])]
keep(children, lambda line: print(line, flush=True), lambda: None)
"""
SLEEPS = "time.sleep(60)"
IS_STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('stubborn', flush=True); time.sleep(60)"
)
Pids = Callable[[], list[int]]
ChildThat = Callable[[str], str]


@pytest.fixture
def pids(tmp_path: Path) -> Pids:
    """The process numbers that children have noted, oldest first."""
    (tmp_path / "pids").touch()
    return lambda: [int(line) for line in (tmp_path / "pids").read_text().split()]


@pytest.fixture
def child_that(tmp_path: Path) -> ChildThat:
    """The code of a child that notes its process number, then does what is said."""
    path = str(tmp_path / "pids")
    return lambda code: f"import os, time; open({path!r}, 'a').write(f'{{os.getpid()}}\\n'); {code}"


@pytest.fixture
def said(tmp_path: Path) -> Callable[[], str]:
    """What the launcher and its children have printed."""
    return lambda: (tmp_path / "out").read_text()


@pytest.fixture
def supervise(tmp_path: Path) -> Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]:
    """A launcher that keeps these children."""
    return lambda *children: running([sys.executable, "-c", SUPERVISE, *children], tmp_path / "out")


def test_a_killed_child_is_started_again(supervise, pids: Pids, child_that: ChildThat, said) -> None:
    with supervise(child_that(SLEEPS)):
        until(pids)
        os.kill(pids()[0], signal.SIGKILL)
        until(lambda: len(pids()) == 2)
        assert lives(pids()[1])
    assert "Anak 0 berhenti (sinyal 9); dijalankan lagi dalam 0,5 detik." in said()


def test_the_pause_before_a_restart_grows(supervise, child_that: ChildThat, said) -> None:
    with supervise(child_that("raise SystemExit(3)")):
        until(lambda: said().count("kode 3") == 3)
    assert re.findall(r"dalam ([\d,]+) detik", said()) == ["0,5", "1", "2"]


def test_a_child_that_cannot_start_is_tried_again(tmp_path: Path, said) -> None:
    code = SUPERVISE.replace("sys.executable, ", "'/nowhere', ")
    with running([sys.executable, "-c", code, ""], tmp_path / "out"):
        until(lambda: said().count("No such file") == 2)


@pytest.mark.parametrize("asked_by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_a_child_has_started_ends_with_it(supervise, pids: Pids, child_that: ChildThat, asked_by: int) -> None:
    start = f"subprocess.Popen([sys.executable, '-c', {child_that(SLEEPS)!r}])"
    with supervise(child_that(f"import subprocess, sys; {start}; {SLEEPS}")) as launcher:
        until(lambda: len(pids()) == 2)
        launcher.send_signal(asked_by)
        assert launcher.wait(60) == 0
        until(lambda: not any(map(lives, pids())), 2)


def test_nohup_is_respected(tmp_path: Path, pids: Pids, child_that: ChildThat, said) -> None:
    code = SUPERVISE.replace("SIG_DFL", "SIG_IGN")
    with running([sys.executable, "-c", code, child_that(SLEEPS), child_that(SLEEPS)], tmp_path / "out") as launcher:
        until(lambda: len(pids()) == 2)
        launcher.send_signal(signal.SIGHUP)
        os.kill(pids()[0], signal.SIGKILL)
        until(lambda: len(pids()) == 3)
        assert "Menghentikan" not in said()


def test_a_stubborn_child_does_not_hold_up_the_end(supervise, pids: Pids, child_that: ChildThat, said) -> None:
    with supervise(child_that(IS_STUBBORN), child_that(SLEEPS)) as launcher:
        until(lambda: len(pids()) == 2 and "stubborn" in said())
        launcher.terminate()
        assert launcher.wait(60) == 0
        assert not any(map(lives, pids()))
    assert supervisor.GRACE_SECONDS + supervisor.LAST_GRACE_SECONDS < 10


def test_a_second_ctrl_c_ends_at_once(supervise, pids: Pids, child_that: ChildThat, said) -> None:
    with supervise(child_that(IS_STUBBORN)) as launcher:
        until(lambda: "stubborn" in said())
        launcher.send_signal(signal.SIGINT)
        until(lambda: "Menghentikan" in said())
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(60) == 0
        assert not any(map(lives, pids()))


def test_no_child_outlives_a_launcher_that_is_killed(supervise, pids: Pids, child_that: ChildThat, said) -> None:
    with supervise(child_that(IS_STUBBORN), child_that(SLEEPS)) as launcher:
        until(lambda: len(pids()) == 2 and "stubborn" in said())
        launcher.kill()
        until(lambda: not any(map(lives, pids())), 5)
