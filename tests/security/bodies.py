"""What a form that is filled in well sends, for every write that takes more than its button."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

import pyotp

from app.core.clock import now
from tests.admin.conftest import MAIL
from tests.courses.packing import package
from tests.files import picture
from tests.pages import PASSWORD
from tests.security.world import email_of

SECRET, RECOVERY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "k7mpx-3dq9w"
"""What the app of everybody with a second step holds, and their recovery code."""
AIKEN = b"Apa?\nA. Helm\nB. Topi\nANSWER: A\n"
QUESTION = {
    **{"text": "Apa?", "points": "2", "feedback": "Baca lagi.", "tags": "dasar", "key": "benar", "value": "5"},
    **{"accepted": "Jakarta", "choices-0-text": "Helm", "choices-0-is_key": "y", "choices-1-text": "Topi"},
    **{"pairs-0-text": "Api", "pairs-0-partner": "APAR", "pairs-1-text": "Luka", "pairs-1-partner": "P3K"},
}
"""Every type takes its own of it."""
ZONE = {"timezone": "Asia/Jakarta", "locale": "id"}
BODIES: dict[str, dict[str, Any]] = {
    "accounts.appearance": {"theme": "dark"},
    "accounts.email": {"email": "pindah@contoh.test", "current": PASSWORD},
    "accounts.first_password": {"password": "belajar-terus-2026", "email": "pertama@contoh.test"},
    "accounts.forgotten": {"login": "enrolled@contoh.test"},
    "accounts.password": {"current": PASSWORD, "password": "belajar-terus-2026"},
    "accounts.profile": {"name": "Nama Baru", **ZONE},
    "accounts.register": {"name": "Orang Baru", "email": "baru@contoh.test", "password": "belajar-terus-2026"},
    "accounts.recovery_codes": {"current": PASSWORD},
    "accounts.reset": {"password": "belajar-terus-2026"},
    "accounts.set_up": {"name": "Admin Pertama", "email": "admin1@contoh.test", "password": "belajar-terus-2026"},
    "accounts.turn_off_two_factor": {"current": PASSWORD},
    "accounts.two_factor": {"current": PASSWORD},
    "accounts.theme": {"theme": "dark"},
    "admin.events_retry": {"receiver": MAIL},
    "admin.people_anonymize": {"typed": "Orang enrolled"},
    "admin.people_bulk": {"tindakan": "akhiri-sesi", "orang": "1", "kembali": "/admin/peserta?hal=1"},
    "admin.people_edit": {"name": "Nama Lain", "username": "lain.1", **ZONE},
    "admin.people_new": {"name": "Ayu", "username": "ayu.1", "role": "learner", **ZONE},
    "admin.people_role": {"role": "trainer"},
    "admin.queue_discard": {"reason": "Sudah tidak perlu."},
    "admin.queue_retry_group": {"receiver": MAIL, "error": "ConnectionRefusedError"},
    "admin.settings": {"name": "Balai Baru", "certificate_number": "{urut:03}/SERT/{tahun}"},
    "certificates.verify": {"sha256": "0" * 64},
    # Workshop: outline and lessons
    "courses.lesson_draft": {"title": "Baru", "body": "Setengah jadi", "version": "1", "is_free_preview": "y"},
    "courses.lesson_edit": {
        "title": "Baru",
        "body": "Isi baru.",
        "address": "https://youtu.be/abcdefghijk",
        "minutes": "10",
        "is_required": "y",
        "is_free_preview": "y",
    },
    "courses.lesson_move": {"step": "1"},
    "courses.lesson_new_draft": {"jenis": "text", "title": "Baru", "body": "Setengah jadi", "is_free_preview": "y"},
    "courses.lesson_new": {"bab": "4", "jenis": "text", "title": "Baru", "is_required": "y", "is_free_preview": "y"},
    "courses.preview": {"text": "**tebal**"},
    "courses.section_add": {"title": "Bab baru"},
    "courses.section_move": {"step": "-1"},
    "courses.section_rename": {"title": "Judul baru"},
    # Workshop: courses
    "courses.course_draft": {"title": "Judul baru", "visibility": "public"},
    "courses.course_settings": {
        **{"title": "Judul baru", "short_description": "Ringkas", "category": "0", "tags": "K3, bengkel"},
        **{"difficulty": "beginner", "visibility": "public"},
    },
    "courses.decline_request": {"reason": "Lengkapi tujuan belajarnya."},
    "courses.workshop": {"title": "Kursus baru"},
    "courses.upload_start": {"name": "lembar.pdf", "size": "1000", "purpose": "document"},
    # Catalogue
    "admin.categories": {"name": "Kategori baru", "parent_id": "0"},
    "admin.categories_edit": {"name": "Nama lain", "parent_id": "0"},
    "admin.categories_move": {"langkah": "1"},
    "admin.tags_edit": {"name": "Nama lain"},
    "admin.tags_merge": {"into_id": "2"},
    "courses.review": {"rating": "4", "text": "Jelas."},
    "courses.review_remove": {"reason": "Kasar."},
    # Assessments
    "assessments.add_draw": {"tag": "lanjut", "draw": "1"},
    "assessments.add_questions": {"soal": "1"},
    "assessments.assessment_settings": {
        **{"title": "Judul baru", "kind": "exam", "passing_score": "60", "max_attempts": "2"},
        **dict.fromkeys(("show_score", "show_keys", "show_feedback"), "now"),
    },
    "assessments.change_item": {"points": "3", "draw": "1"},
    "assessments.grade": {"score": "3", "feedback": "Cukup", "reason": "Dibaca lagi", "keep": "y"},
    "assessments.cancel_one": {"reason": "Listrik padam."},
    "assessments.end_one": {"reason": "Listrik padam."},
    "assessments.extend_all": {"minutes": "5", "reason": "Listrik padam."},
    "assessments.extend_one": {"minutes": "5", "reason": "Listrik padam."},
    "assessments.extensions": {"person": "5", "minutes": "10", "attempts": "1", "reason": "Sakit"},
    "assessments.of_course": {"title": "Kuis baru", "kind": "quiz"},
    "assessments.place_item": {"place": "1"},
    "assessments.question_edit": QUESTION,
    "assessments.question_new": QUESTION,
    "assessments.questions_import_run": {"packed": b64encode(AIKEN).decode(), "name": "soal.txt"},
    "assessments.regrade": {"reason": "Kunci diperbaiki."},
    "assessments.save": {"question": "1", "answer": "", "flag": "1", "onward": "0"},
    "enrollments.drop": {"reason": "Terlalu sibuk."},
    "progress.record": {"page": "1", "position": "0", "seconds": "5"},
}

ADDRESSES: dict[str, dict[str, str]] = {
    "assessments.question_new": {"jenis": "essay"},
    "courses.lesson_new": {"bab": "4", "jenis": "text"},
}
"""What the address has to say besides its path, for there to be a page."""

WITH_CODE = {"accounts.second_step", "accounts.turn_off_two_factor", "accounts.two_factor_setup"}


def body_of(actor: str, endpoint: str) -> dict[str, Any]:
    """The fields of the endpoint's form, as this actor would fill them in."""
    if endpoint == "accounts.login":
        return {"login": email_of(actor), "password": PASSWORD}
    if endpoint == "admin.people_import":
        return {"file": (BytesIO(b"nama;nama pengguna\nBudi;0081234569\n"), "siswa.csv")}
    if endpoint == "assessments.questions_import":
        return {"file": (BytesIO(AIKEN), "soal.txt")}
    if endpoint == "courses.image_add":
        return {"file": (BytesIO(picture()), "bagan.png")}
    if endpoint == "courses.import_package":
        return {"file": (BytesIO(package(course=f"paket-dari-{actor:x>12}")), "paket.zip")}
    code = {"code": pyotp.TOTP(SECRET).at(now())} if endpoint in WITH_CODE else {}
    return {**BODIES.get(endpoint, {}), **code}
