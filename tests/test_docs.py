"""The documentation says what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def flask_says(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Runs a `flask` command in a process of its own, where no test has declared facts."""
    instance = tmp_path_factory.mktemp("docs")

    def run(*words: str) -> str:
        done = own_process("flask", "--app", "wsgi", *words, instance=instance)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def own_process(*words: str, instance: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": "/usr/bin", "INSTANCE": str(instance)},
    )  # fmt: skip


def test_the_pages_of_routes_and_events_are_what_the_code_declares(tmp_path: Path) -> None:
    done = own_process("docs", "--check", instance=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_every_setting_is_explained() -> None:
    # Whichever of its functions reads it: `_flag`, `_number`, `_choice` …
    read = set(re.findall(r'(?:environ\.get|\b_[a-z]+)\(\s*"([A-Z_0-9]+)"', (ROOT / "config.py").read_text()))
    assert {"EVENTS_POLL", "QUEUE", "MAIL_USE_TLS", "TRUSTED_HOSTS", "S3_BUCKET"} <= read
    explained = (ROOT / "README.md").read_text() + (ROOT / ".env.example").read_text()
    assert sorted(name for name in read if name not in explained) == []


def test_every_command_is_named(flask_says) -> None:  # type: ignore[no-untyped-def]
    documented = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    commands = re.findall(r"^  ([a-z-]+)", flask_says("--help").partition("Commands:")[2], re.M)
    own = [name for name in commands if name not in {"db", "limiter", "routes", "run", "shell"}]
    assert own
    assert [name for name in own if f"flask {name}" not in documented] == []


def test_every_make_target_is_named_in_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, re.M)
    helped = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert sorted(line.split()[0] for line in helped.splitlines()) == sorted(targets)


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", re.sub(r"`[^`\n]*`", "", page.read_text()))
        if not (page.parent / target).exists()
    ]
    assert broken == []
