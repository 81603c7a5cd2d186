"""Perlu perhatian: what an admin should look at, the worst first, each with the page that helps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.queries import Health
from app.assessments.queries.results import Lapsed
from app.core.clock import now
from app.core.i18n import format_ago, format_filesize, format_number
from app.core.settings import Institution
from app.courses.queries import Requests

LATE = timedelta(minutes=1)
LITTLE_SPACE = 500_000_000
"""Bytes. A school fills them in weeks, not in hours."""


class Concern(NamedTuple):
    """`tone` is danger, warning or info."""

    title: str
    detail: str
    address: str
    tone: str


def concerns(health: Health, house: Institution, requests: Requests, lapsed: Lapsed) -> list[Concern]:
    """Empty when there is nothing to do."""
    return [
        *_of_the_chain(health),
        *_of_the_disk(health),
        *_of_the_queue(health),
        *_of_the_pages(health),
        *_of_the_courses(requests),
        *_of_the_grades(lapsed),
        *_of_the_settings(health, house),
    ]


def _of_the_grades(lapsed: Lapsed) -> Iterator[Concern]:
    if lapsed.count:
        n = format_number(lapsed.count)
        title = ngettext(
            "%(n)s peserta selesai tanpa kelulusan", "%(n)s peserta selesai tanpa kelulusan", lapsed.count, n=n
        )
        detail = _("Nilainya diubah sesudah kursus selesai. Kursus dan sertifikatnya tetap, kecuali Anda mencabutnya.")
        address = url_for("assessments.results", assessment_id=lapsed.assessment_id)
        yield Concern(title, detail, address, "warning")


def _of_the_chain(health: Health) -> Iterator[Concern]:
    if not health.chain.holds:
        detail = _("Ujung rantainya tidak cocok. Tekan Verifikasi untuk mengetahui baris mana.")
        yield Concern(_("Jejak Audit rusak"), detail, url_for("admin.audit"), "danger")


def _of_the_disk(health: Health) -> Iterator[Concern]:
    if health.free_bytes < LITTLE_SPACE:
        title = _("Ruang simpan tinggal %(size)s", size=format_filesize(health.free_bytes))
        detail = _("Bila habis, tidak ada lagi yang dapat disimpan. Kosongkan ruang di server.")
        yield Concern(title, detail, url_for("admin.settings"), "danger")


def _of_the_queue(health: Health) -> Iterator[Concern]:
    address = url_for("admin.queue")
    if health.mode != "on":
        detail = _("EVENTS_ENABLED=%(mode)s: email, sertifikat, dan Jejak Audit menunggu.", mode=health.mode)
        yield Concern(_("Reaksi sedang dimatikan"), detail, address, "danger")
    if not health.workers:
        detail = _("Tidak ada pekerja yang hidup: email dan sertifikat menunggu. Jalankan flask worker.")
        yield Concern(_("Antrean tidak berjalan"), detail, address, "danger")
    elif health.oldest is not None and health.oldest < now() - LATE:
        detail = _("Tertua sejak %(ago)s.", ago=format_ago(health.oldest))
        n = format_number(health.waiting)
        title = ngettext("%(n)s pekerjaan menumpuk", "%(n)s pekerjaan menumpuk", health.waiting, n=n)
        yield Concern(title, detail, address, "warning")
    if health.failed:
        detail = _("Sudah dicoba berulang kali. Baca sebabnya, lalu coba lagi atau abaikan.")
        n = format_number(health.failed)
        title = ngettext("%(n)s pekerjaan gagal", "%(n)s pekerjaan gagal", health.failed, n=n)
        yield Concern(title, detail, address, "danger")
    if health.recent.retries_often:
        values = {"n": format_number(health.recent.retried), "all": format_number(health.recent.finished)}
        title = _("%(n)s dari %(all)s pekerjaan dicoba ulang", **values)
        detail = _("Dalam 5 menit terakhir. Mungkin server email atau disk sedang tersendat.")
        yield Concern(title, detail, address, "warning")


def _of_the_pages(health: Health) -> Iterator[Concern]:
    if health.recent.is_slow:
        detail = _(
            "Dalam 5 menit terakhir, 5 dari 100 menyimpan lebih lama dari %(n)s md.", n=round(health.recent.inline_ms)
        )
        yield Concern(_("Halaman lambat menyimpan"), detail, url_for("admin.queue"), "warning")
    if health.errors:
        title = _("%(n)s galat tidak terduga dalam 24 jam", n=format_number(health.errors))
        detail = _("Ada halaman yang tidak dapat ditampilkan.")
        yield Concern(title, detail, url_for("admin.events", jenis="action.failed"), "warning")


def _of_the_courses(requests: Requests) -> Iterator[Concern]:
    if requests.oldest is not None:
        n = format_number(requests.count)
        title = ngettext("%(n)s kursus menunggu diterbitkan", "%(n)s kursus menunggu diterbitkan", requests.count, n=n)
        detail = _("Tertua sejak %(ago)s.", ago=format_ago(requests.oldest))
        yield Concern(title, detail, url_for("courses.workshop", tab="diajukan"), "info")


def _of_the_settings(health: Health, house: Institution) -> Iterator[Concern]:
    if not health.has_mail_server:
        detail = _("Email tidak dikirim, hanya disimpan di Kotak Keluar. Isi MAIL_SERVER.")
        yield Concern(_("Server email belum diatur"), detail, url_for("admin.outbox"), "warning")
    if house.name == Institution.name or not house.signatories:
        detail = _("Nama lembaga dan penanda tangan tertulis pada sertifikat.")
        yield Concern(_("Identitas lembaga belum lengkap"), detail, url_for("admin.settings"), "info")
