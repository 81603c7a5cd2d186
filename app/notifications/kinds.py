"""What we tell people: every kind of notification with its texts. `%(…)s` is filled from the notification's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.accounts.agents import in_words
from app.core.i18n import format_datetime, format_percent
from app.notifications.models import Notification


@dataclass(frozen=True)
class Kind:
    """One thing that we tell. `mail` names the templates `email/<mail>.txt|html`; None: only in the app.

    `advice` says in the mail what the reader may have to do.
    """

    sentence: LazyString
    icon: str
    mail: str | None = None
    subject: LazyString | None = None
    advice: LazyString | None = None

    def write(self, notification: Notification) -> str:
        """The sentence in the list, in the reader's language."""
        return _filled(self.sentence, notification.data)

    def write_subject(self, notification: Notification) -> str:
        """The mail's subject, in the reader's language."""
        return _filled(self.subject or self.sentence, notification.data)

    def write_advice(self) -> str:
        """What to do, in the reader's language; empty when there is nothing."""
        return str(self.advice or "")


WELCOME = "enrollment.welcome"
COMPLETED = "enrollment.completed"
CERTIFICATE = "certificate.issued"
PUBLICATION_REQUESTED = "course.publication_requested"
PUBLICATION_DECLINED = "course.publication_declined"
COURSE_PUBLISHED = "course.published"
COURSE_UNPUBLISHED = "course.unpublished"
REVIEW_REMOVED = "review.removed"
ASSESSMENT_PASSED = "assessment.passed"
ASSESSMENT_NOT_PASSED = "assessment.not_passed"
ASSESSMENT_GRADED = "assessment.graded"
ASSESSMENT_EXPIRED = "assessment.expired"
ASSESSMENT_WAITING = "assessment.waiting"
PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a kind
PASSWORD_REPLACED = "account.password_replaced"  # noqa: S105 - a kind
NEW_DEVICE = "account.new_device"
SIGN_IN_LIMITED = "account.sign_in_limited"
TWO_FACTOR_DISABLED = "account.two_factor_disabled"
RECOVERY_CODE_USED = "account.recovery_code_used"

