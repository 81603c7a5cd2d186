"""A second course of the same content."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.core.clock import now
from app.core.db import db, transaction
from app.courses.actions import duplicate_course
from app.courses.events import CourseCreated, LessonAdded
from app.courses.models import (
    Course,
    CourseStatus,
    Lesson,
    LessonImage,
    Media,
    ProgressMode,
    Section,
    Tag,
    Visibility,
)
from app.courses.queries import outline
from app.enrollments.models import Enrollment
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person


def test_a_copy_has_all_that_is_said_and_taught_and_none_of_the_people(app: Flask) -> None:
    said = {
        "short_description": "Ringkas", "description": "Panjang", "objectives": ["Bisa"], "prerequisites": ["Mau"],
        "visibility": Visibility.RESTRICTED, "difficulty": "advanced", "progress_mode": ProgressMode.WEIGHTED,
        "manual_duration_minutes": 90, "category_id": make.category().id,
    }  # fmt: skip
    course = make.course(title="Dasar K3", lessons=2, rating_count=1, rating_sum=5, **said)
    make.section(course, title="Masih kosong")
    make.enrollment(into=course)
    admin = make.admin()
    copy = duplicate_course(course, actor=admin)
    assert (copy.title, copy.slug) == ("Salinan Dasar K3", "salinan-dasar-k3")
    assert (copy.status, copy.published_at, copy.submitted_at) == (CourseStatus.DRAFT, None, None)
    assert (copy.owner_id, copy.active_enrollments_count, copy.rating_count) == (admin.id, 0, 0)
    assert {name: getattr(copy, name) for name in said} == said
    assert copy.public_id != course.public_id
    assert _told(copy) == _told(course) == [("Bab 1", ["Materi 1", "Materi 2"]), ("Masih kosong", [])]
    assert db.session.scalars(select(Enrollment).where(Enrollment.course_id == copy.id)).all() == []
    assert_stated(CourseCreated, course_id=copy.id, title="Salinan Dasar K3")
    assert_stated(LessonAdded, times=2, course_id=copy.id)


def _told(course: Course) -> list[tuple[str, list[str]]]:
    return [(each.title, [lesson.title for lesson in each.lessons]) for each in outline(course).sections]


def test_files_pictures_and_tags_are_shared(app: Flask) -> None:
    course = make.course(lessons=0)
    paper, picture = make.media(), make.media()
    lesson = make.lesson(course, kind="document", media_id=paper.id, data={"a": 1})
    with transaction() as session:
        session.add(LessonImage(lesson_id=lesson.id, media_id=picture.id))
        course.tags = [Tag(slug="k3", name="K3")]
    copy = duplicate_course(course, actor=course.owner)
    (same,) = make.lessons_of(copy)
    assert (same.media_id, same.kind, same.data, same.body) == (paper.id, "document", {"a": 1}, lesson.body)
    shown = select(LessonImage.media_id).where(LessonImage.lesson_id == same.id)
    assert db.session.scalars(shown).all() == [picture.id]
    assert [tag.name for tag in copy.tags] == ["K3"]
    assert len(db.session.scalars(select(Media)).all()) == 2


def test_a_course_of_100_lessons_is_copied_within_five_seconds(app: Flask) -> None:
    course = make.course(lessons=0)
    with transaction() as session:
        for place in range(1, 11):
            section = Section(title=f"Bab {place}", position=place, course_id=course.id)
            section.lessons = [
                Lesson(title=f"Materi {number}", kind="text", body="Isi. " * 500, position=number)
                for number in range(1, 11)
            ]
            session.add(section)
    person = Person(app).logs_in(str(course.owner.email)).opens(f"/kelola/kursus/{course.slug}/terbit")
    begun = time.perf_counter()
    person.submits("Salin kursus")
    assert time.perf_counter() - begun < 5
    assert person.status == 200
    (copy,) = stated(CourseCreated)
    assert len(make.lessons_of(db.session.get_one(Course, copy.course_id))) == 100


def test_what_is_deleted_is_not_copied_and_the_places_close_up(app: Flask) -> None:
    course = make.course(lessons=3)
    gone = make.lessons_of(course)[1]
    with transaction():
        db.session.get_one(Lesson, gone.id).deleted_at = now()
    make.section(course, title="Dibuang", deleted_at=now())
    copy = duplicate_course(course, actor=course.owner)
    assert [(each.title, each.position) for each in make.lessons_of(copy)] == [("Materi 1", 1), ("Materi 3", 2)]
    assert len(copy.sections) == 1


def test_the_longest_title_can_be_copied_twice(app: Flask) -> None:
    course = make.course(title="x" * 255, slug="x" * 200)
    titles = {duplicate_course(each, actor=course.owner).title for each in (course, course)}
    assert titles == {("Salinan " + "x" * 255)[:255]}


def test_an_author_copies_an_own_course_even_while_it_is_published(app: Flask) -> None:
    author = make.user(Role.TRAINER)
    course = make.course(owner=author, title="Dasar K3", slug="dasar-k3")
    person = Person(app).logs_in(author.email).opens(f"/kelola/kursus/{course.slug}/terbit").submits("Salin kursus")
    assert person.path == "/kelola/kursus/salinan-dasar-k3"
    assert person.sees("Asesmen dan bank soal tidak ikut disalin.")


@pytest.mark.parametrize("role", [Role.TRAINER, Role.CONTENT_MANAGER])
def test_nobody_copies_a_foreign_course(app: Flask, role: Role) -> None:
    make.course(slug="dasar-k3")
    person = Person(app).logs_in(make.user(role).email).opens("/kelola/kursus")
    form = next(form for form in person.forms if "Buat kursus" in form.buttons)
    form.action = "/kelola/kursus/dasar-k3/salin"
    assert person.submits("Buat kursus").status == 404
    assert stated(CourseCreated) == []
