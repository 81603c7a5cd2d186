"""The page of notifications and the bell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import User
from app.core import clock
from app.core.assets import stylesheet_url
from app.core.db import db
from app.core.ids import uuid7
from app.notifications import kinds, queries
from app.notifications.actions import notify
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.pages import Person
from tests.statements import statements


@pytest.fixture
def siti(app: Flask) -> User:
    return make.user(name="Siti")


def tell(user: User, title: str = "Dasar K3", address: str = "/kursus") -> None:
    notify(user.id, kinds.WELCOME, {"course_title": title, "address": address}, event_id=uuid7())


def at_work(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def test_an_empty_list_says_so(app: Flask, siti: User) -> None:
    assert at_work(app, siti).opens("/notifikasi").sees("Belum ada notifikasi")


def test_notifications_stand_by_day(app: Flask, siti: User) -> None:
    page = at_work(app, siti)
    with clock.at(clock.now() - timedelta(days=1)):
        tell(siti, "Kemarin dulu")
    tell(siti, "Hari ini juga")
    text = page.opens("/notifikasi").text
    assert text.index("Hari ini ") < text.index("Hari ini juga") < text.index("Kemarin ") < text.index("Kemarin dulu")
    assert "2 belum dibaca" in text


def test_opening_one_marks_it_read_and_goes_there(app: Flask, siti: User) -> None:
    tell(siti)
    page = at_work(app, siti).opens("/notifikasi").submits("Buka")
    assert page.path == "/kursus"
    assert queries.unread_count(siti.id) == 0


def test_all_can_be_marked_read_at_once(app: Flask, siti: User) -> None:
    other = make.user()
    for user in (siti, siti, other):
        tell(user)
    page = at_work(app, siti).opens("/notifikasi").submits("Tandai semua dibaca")
    assert page.path == "/notifikasi"
    assert not page.sees("belum dibaca")
    assert [queries.unread_count(user.id) for user in (siti, other)] == [0, 1]


def test_looking_marks_nothing_read(app: Flask, siti: User) -> None:
    tell(siti)
    at_work(app, siti).opens("/notifikasi")
    assert queries.unread_count(siti.id) == 1


def test_a_foreign_notification_answers_like_none(app: Flask, siti: User) -> None:
    tell(siti)
    foreign = db.session.query(Notification).one().id
    page = at_work(app, make.user()).opens("/akun")
    token = next(form.fields["csrf_token"] for form in page._page.forms if "csrf_token" in form.fields)
    for number in (foreign, 999_999):
        assert page.client.post(f"/notifikasi/{number}", data={"csrf_token": token}).status_code == 404
    assert queries.unread_count(siti.id) == 1


def test_a_guest_is_asked_to_sign_in(app: Flask) -> None:
    assert Person(app).opens("/notifikasi").path == "/masuk"


def test_many_stand_on_pages(app: Flask, siti: User) -> None:
    for number in range(35):
        tell(siti, f"Kursus ke-{number}")
    page = at_work(app, siti).opens("/notifikasi")
    assert page.sees("Halaman 1 dari 2")
    assert not page.sees("Kursus ke-4")
    assert page.opens("/notifikasi?halaman=2").sees("Kursus ke-4")
    for odd in ("0", "-1", "x", "99", "9" * 30):
        assert page.opens(f"/notifikasi?halaman={odd}").status == 200


def test_markup_in_a_title_is_text(app: Flask, siti: User) -> None:
    tell(siti, "<script>alert(1)</script>")
    body = at_work(app, siti).opens("/notifikasi").response.get_data(as_text=True)
    assert "<script>alert" not in body


def test_a_kind_that_is_gone_from_the_code_still_shows(app: Flask, siti: User) -> None:
    notify(siti.id, "old.kind", {}, event_id=uuid7())
    page = at_work(app, siti).opens("/notifikasi")
    assert page.sees("Ada pemberitahuan untuk Anda")
    assert page.submits("Buka").status == 200


def test_the_bell_costs_one_statement_where_it_shows_and_none_elsewhere(app: Flask, siti: User) -> None:
    page = at_work(app, siti)
    with app.test_request_context("/"):
        style = stylesheet_url()
    for path, times in (("/notifikasi", 1), (style, 0)):
        with statements() as seen:
            page.client.get(path)
        assert len([each for each in seen if "count" in each and "notifications.read_at IS NULL" in each]) == times


def test_the_outbox_has_what_was_mailed(app: Flask, siti: User, drain: Callable[[], int]) -> None:
    tell(siti)
    drain()
    (mail,) = queries.outgoing_mails().items
    assert (mail.recipient, mail.state) == (siti.email, "unsent")
    assert queries.outgoing_mail(mail.id) == db.session.query(OutgoingMail).one()
    assert queries.outgoing_mail(999) is None
