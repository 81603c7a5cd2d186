"""Which part of an outline a page lists: all of a short one, and of a long one what lies around one lesson.

So a page costs a phone no more bytes however long the course is, and every lesson is a few links away without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.progress.queries import StudyLesson, StudyOutline, StudySection

MOST = 20
"""So many lessons, and so many sections, are listed at once: a lesson page has 15 KB beside its content."""

T = TypeVar("T")


@dataclass(frozen=True)
class ListedSection:
    """A section: its head alone, or open with `lessons`; `earlier` and `later` are those of it that are not listed."""

    number: int
    section: StudySection
    lessons: Sequence[StudyLesson] = ()
    earlier: Sequence[StudyLesson] = ()
    later: Sequence[StudyLesson] = ()

    @property
    def is_open(self) -> bool:
        return bool(self.lessons)


@dataclass(frozen=True)
class Listing:
    """The listed sections in their order; `earlier` and `later` are those that are not even listed as heads."""

    sections: Sequence[ListedSection]
    earlier: Sequence[StudySection] = ()
    later: Sequence[StudySection] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every lesson of the course is listed."""
        return all(each.is_open and not each.earlier and not each.later for each in self.sections)


def listed(outline: StudyOutline, lesson_id: int | None, most: int = MOST) -> Listing:
    """The whole outline when it has no more than `most` lessons; else the heads of the sections around the lesson, and
    its own section open with what stands around it. A lesson that is not in the outline counts as its first."""
    numbered = list(enumerate(outline.sections, 1))
    if outline.total <= most:
        return Listing([ListedSection(number, section, section.lessons) for number, section in numbered])
    home, place = _place(outline, lesson_id)
    earlier, near, later = _around(numbered, home, most)
    return Listing(
        [
            _opened(number, section, place, most) if number == home + 1 else ListedSection(number, section)
            for number, section in near
        ],
        earlier=[section for _number, section in earlier],
        later=[section for _number, section in later],
    )


def _opened(number: int, section: StudySection, place: int, most: int) -> ListedSection:
    earlier, near, later = _around(section.lessons, place, most)
    return ListedSection(number, section, near, earlier, later)


def _place(outline: StudyOutline, lesson_id: int | None) -> tuple[int, int]:
    """Which section it is, and which lesson there; both count from 0."""
    for home, section in enumerate(outline.sections):
        for place, lesson in enumerate(section.lessons):
            if lesson.id == lesson_id:
                return home, place
    return 0, 0


def _around(items: Sequence[T], place: int, most: int) -> tuple[Sequence[T], Sequence[T], Sequence[T]]:
    """What lies before, within and behind a window of `most` with the place in its middle, as far as the ends allow."""
    start = max(0, min(place - most // 2, len(items) - most))
    return items[:start], items[start : start + most], items[start + most :]
