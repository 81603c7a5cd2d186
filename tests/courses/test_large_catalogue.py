"""A catalogue of a thousand courses: as many statements as one of a few."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.clock import now
from app.core.db import db, transaction
from app.courses.models import Course, CourseStatus
from app.courses.search import index_course
from tests import make
from tests.pages import Person
from tests.statements import statements

ADDRESSES = [
    "/kursus",
    "/kursus?q=keselamatan",
    "/kursus?q=keselamatan+kerja+50%25&urut=ulasan",
    "/kursus?q=%25",
    "/kursus?kategori=utama&tag=k3&tingkat=pemula&urut=populer",
    "/kursus?halaman=40",
]


def fill(courses: int) -> None:
    """Published courses in two categories, one below the other, each with a section, a lesson and words to find."""
    owner, above = make.user(), make.category(slug=f"utama{'' if courses > 1 else '-1'}")
    category = make.category(parent_id=above.id)
    with transaction() as session:
        rows = [
            Course(
                owner_id=owner.id, title=f"Keselamatan kerja {number}", slug=f"banyak-{courses}-{number}",
                category_id=category.id, short_description="Untuk bengkel, 50% praktik",
                description="Kerja yang aman. " * 20,
                status=CourseStatus.PUBLISHED, published_at=now(), rating_count=number % 5, rating_sum=number % 5 * 4,
            )
            for number in range(courses)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        for row in rows:
            index_course(row.id)


@pytest.mark.parametrize("signed", [False, True])
def test_a_thousand_courses_cost_as_many_statements_as_one(app: Flask, signed: bool) -> None:
    person = Person(app)
    if signed:
        person.logs_in(str(make.user().email))
    counts: list[list[int]] = []
    for courses in (1, 1_000):
        fill(courses)
        person.opens("/kursus")
        db.session.rollback()
        counts.append([])
        for address in ADDRESSES:
            with statements() as seen:
                assert person.client.get(address).status_code == 200
            counts[-1].append(len(seen))
    assert person.opens("/kursus?q=keselamatan&halaman=84").sees("1.001 kursus")
    assert counts[0] == counts[1]
    assert max(counts[1]) <= (8 if signed else 6), counts
