"""Terbitkan: who may take which step, what a course lacks, and what is said."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import db
from app.courses import actions
from app.courses.events import (
    CourseArchived,
    CoursePublished,
    CourseUnpublished,
    PublicationDeclined,
    PublicationRequested,
    PublicationWithdrawn,
)
from app.courses.models import Course, CourseStatus
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER, name="Dewi Lestari")


@pytest.fixture
def draft(author: User) -> Course:
    return make.course(owner=author, title="Dasar K3", slug="dasar-k3", published=False)


def at(app: Flask, user: User, course: Course) -> Person:
    return Person(app).logs_in(user.email).opens(f"/kelola/kursus/{course.slug}/terbit")


def test_an_author_asks_and_an_admin_publishes(app: Flask, author: User, draft: Course) -> None:
    person = at(app, author, draft)
    assert person.sees("Kursus ini siap diterbitkan")
    assert person.sees("dan semua asesmen wajib sudah terbit.")
    assert "Terbitkan" not in [each for form in person.forms for each in form.buttons]
    assert person.submits("Ajukan terbit").sees("Kursus diajukan.")
    assert_stated(PublicationRequested, course_id=draft.id, course_title="Dasar K3")
    admin = at(app, make.admin(), draft)
    assert admin.sees("Diajukan oleh Dewi Lestari pada")
    assert admin.submits("Terbitkan").sees("Kursus terbit.")
    assert_stated(CoursePublished, course_id=draft.id, previous_status="draft")
    db.session.refresh(draft)
    assert (draft.status, draft.submitted_at, draft.submitted_by) == (CourseStatus.PUBLISHED, None, None)


def test_what_is_missing_stands_before_the_button_with_the_way_to_it(app: Flask, author: User) -> None:
    course = make.course(owner=author, lessons=0, published=False)
    bare = make.lesson(course, title="Tanpa isi", body="")
    empty = make.section(course, title="Kosong")
    person = at(app, author, course)
    assert person.sees("Materi “Tanpa isi” belum memiliki isi.")
    assert person.sees("Bab “Kosong” belum memiliki materi.")
    page = person.response.text
    assert f"/kelola/kursus/{course.slug}/materi/{bare.id}" in page
    assert f"/kelola/kursus/{course.slug}#bab-{empty.id}" in page
    assert not any("Ajukan terbit" in form.buttons for form in person.forms)


def test_who_publishes_from_a_page_that_is_past_reads_what_is_missing(app: Flask, draft: Course) -> None:
    admin = at(app, make.admin(), draft)
    make.section(draft, title="Kosong")
    assert admin.submits("Terbitkan").sees("Kursus belum dapat diterbitkan. Bab “Kosong” belum memiliki materi.")
    assert admin.path == "/kelola/kursus/dasar-k3/terbit"
    assert stated(CoursePublished) == []


def test_a_request_can_be_withdrawn(app: Flask, author: User, draft: Course) -> None:
    person = at(app, author, draft).submits("Ajukan terbit").submits("Tarik pengajuan")
    assert person.sees("Pengajuan ditarik.")
    assert_stated(PublicationWithdrawn, course_id=draft.id)


def test_a_course_is_given_back_with_a_reason_and_not_without(app: Flask, author: User, draft: Course) -> None:
    actions.request_publication(draft, actor=author)
    admin = at(app, make.admin(), draft)
    assert admin.submits("Kembalikan", reason=" ").status == 422
    assert admin.sees("Wajib diisi.")
    assert stated(PublicationDeclined) == []
    assert admin.submits("Kembalikan", reason="Lengkapi tujuan.").sees("Kursus dikembalikan.")
    assert_stated(PublicationDeclined, course_id=draft.id, author_id=author.id, reason="Lengkapi tujuan.")


def test_an_answer_to_what_nobody_asks_is_refused(app: Flask, draft: Course) -> None:
    with pytest.raises(actions.NotADraft):
        actions.decline_request(draft, "Terlambat.", actor=make.admin())


def test_an_author_puts_an_own_draft_away_and_takes_it_back(app: Flask, author: User, draft: Course) -> None:
    actions.request_publication(draft, actor=author)
    person = at(app, author, draft).submits("Arsipkan")
    assert person.sees("Kursus diarsipkan.")
    db.session.refresh(draft)
    assert draft.submitted_at is None
    assert_stated(CourseArchived, course_id=draft.id, previous_status="draft")
    assert person.submits("Pulihkan ke draf").sees("Kursus dipulihkan sebagai draf.")
    assert_stated(CourseUnpublished, course_id=draft.id, previous_status="archived")


@pytest.mark.parametrize("verb", [actions.unpublish, actions.archive])
def test_an_author_cannot_take_back_what_learners_have(app: Flask, author: User, verb: object) -> None:
    course = make.course(owner=author)
    with pytest.raises(actions.CourseLocked):
        verb(course, actor=author)  # type: ignore[operator]
    db.session.refresh(course)
    assert course.status == CourseStatus.PUBLISHED
    assert stated(CourseUnpublished) == stated(CourseArchived) == []


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.ARCHIVED])
def test_what_was_ever_published_only_an_admin_puts_away_and_takes_out(
    app: Flask, author: User, status: CourseStatus
) -> None:
    course = make.course(owner=author, status=status, published_at=now())
    verb = actions.archive if status == CourseStatus.DRAFT else actions.unpublish
    buttons = {each for form in at(app, author, course).forms for each in form.buttons}
    assert buttons.isdisjoint({"Arsipkan", "Pulihkan ke draf"})
    with pytest.raises(actions.CourseLocked, match="pernah terbit"):
        verb(course, actor=author)
    verb(course, actor=make.admin())


def test_an_author_changes_nothing_in_an_archived_course(app: Flask, author: User) -> None:
    course = make.course(owner=author, status=CourseStatus.ARCHIVED, published_at=now())
    lesson = make.lessons_of(course)[0]
    for change in (
        lambda: actions.update_lesson(lesson, title="Lain", actor=author),
        lambda: actions.delete_lesson(lesson, actor=author),
        lambda: actions.add_section(course, "Bab", actor=author),
    ):
        with pytest.raises(actions.CourseLocked, match=r"diarsipkan\. Minta admin"):
            change()
    for page in ("", "/pengaturan", f"/materi/{lesson.id}"):
        assert (
            at(app, author, course)
            .opens(f"/kelola/kursus/{course.slug}{page}")
            .sees("Kursus ini diarsipkan. Minta admin")
        ), page
    actions.update_lesson(lesson, title="Lain", actor=make.admin())


def test_an_author_is_led_to_where_an_archived_draft_is_restored(app: Flask, author: User) -> None:
    course = make.course(owner=author, status=CourseStatus.ARCHIVED, published_at=None)
    with pytest.raises(actions.CourseLocked, match=r"diarsipkan\. Pulihkan dulu"):
        actions.add_section(course, "Bab", actor=author)
    assert at(app, author, course).opens(f"/kelola/kursus/{course.slug}").sees("Pulihkan dulu ke draf di tab Terbitkan")


def test_an_author_of_a_published_course_is_told_who_may_change_it(app: Flask, author: User) -> None:
    person = at(app, author, make.course(owner=author))
    assert person.sees("Selama terbit hanya admin yang dapat mengubahnya.")
    buttons = {each for form in person.forms for each in form.buttons}
    assert buttons.isdisjoint({"Batal terbit", "Arsipkan", "Terbitkan"})


def test_an_admin_takes_a_course_back_and_is_told_whom_it_touches(app: Flask) -> None:
    course = make.course()
    make.enrollment(into=course)
    admin = at(app, make.admin(), course)
    assert admin.sees("1 orang peserta aktif tetap dapat belajar.")
    assert admin.submits("Batal terbit").sees("Kursus kembali menjadi draf.")
    assert_stated(CourseUnpublished, course_id=course.id, previous_status="published", active_enrollments_count=1)


def test_an_archived_course_can_be_published_again_by_an_admin_only(app: Flask, author: User) -> None:
    course = make.course(owner=author, status=CourseStatus.ARCHIVED)
    assert not any("Terbitkan lagi" in form.buttons for form in at(app, author, course).forms)
    assert at(app, make.admin(), course).submits("Terbitkan lagi").sees("Kursus terbit.")


def test_what_had_better_be_there_is_named_but_does_not_refuse(app: Flask, author: User, draft: Course) -> None:
    person = at(app, author, draft)
    assert person.sees("Sebaiknya dilengkapi")
    assert person.sees("Tujuan belajar")
    full = {"short_description": "a", "description": "b", "objectives": ["c"], "category_id": make.category().id}
    complete = make.course(owner=author, published=False, **full)
    assert not at(app, author, complete).sees("Sebaiknya dilengkapi")


def test_a_second_request_is_refused(app: Flask, author: User) -> None:
    course = make.course(owner=author, published=False, submitted_at=now())
    with pytest.raises(actions.NotADraft):
        actions.request_publication(course, actor=author)
