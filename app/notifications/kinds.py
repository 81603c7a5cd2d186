"""What we tell people: every kind of notification with its texts. `%(…)s` is filled from the notification's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.notifications.models import Notification


@dataclass(frozen=True)
class Kind:
    """One thing that we tell. `mail` names the templates `email/<mail>.txt|html`; None: only in the app."""

    sentence: LazyString
    icon: str
    mail: str | None = None
    subject: LazyString | None = None

    def write(self, notification: Notification) -> str:
        """The sentence in the list, in the reader's language."""
        return _filled(self.sentence, notification.data)

    def write_subject(self, notification: Notification) -> str:
        """The mail's subject, in the reader's language."""
        return _filled(self.subject or self.sentence, notification.data)


WELCOME = "enrollment.welcome"
COMPLETED = "enrollment.completed"
CERTIFICATE = "certificate.issued"

KINDS: dict[str, Kind] = {
    WELCOME: Kind(
        _l('Anda berhasil mendaftar di kursus "%(course_title)s"'),
        icon="book-open",
        mail="welcome",
        subject=_l("Selamat bergabung di %(course_title)s"),
    ),
    COMPLETED: Kind(
        _l('Selamat! Anda menyelesaikan kursus "%(course_title)s"'),
        icon="circle-check",
        mail="completed",
        subject=_l("Selamat! Anda telah menyelesaikan %(course_title)s"),
    ),
    CERTIFICATE: Kind(
        _l('Sertifikat kursus "%(course_title)s" sudah terbit'),
        icon="award",
        mail="certificate",
        subject=_l("Sertifikat Anda: %(course_title)s"),
    ),
}


def kind_of(notification: Notification) -> Kind:
    """The kind, or for one that the code does not know any more a kind that says little."""
    return KINDS.get(notification.type, UNKNOWN)


UNKNOWN = Kind(_l("Ada pemberitahuan untuk Anda"), icon="bell")


def _filled(text: LazyString, data: dict[str, Any]) -> str:
    return str(text) % data
