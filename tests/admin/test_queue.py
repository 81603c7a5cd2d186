"""Antrean: failed work by cause in plain words, tried again in groups, ignored with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.actions import create_user
from app.admin.causes import ADDRESS, FULL, REFUSED, SILENT, UNEXPECTED, Cause, cause_of
from app.admin.failures import SHOWN, failed_groups
from app.core.clock import at, now
from app.core.db import db, transaction
from app.events.actions import DeliveryDiscarded
from app.events.models import AuditEntry, DeliveryStatus, StoredDelivery
from tests import make
from tests.admin.conftest import MAIL, given_up
from tests.facts import assert_stated
from tests.pages import Person

TIMEOUT = "TimeoutError: timed out"


def failed() -> int:
    db.session.rollback()
    count = select(func.count()).select_from(StoredDelivery).where(StoredDelivery.status == DeliveryStatus.FAILED)
    return db.session.scalars(count).one()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("ConnectionRefusedError: [Errno 111] Connection refused", REFUSED),
        ("TimeoutError: timed out", SILENT),
        ("SMTPRecipientsRefused: {'a@b': (550, b'no')}", ADDRESS),
        ("OSError: [Errno 28] No space left on device", FULL),
        ("StorageFull: Ruang simpan server penuh.", FULL),
        ("ValueError: x", UNEXPECTED),
        ("", UNEXPECTED),
        (None, UNEXPECTED),
    ],
)
def test_a_cause_has_plain_words(error: str | None, cause: Cause) -> None:
    assert cause_of(error) == cause


def test_failed_work_is_grouped_by_what_failed_and_why(panel: Person) -> None:
    for number in range(12):
        given_up(error=f"ConnectionRefusedError: [Errno 111] {number}")
    given_up(error=TIMEOUT)
    given_up("certificates_render_certificate", TIMEOUT)
    page = panel.opens("/admin/antrean")
    assert page.response.text.count("<article") == 3
    for words in ("Server email menolak sambungan.", "12 pekerjaan", "dan 2 lainnya", "Menggambar berkas sertifikat"):
        assert page.sees(words), words


def test_a_group_shows_its_jobs_however_many_newer_ones_another_has(app: Flask) -> None:
    start = now()
    with transaction():
        for seconds in range(205):
            with at(start + timedelta(seconds=seconds)):
                given_up("certificates_render_certificate" if seconds == 0 else MAIL, TIMEOUT)
    mails, papers = failed_groups()
    assert (mails.receiver, mails.count, len(mails.jobs)) == (MAIL, 204, SHOWN)
    assert (papers.count, len(papers.jobs)) == (1, 1)
    moments = [each.delivery.finished_at for each in mails.jobs]
    assert moments == [start + timedelta(seconds=204 - number) for number in range(SHOWN)]


def test_a_failed_job_says_whom_it_concerns(panel: Person) -> None:
    learner = make.user(name="Theresia Hoar Bere")
    given_up(payload={"notification_id": 1, "user_id": learner.id, "type": "enrollment.welcome"})
    assert panel.opens("/admin/antrean").sees("Theresia Hoar Bere")


def test_nothing_failed_is_said(panel: Person) -> None:
    assert panel.opens("/admin/antrean").sees("Tidak ada pekerjaan gagal")


def test_a_group_is_tried_again_and_the_others_stay(panel: Person) -> None:
    for error in (TIMEOUT, TIMEOUT, "ConnectionRefusedError: x", "TimeoutErrorOfAnotherKind: x"):
        given_up(error=error)
    page = panel.opens("/admin/antrean")
    form = next(form for form in page.forms if form.fields.get("error") == "TimeoutError")
    answer = panel.client.post(form.action, data=form.fields, follow_redirects=True)
    assert "2 pekerjaan dicoba lagi." in answer.text
    assert failed() == 2


def test_a_percent_sign_is_no_wildcard(panel: Person) -> None:
    given_up()
    token = panel.opens("/admin/antrean").forms[0].fields["csrf_token"]
    fields = {"csrf_token": token, "receiver": MAIL, "error": "%"}
    answer = panel.client.post("/admin/antrean/coba-lagi", data=fields, follow_redirects=True)
    assert "Tidak ada yang perlu dicoba lagi." in answer.text
    assert failed() == 1


def test_a_group_without_a_name_is_a_bad_request(panel: Person) -> None:
    token = panel.opens("/admin/antrean").forms[0].fields["csrf_token"]
    assert panel.client.post("/admin/antrean/coba-lagi", data={"csrf_token": token}).status_code == 400


def test_everything_is_tried_again_and_a_second_click_finds_nothing(panel: Person) -> None:
    for _each in range(3):
        given_up()
    panel.opens("/admin/antrean")
    form = next(form for form in panel.forms if form.action.endswith("coba-lagi-semua"))
    assert "3 pekerjaan dicoba lagi." in panel.client.post(form.action, data=form.fields, follow_redirects=True).text
    assert failed() == 0
    assert "Tidak ada yang perlu" in panel.client.post(form.action, data=form.fields, follow_redirects=True).text


def test_what_is_tried_again_is_done_by_the_worker(panel: Person, drain: Callable[[], int]) -> None:
    create_user(name="Ayu", email="ayu@contoh.test")
    with transaction() as session:
        audit = update(StoredDelivery).where(StoredDelivery.receiver == "record_audit")
        session.execute(audit.values(status="failed", due_at=None, last_error=TIMEOUT, attempts=10))
    drain()
    assert db.session.scalars(select(AuditEntry)).all() == []
    panel.opens("/admin/antrean").submits("Coba Lagi Kelompok Ini")
    drain()
    names = set(db.session.scalars(select(AuditEntry.event_name)))
    assert {"user.registered", "delivery.retried"} <= names


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_job_is_not_ignored_without_a_reason(panel: Person, reason: str) -> None:
    given = given_up()
    page = panel.opens(f"/admin/antrean/{given.event_id}/{MAIL}/abaikan").submits("Abaikan", reason=reason)
    assert page.status == 422
    assert page.sees("Wajib diisi.") or page.sees("Tulis alasannya")
    assert failed() == 1


def test_a_reason_that_is_too_long_is_kept_to_be_shortened(panel: Person) -> None:
    given, reason = given_up(), "Sudah dikirim lewat WhatsApp. " * 20
    page = panel.opens(f"/admin/antrean/{given.event_id}/{MAIL}/abaikan").submits("Abaikan", reason=reason)
    assert page.status == 422
    assert reason.strip() in page.response.text
    assert failed() == 1


def test_a_double_click_on_abaikan_states_it_once(panel: Person) -> None:
    given = given_up()
    panel.opens(f"/admin/antrean/{given.event_id}/{MAIL}/abaikan")
    form = next(form for form in panel.forms if "Abaikan" in form.buttons)
    path, fields = panel.path, {**form.fields, "reason": "Sudah lewat"}
    assert panel.client.post(path, data=fields).status_code == 303
    second = panel.client.post(path, data=fields)
    assert second.status_code == 422
    assert "tidak lagi gagal" in second.text
    assert_stated(DeliveryDiscarded, times=1)
