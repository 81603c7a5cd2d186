"""Who is told when a course is asked for, given back, published and taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role, User, UserStatus
from app.core.db import db
from app.courses import actions
from app.courses.models import Course, CourseStatus
from app.enrollments.actions import drop
from app.enrollments.models import EnrollmentStatus
from app.events.models import Task, TaskState
from app.events.tasks import STEP_ROWS
from app.notifications import kinds
from app.notifications.kinds import kind_of
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.facts import drain_all


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER)


@pytest.fixture
def draft(author: User) -> Course:
    return make.course(owner=author, title="Dasar K3", slug="dasar-k3", published=False)


def told() -> list[tuple[str, int]]:
    drain_all()
    rows = db.session.execute(select(Notification.type, Notification.user_id).order_by(Notification.user_id))
    return [(row.type, row.user_id) for row in rows]


def mail_to(user: User) -> OutgoingMail:
    return db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == user.email)).one()


def test_a_request_reaches_every_active_admin_and_nobody_else(app: Flask, author: User, draft: Course) -> None:
    first, second = make.admin(), make.admin()
    make.admin(status=UserStatus.SUSPENDED)
    make.user(Role.TRAINER)
    actions.request_publication(draft, actor=author)
    assert told() == [(kinds.PUBLICATION_REQUESTED, first.id), (kinds.PUBLICATION_REQUESTED, second.id)]
    mail = mail_to(first)
    assert mail.subject == "Menunggu diterbitkan: Dasar K3"
    assert "/kelola/kursus/dasar-k3/terbit" in mail.text
    assert "Periksa isinya, lalu terbitkan" in mail.text


def test_an_admin_who_asks_does_not_hear_of_it(app: Flask, draft: Course) -> None:
    admin, other = make.admin(), make.admin()
    actions.request_publication(draft, actor=admin)
    assert told() == [(kinds.PUBLICATION_REQUESTED, other.id)]


def test_who_asked_gets_the_reason(app: Flask, author: User, draft: Course) -> None:
    actions.request_publication(draft, actor=author)
    actions.decline_request(draft, "Lengkapi <b>tujuan</b> 100%.", actor=make.admin())
    assert told()[0] == (kinds.PUBLICATION_DECLINED, author.id)
    notification = db.session.scalars(select(Notification).where(Notification.user_id == author.id)).one()
    sentence = 'Kursus "Dasar K3" dikembalikan kepada Anda. Alasannya: Lengkapi <b>tujuan</b> 100%.'
    assert kind_of(notification).write(notification) == sentence
    assert "&lt;b&gt;" in mail_to(author).html


def test_an_author_hears_that_the_course_is_published(app: Flask, author: User, draft: Course) -> None:
    actions.publish(draft, actor=make.admin())
    assert told() == [(kinds.COURSE_PUBLISHED, author.id)]
    assert mail_to(author).subject == "Sudah terbit: Dasar K3"


def test_who_publishes_an_own_course_knows_it(app: Flask) -> None:
    admin = make.admin()
    actions.publish(make.course(owner=admin, published=False), actor=admin)
    assert told() == []


def test_those_who_learn_hear_once_that_a_course_was_taken_back_however_many(app: Flask) -> None:
    course, many = make.course(title="Dasar K3"), STEP_ROWS + 5
    active = [make.enrollment(into=course).user_id for _ in range(many)]
    make.enrollment(into=course, status=EnrollmentStatus.COMPLETED)
    make.enrollment(into=course, status=EnrollmentStatus.DROPPED)
    actions.unpublish(course, actor=make.admin())
    assert told() == [(kinds.COURSE_UNPUBLISHED, each) for each in active]
    task = db.session.scalars(select(Task)).one()
    assert (task.state, task.done, task.total, task.report["told"]) == (TaskState.DONE, many, many, many)
    assert "Anda tetap dapat belajar" in db.session.scalars(select(OutgoingMail).limit(1)).one().text


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.ARCHIVED])
def test_what_was_not_published_is_taken_back_in_silence(app: Flask, status: CourseStatus) -> None:
    course = make.course(status=status)
    make.enrollment(into=course)
    if status == CourseStatus.ARCHIVED:
        actions.unpublish(course, actor=make.admin())
    else:
        actions.archive(course, actor=make.admin())
    assert told() == []


def test_who_came_back_meanwhile_is_told_and_who_left_is_not_waited_for(app: Flask) -> None:
    course = make.course()
    leaving, staying = make.enrollment(into=course), make.enrollment(into=course)
    actions.unpublish(course, actor=make.admin())
    drop(leaving, actor=leaving.user)
    back = make.enrollment(into=course)
    assert told() == [(kinds.COURSE_UNPUBLISHED, each.user_id) for each in (staying, back)]
    assert db.session.scalars(select(Task)).one().state == TaskState.DONE
