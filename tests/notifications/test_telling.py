"""Who is told what, in which words, and how it is mailed."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User, UserStatus
from app.certificates.actions import issue
from app.core import clock, storage
from app.core.db import db, transaction
from app.courses.models import Course
from app.enrollments.actions import enroll
from app.enrollments.models import EnrollmentStatus
from app.events.models import DeliveryStatus, StoredDelivery
from app.notifications import kinds
from app.notifications.actions import notify
from app.notifications.events import NotificationCreated
from app.notifications.kinds import kind_of
from app.notifications.models import MailState, Notification, OutgoingMail
from app.progress.actions import complete_lesson
from tests import make
from tests.facts import assert_stated, drain_all
from tests.fakes import Postbox

Drain = Callable[[], int]


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=box.port, MAIL_USE_TLS=False, MAIL_TIMEOUT=0.5, MAIL_RATE=6000,
        BASE_URL="https://belajar.contoh.test",
    )  # fmt: skip


@pytest.fixture
def course(app: Flask) -> Course:
    return make.course(lessons=1, title="Dasar K3", slug="dasar-k3")


@pytest.fixture
def siti(app: Flask) -> User:
    return make.user(name="Siti Nurhaliza", email="siti@contoh.test")


def enrol(course: Course, learner: User) -> None:
    enroll(course, actor=learner)
    drain_all()


def one_notification() -> Notification:
    return db.session.scalars(select(Notification)).one()


def kept() -> OutgoingMail:
    return db.session.scalars(select(OutgoingMail)).one()


def arrived(box: Postbox) -> list[EmailMessage]:
    parsed = [email.message_from_bytes(each, policy=default) for each in box.letters]
    return [each for each in parsed if isinstance(each, EmailMessage)]


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class TestWords:
    """The texts of the domain contract, letter by letter."""

    def test_a_welcome(self, course: Course, siti: User, box: Postbox) -> None:
        enrol(course, siti)
        told = one_notification()
        assert (told.type, told.user_id) == ("enrollment.welcome", siti.id)
        assert kind_of(told).write(told) == 'Anda berhasil mendaftar di kursus "Dasar K3"'
        (message,) = arrived(box)
        assert message["Subject"] == "Selamat bergabung di Dasar K3"
        first = make.lessons_of(course)[0].id
        for kind in ("plain", "html"):
            text = part(message, kind).replace("&#34;", '"')
            for words in (
                "Halo, Siti Nurhaliza!",
                'Anda telah berhasil mendaftar di kursus "Dasar K3".',
                "Mulai perjalanan belajar Anda sekarang!",
                "Mulai Belajar",
                f"https://belajar.contoh.test/belajar/dasar-k3/{first}",
                "Semoga sukses dalam pembelajaran Anda!",
            ):
                assert words in text, (kind, words)

    def test_a_completion_and_the_certificate(self, course: Course, siti: User, box: Postbox) -> None:
        enrollment = make.enrollment(siti, course)
        complete_lesson(enrollment, make.lessons_of(course)[0], actor=siti)
        drain_all()
        told = {each.type: each for each in db.session.scalars(select(Notification))}
        assert set(told) == {kinds.COMPLETED, kinds.CERTIFICATE}
        sentence = kind_of(told[kinds.COMPLETED]).write(told[kinds.COMPLETED])
        assert sentence == 'Selamat! Anda menyelesaikan kursus "Dasar K3"'
        messages = {message["Subject"]: message for message in arrived(box)}
        completed = messages["Selamat! Anda telah menyelesaikan Dasar K3"]
        for words in (
            "Selamat, Siti Nurhaliza!",
            'Anda telah berhasil menyelesaikan kursus "Dasar K3".',
            "Sertifikat Anda akan segera tersedia.",
            "Lihat Sertifikat",
            "https://belajar.contoh.test/sertifikat?kursus=dasar-k3",
            "Terima kasih telah belajar bersama kami!",
        ):
            assert words in part(completed, "plain"), words
        (pdf,) = messages["Sertifikat Anda: Dasar K3"].iter_attachments()
        assert pdf.get_content_type() == "application/pdf"
        assert str(pdf.get_filename()).startswith("Sertifikat 001-SERT-")
        assert pdf.get_content().startswith(b"%PDF")

    def test_the_text_part_is_tidy(self, course: Course, siti: User, box: Postbox) -> None:
        enrol(course, siti)
        text = part(arrived(box)[0], "plain")
        assert "{%" not in text
        assert "&" not in text
        assert "\n\n\n" not in text.strip()

    def test_the_html_part_needs_no_style_block_and_no_image(self, course: Course, siti: User, box: Postbox) -> None:
        enrol(course, siti)
        html = part(arrived(box)[0], "html")
        assert "style=" in html
        assert "<img" not in html
        assert "http://" not in html.replace("http://www.w3.org", "")


class TestOnce:
    def test_a_replayed_fact_tells_once(self, course: Course, siti: User, box: Postbox) -> None:
        enrol(course, siti)
        for receiver in ("notifications_welcome_learner", "notifications_mail_notification"):
            replay(receiver)
        assert len(box.letters) == 1
        assert_stated(NotificationCreated, 1)

    def test_one_fact_tells_one_person_once_a_kind(self, app: Flask, siti: User, course: Course) -> None:
        enrol(course, siti)
        told = one_notification()
        notify(siti.id, kinds.WELCOME, {}, event_id=told.event_id)
        notify(siti.id, kinds.COMPLETED, {"course_title": "x", "address": "/"}, event_id=told.event_id)
        assert db.session.scalars(select(func.count()).select_from(Notification)).one() == 2

    def test_a_fault_after_sending_sends_again_with_the_same_id(self, course: Course, siti: User, box: Postbox) -> None:
        box.hangs_up_after_data = True
        enroll(course, actor=siti)
        drain_all(raising=False)
        assert kept().state == MailState.WAITING
        box.hangs_up_after_data = False
        with clock.at(clock.now() + timedelta(minutes=2)):
            drain_all()
        first, second = arrived(box)
        assert first["Message-ID"] == second["Message-ID"] == kept().message_id
        assert first.get_content_type() == second.get_content_type()
        assert kept().state == MailState.SENT

    def test_the_mail_is_kept_before_it_is_sent_and_stays_as_it_was(
        self, course: Course, siti: User, box: Postbox
    ) -> None:
        box.answers["DATA"] = "451 later"
        enroll(course, actor=siti)
        drain_all(raising=False)
        before = kept().text
        with transaction():
            db.session.get_one(User, siti.id).name = "Nama Baru"
        box.answers.clear()
        with clock.at(clock.now() + timedelta(minutes=2)):
            drain_all()
        assert kept().text == before
        assert "Siti Nurhaliza" in part(arrived(box)[0], "plain")

    def test_after_the_last_try_the_mail_is_marked_and_can_be_retried(
        self, course: Course, siti: User, box: Postbox
    ) -> None:
        box.answers["RCPT"] = "550 no such person"
        enroll(course, actor=siti)
        moment = clock.now()
        for hour in range(12):
            with clock.at(moment + timedelta(hours=hour * 2)):
                drain_all(raising=False)
        assert kept().state == MailState.FAILED
        assert kept().sent_at is None


def replay(receiver: str) -> None:
    with transaction() as session:
        for row in session.scalars(select(StoredDelivery).where(StoredDelivery.receiver == receiver)):
            row.status, row.due_at, row.finished_at = DeliveryStatus.PENDING, clock.now(), None
    drain_all()


class TestWithoutMail:
    def test_without_a_server_the_mail_is_kept_and_says_so(self, make_app: Callable[..., Flask]) -> None:
        app = make_app()
        with app.app_context():
            enroll(make.course(), actor=make.user())
            drain_all()
            assert (kept().state, kept().sent_at) == (MailState.UNSENT, None)

    def test_who_has_no_email_is_told_in_the_app_only(self, course: Course, box: Postbox) -> None:
        enrol(course, make.user(email=None, username="2026001"))
        assert one_notification().type == kinds.WELCOME
        assert (box.letters, db.session.query(OutgoingMail).count()) == ([], 0)

    def test_a_suspended_person_gets_no_mail(self, course: Course, siti: User, box: Postbox) -> None:
        enroll(course, actor=siti)
        with transaction():
            db.session.get_one(User, siti.id).status = UserStatus.SUSPENDED
        drain_all()
        assert box.letters == []

    def test_a_lost_certificate_file_is_drawn_again_for_the_mail(
        self, course: Course, siti: User, box: Postbox
    ) -> None:
        box.answers["DATA"] = "451 later"
        enrollment = make.enrollment(siti, course, EnrollmentStatus.COMPLETED)
        certificate = issue(enrollment.id)
        assert certificate is not None
        drain_all(raising=False)
        storage.delete(certificate.file)
        box.answers.clear()
        with clock.at(clock.now() + timedelta(minutes=2)):
            drain_all()
        (pdf,) = arrived(box)[0].iter_attachments()
        assert pdf.get_content().startswith(b"%PDF")


class TestHeaders:
    EVIL = "Siti\r\nBcc: korban@evil.test"

    def test_t_mai_01_a_name_with_line_breaks_adds_no_header(self, course: Course, box: Postbox) -> None:
        enrol(course, make.user(name=self.EVIL, email="siti@contoh.test"))
        (message,) = arrived(box)
        assert message["Bcc"] is None
        assert box.recipients == ["siti@contoh.test"]
        assert "Halo, Siti Bcc: korban@evil.test!" in part(message, "plain")

    def test_t_mai_01_a_title_with_line_breaks_is_one_line(self, siti: User, box: Postbox) -> None:
        enrol(make.course(title="Dasar\r\nBcc: korban@evil.test\r\n\r\nHalo", slug="d"), siti)
        (message,) = arrived(box)
        assert message["Subject"] == "Selamat bergabung di Dasar Bcc: korban@evil.test Halo"
        assert message["Bcc"] is None

    def test_markup_in_a_name_or_title_is_text(self, box: Postbox, app: Flask) -> None:
        enrol(
            make.course(title="<b>K3</b> & 50% %(x)s", slug="k"), make.user(name="<img src=x>", email="a@contoh.test")
        )
        (message,) = arrived(box)
        assert message["Subject"] == "Selamat bergabung di <b>K3</b> & 50% %(x)s"
        html = part(message, "html")
        assert "<img" not in html
        assert "<b>K3" not in html
        assert "<b>K3</b> & 50% %(x)s" in part(message, "plain")

    def test_links_do_not_follow_the_host_of_a_request(
        self, app: Flask, course: Course, siti: User, box: Postbox
    ) -> None:
        with app.test_request_context("/", base_url="http://evil.test"):
            enrol(course, siti)
        (message,) = arrived(box)
        assert "evil.test" not in message.as_string()


def test_every_kind_that_is_mailed_has_both_templates(app: Flask) -> None:
    def exists(name: str) -> Any:
        return app.jinja_env.get_template(name)

    for kind in kinds.KINDS.values():
        assert kind.mail is None or (exists(f"email/{kind.mail}.txt") and exists(f"email/{kind.mail}.html"))
