"""Who is told of what, and what of it is mailed."""

from __future__ import annotations

from app.certificates.events import CertificateIssued
from app.core import mail
from app.core.db import db
from app.core.mail import site_path
from app.courses.models import Course
from app.courses.queries import first_lesson
from app.enrollments.events import EnrollmentCompleted, UserEnrolled
from app.events import Delivery, receiver
from app.notifications import kinds, mails
from app.notifications.actions import notify, settle_mail
from app.notifications.events import NotificationCreated
from app.notifications.models import MailState, Notification
from app.notifications.queries import mail_of


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


def _give_up(event: NotificationCreated, delivery: Delivery) -> None:
    kept = mail_of(event.notification_id)
    if kept is not None:
        settle_mail(kept, MailState.FAILED)


@receiver(
    NotificationCreated,
    queue="notifications",
    effect="external",
    rate="MAIL_RATE",
    tries=8,
    backoff=(30, 120, 600, 1800, 3600),
    failed=_give_up,
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
