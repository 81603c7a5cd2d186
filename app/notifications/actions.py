"""Telling people, once, and keeping what was mailed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from app.accounts.models import AccountRequest, User
from app.core.clock import now
from app.core.db import action, db
from app.core.mail import site_path
from app.core.once import insert_once
from app.courses.models import Course
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.events import emit
from app.events.models import Task
from app.events.prune import chore
from app.events.tasks import STEP_ROWS, request_task
from app.notifications import kinds
from app.notifications.events import NotificationCreated
from app.notifications.models import MailState, Notification, OutgoingMail

MAILS_KEPT = timedelta(days=30)
PURGED_AT_ONCE = 1000
UNPUBLISHED = "notifications.course_unpublished"
"""The kind of the task that tells a course's learners."""


@action
def notify(user_id: int, kind: str, data: dict[str, Any], *, event_id: UUID) -> None:
    """Tells the person, once per fact and kind, and states `NotificationCreated`.

    `data` fills the kind's texts; `data["address"]` is the path that the notification leads to.
    """
    notification = insert_once(Notification, user_id=user_id, event_id=event_id, type=kind, data=data)
    if notification is not None:
        emit(NotificationCreated(notification_id=notification.id, user_id=user_id, type=kind))


@action
def tell_learners(course_id: int, *, total: int, event_id: UUID) -> None:
    """Those active in the course, about `total`, are told by a task that it is not published any more."""
    request_task(UNPUBLISHED, total=total, actor=None, params={"course_id": course_id, "event_id": str(event_id)})


def tell_next(task: Task) -> None:
    """A step of that task: the next active learners, by the ids of their enrolments."""
    course = db.session.get_one(Course, task.params["course_id"])
    waiting = db.session.scalars(
        select(Enrollment)
        .where(
            Enrollment.course_id == course.id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.id > task.report.get("last", 0),
        )
        .order_by(Enrollment.id)
        .limit(STEP_ROWS + 1)
    ).all()
    rows = waiting[:STEP_ROWS]
    data = {"course_title": course.title, "address": site_path("progress.study", slug=course.slug)}
    for each in rows:
        notify(each.user_id, kinds.COURSE_UNPUBLISHED, data, event_id=UUID(task.params["event_id"]))
    told = task.report.get("told", 0) + len(rows)
    task.report = {"last": rows[-1].id if rows else 0, "told": told}
    # Some came and some went since they were counted: the task ends with the last of them.
    task.total = told + 1 if len(waiting) > STEP_ROWS else max(task.total, told)
    task.done = told if len(waiting) > STEP_ROWS else task.total


@action
def mark_read(notification: Notification) -> None:
    """The person has seen it; the first time counts."""
    if notification.read_at is None:
        notification.read_at = now()


@action
def mark_all_read(user: User) -> None:
    """The person has seen everything up to now."""
    unread = update(Notification).where(Notification.user_id == user.id, Notification.read_at.is_(None))
    db.session.execute(unread.values(read_at=now()))


@action
def keep_mail(notification: Notification, **rendered: Any) -> OutgoingMail:
    """Keeps the rendered mail before it is sent. One that is kept already stays as it is, and is the answer."""
    kept = insert_once(OutgoingMail, notification_id=notification.id, **rendered)
    return kept or db.session.scalars(select(OutgoingMail).filter_by(notification_id=notification.id)).one()


@action
def keep_letter(request: AccountRequest, **rendered: Any) -> OutgoingMail:
    """As `keep_mail`, for the letter of what somebody asked for an account."""
    kept = insert_once(OutgoingMail, request_id=request.id, **rendered)
    return kept or db.session.scalars(select(OutgoingMail).filter_by(message_id=rendered["message_id"])).one()


@action
def settle_mail(mail: OutgoingMail, state: MailState) -> None:
    """What became of the mail. One that was sent stays sent."""
    if mail.state != MailState.SENT:
        mail.state = state
        mail.sent_at = now() if state == MailState.SENT else None


@chore
def purge_mails() -> int:
    """Forgets the mails older than 30 days, in steps; answers how many."""
    before = now() - MAILS_KEPT
    purged = 0
    while count := _purge_some(before):
        purged += count
    return purged


@action
def _purge_some(before: datetime) -> int:
    old = select(OutgoingMail.id).where(OutgoingMail.created_at < before).limit(PURGED_AT_ONCE)
    gone = delete(OutgoingMail).where(OutgoingMail.id.in_(old))
    return cast("CursorResult[Any]", db.session.execute(gone)).rowcount


@action
def forget_person(user: User, _name_on_papers: str | None) -> None:
    """Everything that the person was told is gone, with every kept mail that went to the address."""
    db.session.execute(delete(Notification).where(Notification.user_id == user.id))
    if user.email:
        db.session.execute(delete(OutgoingMail).where(OutgoingMail.recipient == user.email))
