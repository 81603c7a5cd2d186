"""What a package says: the two JSON files, read strictly and written in one way only."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from flask_babel import gettext as _

from app.courses.lessons.form import LONGEST_TEXT
from app.courses.models import Difficulty, ProgressMode, Visibility
from app.courses.packages.archive import ASSET, CONTENT, MANIFEST, MAX_ENTRIES, MAX_UNPACKED
from app.courses.packages.checks import (
    flag,
    line,
    many,
    maybe,
    named,
    one_of,
    read_json,
    record,
    text,
    whole,
    word,
)
from app.courses.packages.refusals import PackageRefused, odd

FORMAT, VERSION = "tuntas-course", 1
MAX_SECTIONS, MAX_LESSONS = 500, 2000


@dataclass(frozen=True)
class PackedLesson:
    """A lesson. `file` names an asset; pictures in `body` are named by their asset instead of an address."""

    title: str
    kind: str
    body: str
    data: dict[str, str]
    file: str | None
    minutes: int
    is_required: bool
    is_free_preview: bool


@dataclass(frozen=True)
class PackedSection:
    title: str
    lessons: tuple[PackedLesson, ...]


@dataclass(frozen=True)
class PackedCourse:
    """What a course teaches, and nothing of the people in it. `files` holds the name of every asset."""

    title: str
    short_description: str
    description: str
    objectives: tuple[str, ...]
    prerequisites: tuple[str, ...]
    difficulty: str
    visibility: str
    progress_mode: str | None
    manual_duration_minutes: int | None
    tags: tuple[str, ...]
    sections: tuple[PackedSection, ...]
    files: dict[str, str]

    @property
    def lessons(self) -> tuple[tuple[int, PackedLesson], ...]:
        """All lessons in order, each with the place of its section, counted from 0."""
        return tuple((place, lesson) for place, section in enumerate(self.sections) for lesson in section.lessons)


@dataclass(frozen=True)
class Listed:
    """A file of the package."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Shelf:
    """The category in which the course stood: another school may have none like it."""

    slug: str
    name: str


@dataclass(frozen=True)
class Manifest:
    """What lies in the package. `course` is the public id of the course it was made of."""

    course: str
    category: Shelf | None
    files: dict[str, Listed]
    format: str = FORMAT
    version: int = VERSION


_DIGEST = word(re.compile(r"[0-9a-f]{64}"))
_ASSET = word(ASSET)
_LESSON = record(
    PackedLesson,
    title=line(255, least=1),
    kind=line(20, least=1),
    body=text(LONGEST_TEXT),
    data=named(line(50), text(2000), 50),
    file=maybe(_ASSET),
    minutes=whole(1440),
    is_required=flag,
    is_free_preview=flag,
)
_COURSE = record(
    PackedCourse,
    title=line(255, least=1),
    short_description=text(500),
    description=text(LONGEST_TEXT),
    objectives=many(line(500), 100),
    prerequisites=many(line(500), 100),
    difficulty=one_of(*map(str, Difficulty)),
    visibility=one_of(*map(str, Visibility)),
    progress_mode=one_of(None, *map(str, ProgressMode)),
    manual_duration_minutes=maybe(whole(1_000_000)),
    tags=many(line(50, least=1), 10),
    sections=many(record(PackedSection, title=line(255, least=1), lessons=many(_LESSON, MAX_LESSONS)), MAX_SECTIONS),
    files=named(_ASSET, line(255), MAX_ENTRIES),
)
_FILE = word(re.compile(rf"{re.escape(CONTENT)}|{ASSET.pattern}"))
_MANIFEST = record(
    Manifest,
    format=one_of(FORMAT),
    version=one_of(VERSION),
    course=word(re.compile(r"[A-Za-z0-9_-]{16,32}")),
    category=maybe(record(Shelf, slug=line(100), name=line(100))),
    files=named(_FILE, record(Listed, sha256=_DIGEST, size=whole(MAX_UNPACKED)), MAX_ENTRIES),
)


def read_manifest(content: bytes) -> Manifest:
    """Raises PackageRefused, with a sentence of its own for a package that a newer Tuntas has made."""
    value = read_json(content, MANIFEST)
    version = value.get("version") if isinstance(value, dict) else None
    if type(version) is int and version > VERSION:
        raise PackageRefused(_("Paket ini dibuat oleh Tuntas yang lebih baru. Perbarui Tuntas di server Anda dulu."))
    manifest: Manifest = _MANIFEST(value, MANIFEST)
    named_apart = [name for name, file in manifest.files.items() if name != CONTENT and file.sha256 not in name]
    if named_apart or CONTENT not in manifest.files:
        raise odd(MANIFEST)
    return manifest


def read_course(content: bytes) -> PackedCourse:
    """Raises PackageRefused."""
    course: PackedCourse = _COURSE(read_json(content, CONTENT), CONTENT)
    if len(course.lessons) > MAX_LESSONS:
        raise odd(f"{CONTENT}.sections")
    return course


def written(thing: Manifest | PackedCourse) -> bytes:
    """The JSON file of it: equal things are equal bytes."""
    return json.dumps(asdict(thing), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
