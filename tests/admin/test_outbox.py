"""Kotak Keluar: every mail as it was written, and what became of it."""

from __future__ import annotations

import pytest

from app.core.clock import now
from app.core.db import transaction
from app.core.ids import uuid7
from app.notifications.models import MailState, Notification, OutgoingMail
from tests import make
from tests.pages import Person

HOSTILE = '<script>alert("x")</script>'


def mail(state: MailState = MailState.UNSENT, **fields: object) -> OutgoingMail:
    """A kept mail with its notification."""
    with transaction() as session:
        told = Notification(user_id=make.user().id, event_id=uuid7(), type="enrollment.welcome", data={})
        session.add(told)
        session.flush()
        values = {
            "notification_id": told.id, "message_id": f"<{told.id}@contoh.test>", "recipient": "ayu@contoh.test",
            "subject": "Selamat bergabung di K3", "text": "Halo, Ayu!\n\nMulai.", "html": "<p>Halo, Ayu!</p>",
            "state": state, "sent_at": now() if state == MailState.SENT else None, **fields,
        }  # fmt: skip
        kept = OutgoingMail(**values)
        session.add(kept)
        session.flush()
        session.refresh(kept)
    return kept


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MailState.WAITING, "Menunggu"),
        (MailState.SENT, "Terkirim"),
        (MailState.UNSENT, "Tidak dikirim"),
        (MailState.FAILED, "Gagal dikirim"),
    ],
)
def test_the_list_says_what_became_of_each_mail(panel: Person, state: MailState, words: str) -> None:
    mail(state)
    page = panel.opens("/admin/kotak-keluar")
    assert page.sees(words)
    assert page.follows("Selamat bergabung di K3").sees(words)


def test_a_mail_that_was_not_sent_says_why(panel: Person) -> None:
    assert panel.opens(f"/admin/kotak-keluar/{mail().id}").sees("Tidak dikirim: server email belum diatur")


def test_a_missing_mail_server_is_said_above_the_list(panel: Person) -> None:
    assert panel.opens("/admin/kotak-keluar").sees("Isi MAIL_SERVER")


def test_a_mail_is_read_as_plain_text(panel: Person) -> None:
    kept = mail(text=HOSTILE, subject=HOSTILE)
    page = panel.opens(f"/admin/kotak-keluar/{kept.id}")
    assert HOSTILE not in page.response.text
    assert page.sees(HOSTILE)


def test_the_html_part_leaves_as_a_file_that_runs_nothing(panel: Person) -> None:
    answer = panel.client.get(f"/admin/kotak-keluar/{mail().id}.html")
    assert answer.text == "<p>Halo, Ayu!</p>"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="email-1.html"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_has_pages(panel: Person) -> None:
    for number in range(51):
        mail(subject=f"Surat {number:02}")
    assert panel.opens("/admin/kotak-keluar").sees("Surat 50")
    page = panel.opens("/admin/kotak-keluar?hal=2")
    assert page.sees("Surat 00")
    assert not page.sees("Surat 50")


@pytest.mark.parametrize("page", ["x", "-1", "0", "99999999999999999999999"])
def test_a_wrong_page_number_is_no_error(panel: Person, page: str) -> None:
    mail()
    assert panel.opens(f"/admin/kotak-keluar?hal={page}").status == 200
