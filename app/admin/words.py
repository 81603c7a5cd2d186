"""Facts, things and reactions in the reader's words. What has no words here is shown by its fixed name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from app.admin.fields import FIELDS, PROFILE_FIELDS

EVENTS = {
    "action.failed": _l("Galat tidak terduga"),
    "assessment.answer.graded": _l("Jawaban dinilai"),
    "assessment.attempt.cancelled": _l("Percobaan dibatalkan"),
    "assessment.attempt.ended": _l("Percobaan diakhiri lebih awal"),
    "assessment.attempt.extended": _l("Waktu percobaan ditambah"),
    "assessment.attempt.started": _l("Percobaan dimulai"),
    "assessment.created": _l("Asesmen dibuat"),
    "assessment.extended": _l("Kelonggaran asesmen diberikan"),
    "assessment.graded": _l("Nilai keluar"),
    "assessment.published": _l("Asesmen diterbitkan"),
    "assessment.submitted": _l("Jawaban dikirim"),
    "assessment.unpublished": _l("Asesmen ditarik"),
    "assessment.updated": _l("Asesmen diubah"),
    "category.added": _l("Kategori dibuat"),
    "category.deleted": _l("Kategori dihapus"),
    "category.updated": _l("Kategori diubah"),
    "certificate.issued": _l("Sertifikat terbit"),
    "certificate.revoked": _l("Sertifikat dicabut"),
    "course.archived": _l("Kursus diarsipkan"),
    "course.created": _l("Kursus dibuat"),
    "course.publication_declined": _l("Pengajuan dikembalikan"),
    "course.publication_requested": _l("Penerbitan diajukan"),
    "course.publication_withdrawn": _l("Pengajuan ditarik"),
    "course.published": _l("Kursus diterbitkan"),
    "course.tags_changed": _l("Tag kursus diubah"),
    "course.unpublished": _l("Kursus ditarik"),
    "course.updated": _l("Kursus diubah"),
    "course_import.begun": _l("Impor kursus berjalan"),
    "course_import.refused": _l("Impor kursus ditolak"),
    "course_import.requested": _l("Impor kursus diminta"),
    "delivery.discarded": _l("Pekerjaan gagal diabaikan"),
    "delivery.retried": _l("Pekerjaan gagal dicoba lagi"),
    "enrollment.completed": _l("Kursus diselesaikan"),
    "enrollment.course_started": _l("Mulai belajar"),
    "enrollment.created": _l("Peserta terdaftar"),
    "enrollment.dropped": _l("Peserta berhenti"),
    "enrollment.reactivated": _l("Peserta mendaftar lagi"),
    "invitation.accepted": _l("Undangan diterima"),
    "invitation.declined": _l("Undangan ditolak"),
    "invitation.sent": _l("Undangan dikirim"),
    "learning_path.completed": _l("Jalur belajar diselesaikan"),
    "learning_path.course_unlocked": _l("Kursus terbuka di jalur belajar"),
    "learning_path.dropped": _l("Peserta berhenti dari jalur belajar"),
    "learning_path.enrollment.created": _l("Peserta masuk jalur belajar"),
    "learning_path.progress_updated": _l("Progres jalur belajar berubah"),
    "lesson.added": _l("Materi ditambahkan"),
    "lesson.completed": _l("Materi diselesaikan"),
    "lesson.deleted": _l("Materi dihapus"),
    "lesson.restored": _l("Materi dikembalikan"),
    "lesson.updated": _l("Materi diubah"),
    "media.forgotten": _l("Berkas tanpa materi dihapus"),
    "notification.created": _l("Notifikasi dibuat"),
    "progress.updated": _l("Progres berubah"),
    "question.changed": _l("Soal diubah"),
    "review.added": _l("Ulasan ditulis"),
    "review.removed": _l("Ulasan dihapus"),
    "review.updated": _l("Ulasan diubah"),
    "session.started": _l("Masuk"),
    "settings.changed": _l("Pengaturan diubah"),
    "state.transitioned": _l("Status berubah"),
    "tag.deleted": _l("Tag dihapus"),
    "tag.merged": _l("Tag digabungkan"),
    "tag.renamed": _l("Tag diganti namanya"),
    "task.continued": _l("Pekerjaan panjang berlanjut"),
    "task.finished": _l("Pekerjaan panjang selesai"),
    "task.requested": _l("Pekerjaan panjang diminta"),
    "upload.continued": _l("Unggahan berlanjut"),
    "upload.forgotten": _l("Unggahan dilupakan"),
    "upload.started": _l("Unggahan dimulai"),
    "user.anonymized": _l("Akun dianonimkan"),
    "user.email_changed": _l("Email diganti"),
    "user.email_verification_requested": _l("Verifikasi email diminta"),
    "user.email_verified": _l("Email terverifikasi"),
    "user.initial_password_set": _l("Kata sandi awal dibuat"),
    "user.invited": _l("Orang diundang memilih kata sandi"),
    "user.password_changed": _l("Kata sandi diganti"),
    "user.password_reset_requested": _l("Kata sandi baru diminta"),
    "user.profile_updated": _l("Profil diubah"),
    "user.reactivated": _l("Akun diaktifkan lagi"),
    "user.recovery_code_used": _l("Masuk dengan kode pemulihan"),
    "user.recovery_codes_renewed": _l("Kode pemulihan diganti"),
    "user.registered": _l("Akun dibuat"),
    "user.registration_repeated": _l("Pendaftaran dengan email yang sudah terpakai"),
    "user.role_changed": _l("Peran diubah"),
    "user.sessions_ended": _l("Sesi diakhiri"),
    "user.sign_in_limited": _l("Masuk dijeda karena banyak kata sandi salah"),
    "user.suspended": _l("Akun dinonaktifkan"),
    "user.two_factor_disabled": _l("Masuk dua langkah dimatikan"),
    "user.two_factor_enabled": _l("Masuk dua langkah dinyalakan"),
}

THINGS = {
    "action": _l("Tindakan"),
    "assessment": _lp("satu", "Asesmen"),
    "assessment_attempt": _l("Percobaan"),
    "category": _l("Kategori"),
    "certificate": _lp("satu", "Sertifikat"),
    "course": _lp("satu", "Kursus"),
    "course_import": _l("Impor kursus"),
    "delivery": _l("Pengiriman"),
    "enrollment": _l("Kepesertaan"),
    "invitation": _lp("satu", "Undangan"),
    "learning_path": _l("Jalur belajar"),
    "learning_path_enrollment": _l("Kepesertaan jalur"),
    "media": _lp("satu", "Berkas"),
    "notification": _lp("satu", "Notifikasi"),
    "question": _lp("satu", "Soal"),
    "review": _l("Ulasan"),
    "settings": _l("Pengaturan"),
    "tag": _l("Tag"),
    "task": _l("Pekerjaan panjang"),
    "upload": _l("Unggahan"),
    "user": _l("Akun"),
}

RECEIVERS = {
    "assessments_close_overdue_attempt": _l("Menutup percobaan yang waktunya habis"),
    "assessments_count_answers_of_assessment": _l("Menghitung jawaban tiap soal"),
    "certificates_issue_certificate": _l("Menerbitkan sertifikat"),
    "certificates_remove_papers": _l("Menghapus berkas sertifikat dengan nama lama"),
    "certificates_render_certificate": _l("Menggambar berkas sertifikat"),
    "courses_clear_import": _l("Membereskan paket kursus"),
    "courses_delete_forgotten": _l("Menghapus berkas yang dilupakan"),
    "courses_forget_abandoned": _l("Melupakan unggahan yang tidak selesai"),
    "courses_unpack": _l("Membuka paket kursus"),
    "notifications_announce_certificate": _l("Memberi tahu sertifikat terbit"),
    "notifications_ask_admins": _l("Memberi tahu admin tentang kursus yang diajukan"),
    "notifications_congratulate_learner": _l("Memberi selamat kepada peserta"),
    "notifications_mail_notification": _l("Mengirim email"),
    "notifications_return_to_author": _l("Memberi tahu pengajar bahwa kursusnya dikembalikan"),
    "notifications_tell_author": _l("Memberi tahu pengajar bahwa kursusnya terbit"),
    "notifications_tell_grader": _l("Memberi tahu pengajar tentang jawaban yang menunggu dinilai"),
    "notifications_tell_result": _l("Memberi tahu peserta tentang nilainya"),
    "notifications_tell_those_inside": _l("Memberi tahu peserta bahwa kursusnya ditarik"),
    "notifications_welcome_learner": _l("Menyambut peserta"),
    "progress_recalculate_course": _l("Menghitung ulang progres satu kursus"),
    "progress_recalculate_progress": _l("Menghitung progres"),
    "notifications_mail_account": _l("Mengirim email akun"),
    "notifications_mail_invitation": _l("Mengirim undangan akun"),
    "notifications_warn_owner": _l("Memperingatkan pemilik akun"),
    "record_audit": _l("Mencatat di Jejak Audit"),
    "run_task": _l("Mengerjakan satu langkah pekerjaan panjang"),
    "courses_index_for_search": _l("Memperbarui pencarian kursus"),
    "courses_index_tagged_courses": _l("Memperbarui pencarian kursus dengan satu tag"),
    "enrollments_count_reviews": _l("Menghitung ulasan kursus"),
    "notifications_tell_reviewer": _l("Memberi tahu penulis ulasan"),
}

QUEUES = {
    "audit": _l("Jejak Audit"),
    "certificates": _l("Sertifikat"),
    "default": _l("Umum"),
    "inline": _l("Langsung"),
    "notifications": _l("Notifikasi dan email"),
}

SEVERITIES = {"info": _l("Info"), "warning": _l("Peringatan"), "error": _l("Galat")}

_TITLES = ("lesson_title", "course_title", "assessment_title", "path_title", "title", "number", "action", "receiver")


def event(name: str) -> str:
    """What the fact means."""
    return _worded(EVENTS, name)


def thing(aggregate_type: str) -> str:
    """What kind of thing the fact is about."""
    return _worded(THINGS, aggregate_type)


def receiver(name: str) -> str:
    """What the receiver does."""
    return _worded(RECEIVERS, name)


def queue(name: str) -> str:
    return _worded(QUEUES, name)


def field(name: str) -> str:
    """A field of a payload."""
    return _worded(FIELDS, name)


def profile_field(name: str) -> str:
    return _worded(PROFILE_FIELDS, name)


def severity(name: str) -> str:
    return _worded(SEVERITIES, name)


def title(payload: Mapping[str, Any]) -> str:
    """The titles that a payload carries, the narrower first; empty when it carries none."""
    return " · ".join(_worded(RECEIVERS, str(payload[key])) for key in _TITLES if payload.get(key))


def _worded(words: Mapping[str, LazyString], name: str) -> str:
    return str(words.get(name, name))
