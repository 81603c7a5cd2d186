"""The demo school as it stands in `app/demo/school/`: plain TOML and Markdown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHOOL = Path(__file__).parent / "school"

FRONT = ("keselamatan-kerja-dasar", "pembukuan-umkm", "layanan-prima")
"""The courses that a visitor sees first."""


@dataclass(frozen=True)
class LessonText:
    """A lesson's own table of `course.toml`, and the Markdown that it names."""

    settings: dict[str, Any]
    text: str


def institution() -> dict[str, Any]:
    """The fields of `core.settings.Institution`."""
    return {name: value for name, value in _table("institution.toml").items() if name != "address"}


def categories() -> list[dict[str, str]]:
    """`slug`, `name` and `description` of each, in order; `parent` is the slug of one that came before."""
    found: list[dict[str, str]] = _table("categories.toml")["categories"]
    return found


def staff() -> list[dict[str, str]]:
    """The four named accounts: `key`, `name`, `email`, `role`."""
    found: list[dict[str, str]] = _table("people.toml")["staff"]
    return found


def learners() -> list[dict[str, str]]:
    """`name`, `username`, and for most `email` and `timezone`."""
    found: list[dict[str, str]] = _table("people.toml")["learners"]
    return found


def newcomers() -> list[dict[str, str]]:
    """`name`, `username` and maybe `timezone` of people who have not signed in yet."""
    found: list[dict[str, str]] = _table("people.toml")["newcomers"]
    return found


def courses() -> list[dict[str, Any]]:
    """The tables of all `course.toml`, the ones at the front last, so that they are the newest."""
    folders = [path.name for path in sorted((SCHOOL / "courses").iterdir()) if path.name not in FRONT]
    return [_table(f"courses/{name}/course.toml") | {"folder": name} for name in [*folders, *reversed(FRONT)]]


def assessments() -> dict[str, dict[str, Any]]:
    """The folder of a course → the fields of its assessment, with `questions`."""
    return {each["course"]: each for each in _table("assessments.toml")["assessments"]}


def reviews() -> list[dict[str, Any]]:
    """`course` (its title), `rating` and maybe `text` of each, in the order in which they are written."""
    found: list[dict[str, Any]] = _table("reviews.toml")["reviews"]
    return found


def lesson(course: dict[str, Any], settings: dict[str, Any]) -> LessonText:
    """The lesson with its text; a video has only its note."""
    text = ""
    if "file" in settings:
        text = (SCHOOL / "courses" / course["folder"] / settings["file"]).read_text()
    return LessonText(settings, text)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((SCHOOL / name).read_text())
