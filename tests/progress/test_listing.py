"""What a page lists of an outline: a short one whole, of a long one a part from which every lesson is reached."""

from __future__ import annotations

import pytest

from app.progress.listing import MOST, Listing, listed
from app.progress.queries import StudyLesson, StudyOutline, StudySection


def outline(*sizes: int) -> StudyOutline:
    """Sections of so many lessons, numbered from 1 on through the course."""
    number, sections = 0, []
    for place, size in enumerate(sizes):
        lessons = []
        for _ in range(size):
            number += 1
            lessons.append(StudyLesson(number, place, f"Bab {place}", f"Materi {number}", "text", 5, True, False, None))
        sections.append(StudySection(f"Bab {place}", tuple(lessons)))
    return StudyOutline(tuple(sections))


def ways_on(listing: Listing) -> set[int]:
    """The lessons around which the links of the listing lead."""
    near = [*listing.earlier[-1:], *listing.later[:1], *(each.section for each in listing.sections if not each.is_open)]
    inner = [lesson for each in listing.sections for lesson in (*each.earlier[-1:], *each.later[:1])]
    return {each.lessons[0].id for each in near} | {each.id for each in inner}


def ids(listing: Listing) -> list[int]:
    return [lesson.id for each in listing.sections for lesson in each.lessons]


def test_a_short_course_is_listed_whole() -> None:
    listing = listed(outline(2, MOST - 2), None)
    assert listing.is_whole
    assert ids(listing) == list(range(1, MOST + 1))
    assert [each.number for each in listing.sections] == [1, 2]


def test_of_a_long_course_the_section_of_the_lesson_is_open() -> None:
    listing = listed(outline(10, 10, 10), 15)
    assert [each.is_open for each in listing.sections] == [False, True, False]
    assert ids(listing) == list(range(11, 21))
    assert not listing.is_whole


@pytest.mark.parametrize(("lesson", "first"), [(1, 1), (150, 140), (300, 281), (None, 1), (999, 1)])
def test_of_a_long_section_what_stands_around_the_lesson_is_listed(lesson: int | None, first: int) -> None:
    listing = listed(outline(300), lesson)
    assert ids(listing) == list(range(first, first + MOST))
    (section,) = listing.sections
    assert (len(section.earlier), len(section.later)) == (first - 1, 300 - MOST - first + 1)


@pytest.mark.parametrize("sizes", [(300,), (1,) * 300, (5,) * 60, (20,) * 15, (1, 270, *(1,) * 29), (10, 11)])
def test_the_list_is_bounded_and_leads_to_every_lesson(sizes: tuple[int, ...]) -> None:
    course, seen, waiting, asked = outline(*sizes), set(), [1], set()
    while waiting:
        around = waiting.pop()
        listing = listed(course, around)
        asked.add(around)
        seen |= set(ids(listing))
        assert around in ids(listing)
        assert len(ids(listing)) <= MOST
        assert len(listing.sections) <= MOST
        waiting += ways_on(listing) - asked - set(waiting)
    assert len(seen) == course.total
