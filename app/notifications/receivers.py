"""Who is told of what, and what of it is mailed."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.actions.anonymizing import add_eraser
from app.accounts.events import (
    EmailVerificationRequested,
    InitialPasswordSet,
    PasswordChanged,
    PasswordResetRequested,
    RecoveryCodeUsed,
    RegistrationRepeated,
    SessionStarted,
    SignInLimited,
    TwoFactorDisabled,
    UserEmailChanged,
    UserInvited,
)
from app.accounts.models import UserSession
from app.accounts.queries.people import active_admins
from app.assessments.access import shows
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.models import Assessment, Attempt, AttemptStatus
from app.certificates.events import CertificateIssued
from app.core import mail
from app.core.db import db
from app.core.i18n import format_number
from app.core.mail import site_path
from app.courses.events import CoursePublished, CourseUnpublished, PublicationDeclined, PublicationRequested
from app.courses.models import Course, CourseStatus
from app.courses.queries import first_lesson
from app.enrollments.events import EnrollmentCompleted, ReviewRemoved, UserEnrolled
from app.events import Delivery, receiver
from app.events.models import Task
from app.events.tasks import TaskKind, add_kind
from app.notifications import account_mails, kinds, mails
from app.notifications.actions import UNPUBLISHED, forget_person, notify, settle_mail, tell_learners, tell_next
from app.notifications.events import NotificationCreated
from app.notifications.models import MailState, Notification
from app.notifications.queries import mail_by_message_id, mail_of

add_eraser(forget_person)

PATIENTLY: dict[str, Any] = {
    "queue": "notifications",
    "effect": "external",
    "tries": 8,
    "backoff": (30, 120, 600, 1800, 3600),
}
"""How mails are sent: over hours, for a mail server may be away for so long."""


@receiver(UserEnrolled, queue="notifications")
def welcome_learner(event: UserEnrolled, delivery: Delivery) -> None:
    course = db.session.get_one(Course, event.course_id)
    first = first_lesson(course)
    address = (
        site_path("progress.lesson", slug=course.slug, lesson_id=first.id)
        if first
        else site_path("progress.study", slug=course.slug)
    )
    data = {"course_title": event.course_title, "address": address}
    notify(event.user_id, kinds.WELCOME, data, event_id=delivery.event_id)


@receiver(EnrollmentCompleted, queue="notifications")
def congratulate_learner(event: EnrollmentCompleted, delivery: Delivery) -> None:
    course = db.session.get_one(Course, event.course_id)
    data = {"course_title": event.course_title, "address": site_path("certificates.index", kursus=course.slug)}
    notify(event.user_id, kinds.COMPLETED, data, event_id=delivery.event_id)


@receiver(CertificateIssued, queue="notifications")
def announce_certificate(event: CertificateIssued, delivery: Delivery) -> None:
    course = db.session.get_one(Course, event.course_id)
    data = {
        "course_title": event.course_title,
        "number": event.number,
        "certificate_id": event.certificate_id,
        "address": site_path("certificates.index", kursus=course.slug),
    }
    notify(event.user_id, kinds.CERTIFICATE, data, event_id=delivery.event_id)


@receiver(AssessmentGraded, queue="notifications")
def tell_result(event: AssessmentGraded, delivery: Delivery) -> None:
    """As much as the learner may see: the page says no more either."""
    attempt = db.session.get_one(Attempt, event.attempt_id)
    data = {
        "assessment_title": event.assessment_title,
        "address": site_path("assessments.result", public_id=attempt.public_id),
    }
    if attempt.status == AttemptStatus.EXPIRED or not shows(attempt, "show_score"):
        kind = kinds.ASSESSMENT_EXPIRED if attempt.status == AttemptStatus.EXPIRED else kinds.ASSESSMENT_GRADED
        notify(event.user_id, kind, data, event_id=delivery.event_id)
        return
    result = {"percentage": event.percentage, "mark": attempt.policy["passing_score"]}
    kind = kinds.ASSESSMENT_PASSED if event.passed else kinds.ASSESSMENT_NOT_PASSED
    notify(event.user_id, kind, {**data, **result}, event_id=delivery.event_id)


@receiver(AssessmentSubmitted, queue="notifications")
def tell_grader(event: AssessmentSubmitted, delivery: Delivery) -> None:
    if event.requires_manual_grading:
        assessment = db.session.get_one(Assessment, event.assessment_id)
        address = site_path("assessments.grading_queue", asesmen=assessment.id)
        data = {"assessment_title": event.assessment_title, "address": address}
        notify(assessment.owner_id, kinds.ASSESSMENT_WAITING, data, event_id=delivery.event_id)


@receiver(PublicationRequested, queue="notifications")
def ask_admins(event: PublicationRequested, delivery: Delivery) -> None:
    data = _about_publishing(event.course_id, event.course_title)
    for admin in active_admins():
        if admin != delivery.record.actor_id:
            notify(admin, kinds.PUBLICATION_REQUESTED, data, event_id=delivery.event_id)


@receiver(PublicationDeclined, queue="notifications")
def return_to_author(event: PublicationDeclined, delivery: Delivery) -> None:
    data = {**_about_publishing(event.course_id, event.course_title), "reason": event.reason}
    notify(event.author_id, kinds.PUBLICATION_DECLINED, data, event_id=delivery.event_id)


@receiver(CoursePublished, queue="notifications")
def tell_author(event: CoursePublished, delivery: Delivery) -> None:
    author = db.session.get_one(Course, event.course_id).owner_id
    if author != event.publisher_id:
        data = _about_publishing(event.course_id, event.course_title)
        notify(author, kinds.COURSE_PUBLISHED, data, event_id=delivery.event_id)


@receiver(CourseUnpublished, queue="notifications")
def tell_those_inside(event: CourseUnpublished, delivery: Delivery) -> None:
    if event.previous_status == CourseStatus.PUBLISHED and event.active_enrollments_count:
        tell_learners(event.course_id, total=event.active_enrollments_count, event_id=delivery.event_id)


def _about_publishing(course_id: int, title: str) -> dict[str, Any]:
    course = db.session.get_one(Course, course_id)
    return {"course_title": title, "address": site_path("courses.publication", slug=course.slug)}


def _told(task: Task) -> list[str]:
    return [_("%(n)s peserta diberi tahu.", n=format_number(task.report.get("told", 0)))]


def _to_course(task: Task) -> tuple[str, str]:
    course = db.session.get_one(Course, task.params["course_id"])
    return _("Ke kursus"), url_for("courses.detail", slug=course.slug)


add_kind(TaskKind(UNPUBLISHED, _l("Kabari peserta kursus"), tell_next, _told, _to_course))


@receiver(ReviewRemoved, queue="notifications")
def tell_reviewer(event: ReviewRemoved, delivery: Delivery) -> None:
    if delivery.record.actor_id != event.user_id:
        course = db.session.get_one(Course, event.course_id)
        address = site_path("courses.detail", slug=course.slug)
        data = {"course_title": event.course_title, "reason": event.reason, "address": address}
        notify(event.user_id, kinds.REVIEW_REMOVED, data, event_id=delivery.event_id)


WARNINGS = {
    PasswordChanged: kinds.PASSWORD_CHANGED,
    InitialPasswordSet: kinds.PASSWORD_REPLACED,
    SessionStarted: kinds.NEW_DEVICE,
    SignInLimited: kinds.SIGN_IN_LIMITED,
    TwoFactorDisabled: kinds.TWO_FACTOR_DISABLED,
    RecoveryCodeUsed: kinds.RECOVERY_CODE_USED,
}


@receiver(*WARNINGS, queue="notifications")
def warn_owner(event: Any, delivery: Delivery) -> None:
    """Tells the person what was done to the account, in case it was somebody else."""
    data = {"moment": delivery.record.occurred_at.isoformat(), "address": site_path("accounts.profile")}
    if isinstance(event, InitialPasswordSet) and not event.replaces:
        return
    if isinstance(event, SessionStarted):
        if not event.new_device:
            return
        session = db.session.get(UserSession, event.session_id)
        data["agent"] = session.agent if session else ""
    if isinstance(event, RecoveryCodeUsed):
        data["remaining"] = str(event.remaining)
    notify(event.user_id, WARNINGS[type(event)], data, event_id=delivery.event_id)


def _give_up(event: NotificationCreated, delivery: Delivery) -> None:
    kept = mail_of(event.notification_id)
    if kept is not None:
        settle_mail(kept, MailState.FAILED)


@receiver(
    NotificationCreated,
    rate="MAIL_RATE",
    failed=_give_up,
    **PATIENTLY,
)
def mail_notification(event: NotificationCreated, delivery: Delivery) -> None:
    notification = db.session.get(Notification, event.notification_id)
    if notification is None or not mails.is_mailed(notification):
        return
    kept = mails.kept_mail(notification)
    if kept.state == MailState.SENT:
        return
    if not mail.is_configured():
        settle_mail(kept, MailState.UNSENT)
        return
    mail.send(mails.letter_of(kept))
    settle_mail(kept, MailState.SENT)


def _give_up_letter(event: Any, delivery: Delivery) -> None:
    due = account_mails.due_letter(event)
    kept = mail_by_message_id(due.message_id) if due else None
    if kept is not None:
        settle_mail(kept, MailState.FAILED)


# Without a rate: who waits for a link does not wait behind a course's thousand mails.
@receiver(
    EmailVerificationRequested,
    PasswordResetRequested,
    RegistrationRepeated,
    UserEmailChanged,
    failed=_give_up_letter,
    **PATIENTLY,
)
def mail_account(event: Any, delivery: Delivery) -> None:
    """Sends what somebody asked for, as long as it is still of use."""
    _send_letter(event)


@receiver(
    UserInvited,
    rate="MAIL_RATE",
    failed=_give_up_letter,
    **PATIENTLY,
)
def mail_invitation(event: UserInvited, delivery: Delivery) -> None:
    """As `mail_account`, of letters that go out by the thousand."""
    _send_letter(event)


def _send_letter(event: Any) -> None:
    due = account_mails.due_letter(event)
    if due is None:
        return
    kept = account_mails.kept_letter(due)
    if kept.state == MailState.SENT:
        return
    if not mail.is_configured():
        settle_mail(kept, MailState.UNSENT)
        return
    mail.send(account_mails.letter_of(kept, due))
    settle_mail(kept, MailState.SENT)
