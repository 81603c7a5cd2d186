"""Making, changing and publishing courses."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Role
from app.core import storage
from app.core.db import db, transaction
from app.courses import actions, queries
from app.courses.events import (
    CourseArchived,
    CourseCreated,
    CoursePublished,
    CourseUnpublished,
    CourseUpdated,
    LessonAdded,
    LessonDeleted,
    LessonRestored,
)
from app.courses.file_rules import FILE_RULES
from app.courses.file_types import WrongFile, plain_name, type_of
from app.courses.lessons import KINDS, kind_of
from app.courses.lessons.youtube import video_id
from app.courses.models import CourseStatus
from app.courses.queries import Missing, publish_checks
from app.courses.states import COURSE
from app.enrollments.models import EnrollmentStatus
from app.events import StateTransitioned, TransitionRefused
from tests import make
from tests.facts import assert_stated, stated
from tests.statements import statements

MOVES = {
    CourseStatus.PUBLISHED: actions.publish,
    CourseStatus.DRAFT: actions.unpublish,
    CourseStatus.ARCHIVED: actions.archive,
}


def test_a_new_course_is_a_draft_of_its_author(app: Flask) -> None:
    author = make.user(Role.TRAINER)
    course = actions.create_course("Dasar-Dasar K3!", actor=author, difficulty="advanced", objectives=["a"])
    assert (course.slug, course.status, course.owner_id) == ("dasar-dasar-k3", CourseStatus.DRAFT, author.id)
    assert (course.difficulty, course.objectives, course.prerequisites) == ("advanced", ["a"], [])
    assert_stated(CourseCreated, course_id=course.id, title="Dasar-Dasar K3!")


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Ekonomi & Usaha", "ekonomi-usaha"), ("Café", "cafe"), ("数学", "kursus"), ("x" * 255, "x" * 200)],
)
def test_an_address_is_made_of_the_title(app: Flask, title: str, slug: str) -> None:
    assert actions.create_course(title, actor=make.admin()).slug == slug


def test_one_title_twice_gets_two_addresses(app: Flask) -> None:
    author = make.admin()
    slugs = [actions.create_course("Kursus", actor=author).slug for _ in range(3)]
    assert slugs == ["kursus", "kursus-2", "kursus-3"]


def test_only_what_differs_is_stated_as_changed(app: Flask) -> None:
    course = make.course(published=False)
    actions.update_course(course, actor=course.owner, title=course.title, manual_duration_minutes=90)
    actions.update_course(course, actor=course.owner, manual_duration_minutes=90)
    assert_stated(CourseUpdated, course_id=course.id, changes={"manual_duration_minutes": 90})


def test_what_one_action_has_changed_is_not_read_over_by_the_next(app: Flask) -> None:
    course = make.course(published=False)
    with transaction():
        actions.set_tags(course, ["k3"], actor=course.owner)
        actions.update_course(course, actor=course.owner, title="Judul baru")
        actions.add_section(course, "Bab baru", actor=course.owner)
    db.session.expire_all()
    assert (course.title, [tag.name for tag in course.tags]) == ("Judul baru", ["k3"])


def test_sections_and_lessons_stand_in_the_order_in_which_they_came(app: Flask) -> None:
    course = make.course(lessons=0, published=False)
    for title in ("Satu", "Dua"):
        section = actions.add_section(course, title, actor=course.owner)
        for number in (1, 2):
            actions.add_lesson(section, title=f"{title} {number}", kind="text", minutes=5, actor=course.owner)
    found = queries.outline(course)
    assert [section.title for section in found.sections] == ["Satu", "Dua"]
    assert [(lesson.title, lesson.number) for lesson in found.lessons] == [
        ("Satu 1", 1), ("Satu 2", 2), ("Dua 1", 1), ("Dua 2", 2),
    ]  # fmt: skip
    assert_stated(LessonAdded, times=4, course_id=course.id, minutes=5, is_required=True)
    assert queries.duration_minutes(course) == 20


def test_the_outline_is_one_statement_however_long(app: Flask) -> None:
    short, long = make.course(lessons=1), make.course(lessons=30)
    for course in (short, long):
        course.id  # noqa: B018 - loaded before we count
        with statements() as seen:
            queries.outline(course)
        assert len(seen) == 1


def test_a_deleted_lesson_is_out_of_everything_and_can_come_back(app: Flask) -> None:
    course = make.course(lessons=2, published=False)
    lesson = make.lessons_of(course)[0]
    for _ in range(2):
        actions.delete_lesson(lesson, actor=course.owner)
    assert queries.lesson_of(course.id, lesson.id) is None
    assert [each.title for each in queries.outline(course).lessons] == ["Materi 2"]
    assert queries.duration_minutes(course) == 10
    for _ in range(2):
        actions.restore_lesson(lesson, actor=course.owner)
    assert queries.lesson_of(course.id, lesson.id) == lesson
    assert_stated(LessonDeleted, lesson_id=lesson.id)
    assert_stated(LessonRestored, lesson_id=lesson.id)


def test_a_lesson_of_another_course_is_not_found(app: Flask) -> None:
    mine, other = make.course(), make.course()
    assert queries.lesson_of(mine.id, make.lessons_of(other)[0].id) is None


@pytest.mark.parametrize("before", list(CourseStatus))
@pytest.mark.parametrize("after", list(CourseStatus))
def test_a_course_moves_only_where_it_is_declared(app: Flask, before: CourseStatus, after: CourseStatus) -> None:
    course, admin = make.course(status=before), make.admin()
    if after in COURSE[before]:
        MOVES[after](course, actor=admin)
        assert course.status == after
        assert_stated(StateTransitioned, aggregate_type="course", from_state=before, to_state=after)
    else:
        with pytest.raises(TransitionRefused):
            MOVES[after](course, actor=admin)
        assert stated(StateTransitioned) == []


def test_publishing_notes_who_and_when(app: Flask) -> None:
    course, admin = make.course(published=False), make.admin()
    actions.publish(course, actor=admin)
    assert course.published_by == admin.id
    assert course.published_at is not None
    assert_stated(CoursePublished, course_id=course.id, previous_status="draft", publisher_id=admin.id)


def test_unpublishing_and_archiving_tell_how_many_are_inside(app: Flask) -> None:
    course, admin = make.course(), make.admin()
    make.enrollment(into=course)
    make.enrollment(into=course, status=EnrollmentStatus.COMPLETED)
    actions.unpublish(course, actor=admin)
    actions.archive(course, actor=admin)
    assert_stated(CourseUnpublished, active_enrollments_count=1)
    assert_stated(CourseArchived, total_enrollments=2, completed_enrollments=1)


def test_what_is_missing_is_named_and_refuses_the_publication(app: Flask) -> None:
    course, admin = make.course(lessons=0, published=False), make.admin()
    assert [each.sentence for each in queries.missing_for_publishing(course)] == ["Kursus belum memiliki bab."]
    empty, full = make.section(course, title="Kosong"), make.section(course, title="Isi")
    bare = make.lesson(full, title="Tanpa isi", body=" ")
    assert queries.missing_for_publishing(course) == [
        Missing("Bab “Kosong” belum memiliki materi.", section_id=empty.id),
        Missing("Materi “Tanpa isi” belum memiliki isi.", section_id=full.id, lesson_id=bare.id),
    ]
    with pytest.raises(actions.NotReady, match="Kosong"):
        actions.publish(course, actor=admin)
    db.session.refresh(course)
    assert course.status == CourseStatus.DRAFT
    assert stated(CoursePublished) == []


def test_a_package_above_may_add_a_check(app: Flask) -> None:
    course = make.course(published=False)
    publish_checks.append(check := lambda course: [Missing("Asesmen masih draf.")])
    try:
        with pytest.raises(actions.NotReady, match="Asesmen masih draf"):
            actions.publish(course, actor=make.admin())
    finally:
        publish_checks.remove(check)


def test_every_kind_states_what_a_page_needs(app: Flask) -> None:
    course = make.course(lessons=0)
    for name, kind in KINDS.items():
        lesson = make.lesson(course, kind=name, body="", data={"video_id": "x" * 11} if name == "youtube" else {})
        assert kind_of(lesson) is kind
        assert (Path(app.template_folder or "") / kind.template).exists()
        assert str(kind.label)
        assert kind.rule(lesson).endswith(".")


@pytest.mark.parametrize(
    ("kind", "fields", "has"),
    [
        ("text", {"body": "x"}, True),
        ("text", {"body": " \n"}, False),
        ("youtube", {"data": {"video_id": "dQw4w9WgXcQ"}}, True),
        ("youtube", {"data": {"video_id": "//jahat.test"}}, False),
        ("youtube", {"data": {}}, False),
        ("document", {}, False),
    ],
)
def test_a_kind_knows_whether_a_lesson_has_content(app: Flask, kind: str, fields: dict[str, object], has: bool) -> None:
    lesson = make.lesson(make.course(lessons=0), kind=kind, **{"body": "", **fields})
    assert kind_of(lesson).has_content(lesson) is has


@pytest.mark.parametrize(
    "address",
    [
        "dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s",
        "youtu.be/dQw4w9WgXcQ?si=x",
        "https://m.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    ],
)
def test_a_video_is_known_by_any_of_its_addresses(address: str) -> None:
    assert video_id(address) == "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "address",
    ["", "https://jahat.test/watch?v=dQw4w9WgXcQ", "javascript:dQw4w9WgXcQ", "https://youtu.be/kurang", "x" * 12],
)
def test_what_is_no_video_of_youtube_is_refused(address: str) -> None:
    assert video_id(address) is None


def _archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def test_a_document_is_kept_under_a_random_name(app: Flask) -> None:
    owner = make.user(Role.TRAINER)
    media = actions.store_file(io.BytesIO(b"%PDF-1.7 isi"), "document", name="../../Lembar <b>kerja.pdf", owner=owner)
    assert (media.original_name, media.mime, media.size) == ("Lembar <b>kerja.pdf", "application/pdf", 12)
    assert "Lembar" not in media.stored_name
    assert storage.read(media.stored_name) == b"%PDF-1.7 isi"
    assert len(media.public_id) >= 20


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "a.html"),
        (b"<html><script>alert(1)</script>", "a.pdf"),
        (b"%PDF-1.7", "a.html"),
        (b"%PDF-1.7", "a"),
        (b"<svg onload=alert(1)>", "a.svg"),
        (b"MZ\x90\x00", "a.exe"),
        (b"a;b\x00", "a.csv"),
        (b"\xff\xfe\xfd", "a.txt"),
        (_archive("a.txt"), "a.zip"),
        (_archive("[Content_Types].xml", "word/document.xml"), "a.xlsx"),
        (_archive("[Content_Types].xml", *(f"word/{n}" for n in range(2001))), "a.docx"),
        (b"PK\x03\x04 rusak", "a.docx"),
        (b"", "a.pdf"),
    ],
)
def test_t_upl_01_what_is_no_document_is_refused(app: Flask, content: bytes, name: str) -> None:
    with pytest.raises((WrongFile, actions.WrongSize)):
        actions.store_file(io.BytesIO(content), "document", name=name, owner=make.admin())


def test_office_files_are_known_by_what_is_in_them(app: Flask) -> None:
    word = _archive("[Content_Types].xml", "word/document.xml")
    suffixes = FILE_RULES["document"].suffixes
    assert type_of(io.BytesIO(word), "Surat.DOCX", suffixes).endswith("wordprocessingml.document")
    assert type_of(io.BytesIO(b"\xef\xbb\xbfnama;nilai\n"), "nilai.csv", suffixes) == "text/csv"


@given(st.text(max_size=400))
def test_t_upl_07_a_shown_name_is_one_line_without_a_path(name: str) -> None:
    plain = plain_name(name)
    assert len(plain) <= 255
    assert not set(plain) & set("/\\\r\n\x00")