NOT_ME = _l(
    "Bila bukan Anda, segera pilih kata sandi baru lewat Lupa kata sandi dan hubungi admin. Semua perangkat lain akan "
    "keluar."
)

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
    PUBLICATION_REQUESTED: Kind(
        _l('Kursus "%(course_title)s" diajukan dan menunggu Anda terbitkan.'),
        icon="send",
        mail="course",
        subject=_l("Menunggu diterbitkan: %(course_title)s"),
        advice=_l("Periksa isinya, lalu terbitkan, atau kembalikan kepada pengajarnya dengan alasan."),
    ),
    PUBLICATION_DECLINED: Kind(
        _l('Kursus "%(course_title)s" dikembalikan kepada Anda. Alasannya: %(reason)s'),
        icon="arrow-left",
        mail="course",
        subject=_l("Perlu diperbaiki: %(course_title)s"),
        advice=_l("Perbaiki kursusnya, lalu ajukan lagi."),
    ),
    ASSESSMENT_PASSED: Kind(
        _l('Anda lulus "%(assessment_title)s" dengan nilai %(percent)s.'),
        icon="circle-check",
        mail="assessment",
        subject=_l("Anda lulus: %(assessment_title)s"),
    ),
    ASSESSMENT_NOT_PASSED: Kind(
        _l('Nilai Anda untuk "%(assessment_title)s": %(percent)s. Anda belum lulus; nilai minimal %(mark)s.'),
        icon="clipboard-list",
        mail="assessment",
        subject=_l("Hasil %(assessment_title)s"),
        advice=_l("Buka hasilnya untuk melihat sisa percobaan Anda."),
    ),
    ASSESSMENT_GRADED: Kind(
        _l('Jawaban Anda untuk "%(assessment_title)s" sudah dinilai.'),
        icon="clipboard-list",
        mail="assessment",
        subject=_l("Sudah dinilai: %(assessment_title)s"),
    ),
    ASSESSMENT_EXPIRED: Kind(
        _l('Waktu "%(assessment_title)s" habis sebelum ada jawaban Anda yang tersimpan.'),
        icon="clock",
        mail="assessment",
        subject=_l("Waktu habis: %(assessment_title)s"),
        advice=_l("Buka hasilnya untuk melihat sisa percobaan Anda. Bila ada gangguan, hubungi pengajar Anda."),
    ),
    ASSESSMENT_WAITING: Kind(_l('Ada jawaban "%(assessment_title)s" yang menunggu dinilai.'), icon="clipboard-list"),
    COURSE_PUBLISHED: Kind(
        _l('Kursus Anda "%(course_title)s" sudah terbit. Peserta dapat mengikutinya.'),
        icon="circle-check",
        mail="course",
        subject=_l("Sudah terbit: %(course_title)s"),
    ),
    COURSE_UNPUBLISHED: Kind(
        _l('Kursus "%(course_title)s" sedang diperbaiki dan tidak menerima peserta baru.'),
        icon="info",
        mail="course",
        subject=_l("Sedang diperbaiki: %(course_title)s"),
        advice=_l("Anda tetap dapat belajar di dalamnya, dan progres Anda tersimpan."),
    ),
    REVIEW_REMOVED: Kind(
        _l('Ulasan Anda untuk kursus "%(course_title)s" dihapus oleh admin. Alasannya: %(reason)s'),
        icon="message-square",
    ),
    PASSWORD_CHANGED: Kind(
        _l("Kata sandi akun Anda diganti pada %(moment)s."),
        icon="lock",
        mail="account",
        subject=_l("Kata sandi Anda diganti"),
        advice=NOT_ME,
    ),
    PASSWORD_REPLACED: Kind(
        _l("Admin membuat kata sandi awal baru untuk akun Anda pada %(moment)s. Yang lama tidak berlaku lagi."),
        icon="lock",
        mail="account",
        subject=_l("Kata sandi awal baru untuk akun Anda"),
        advice=_l("Minta kata sandi awalnya kepada admin. Bila Anda tidak memintanya, tanyakan kepada admin."),
    ),
    NEW_DEVICE: Kind(
        _l("Akun Anda masuk dari perangkat baru (%(device)s) pada %(moment)s."),
        icon="monitor",
        mail="account",
        subject=_l("Masuk dari perangkat baru"),
        advice=NOT_ME,
    ),
    SIGN_IN_LIMITED: Kind(
        _l("Ada banyak percobaan masuk ke akun Anda dengan kata sandi yang salah."),
        icon="triangle-alert",
        mail="account",
        subject=_l("Banyak percobaan masuk ke akun Anda"),
        advice=_l(
            "Akun Anda tetap terkunci bagi yang tidak tahu kata sandinya. Bila Anda sendiri yang mencoba, tunggu 15 "
            "menit, lalu masuk lagi atau pakai Lupa kata sandi."
        ),
    ),
    TWO_FACTOR_DISABLED: Kind(
        _l("Masuk dua langkah untuk akun Anda dimatikan pada %(moment)s."),
        icon="shield-check",
        mail="account",
        subject=_l("Masuk dua langkah dimatikan"),
        advice=NOT_ME,
    ),
    RECOVERY_CODE_USED: Kind(
        _l("Kode pemulihan dipakai untuk masuk pada %(moment)s. Sisa kode: %(remaining)s."),
        icon="shield-check",
        mail="account",
        subject=_l("Kode pemulihan Anda dipakai"),
        advice=NOT_ME,
    ),
}


def kind_of(notification: Notification) -> Kind:
    """The kind, or for one that the code does not know any more a kind that says little."""
    return KINDS.get(notification.type, UNKNOWN)


UNKNOWN = Kind(_l("Ada pemberitahuan untuk Anda"), icon="bell")


def _filled(text: LazyString, data: dict[str, Any]) -> str:
    return str(text) % _worded(data)


def _worded(data: dict[str, Any]) -> dict[str, Any]:
    """The data with its moment in the reader's zone, percent as they write it, and the browser in words of ours."""
    words = dict(data)
    if "moment" in data:
        words["moment"] = format_datetime(datetime.fromisoformat(data["moment"]))
    if "percentage" in data:
        words["percent"] = format_percent(data["percentage"])
    if "agent" in data:
        words["device"] = in_words(data["agent"])
    return words
