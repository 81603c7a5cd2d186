"""One person at the panel: the account, its timeline, and what is done to it by buttons and forms."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts import actions
from app.accounts.events import InitialPasswordSet, SessionsEnded, UserEmailChanged, UserReactivated, UserSuspended
from app.accounts.initial_passwords import initial_password
from app.accounts.models import Role, TwoFactor, User, UserStatus
from app.accounts.queries import user_by_login
from app.certificates.actions import issue
from app.core.clock import now
from app.core.db import db, transaction
from app.enrollments.actions import enroll
from app.enrollments.models import EnrollmentStatus
from app.progress.actions import complete_lesson
from tests import make
from tests.admin.conftest import fact
from tests.facts import assert_stated
from tests.pages import Person
from tests.statements import statements

PLACE = {"timezone": "Asia/Jakarta", "locale": "id"}


def fresh(user: User) -> User:
    db.session.rollback()
    return db.session.get_one(User, user.id)


def page_of(user: User) -> str:
    return f"/admin/peserta/{user.id}"


@pytest.mark.parametrize("path", ["", "/ubah", "/peran", "/anonimkan", "/nonaktifkan"])
@pytest.mark.parametrize("user_id", [999_999, 10**30])
def test_nobody_with_that_number_is_not_found(panel: Person, path: str, user_id: int) -> None:
    assert panel.opens(f"/admin/peserta/{user_id}{path}").status == 404


@pytest.mark.parametrize("path", ["aktifkan", "akhiri-sesi", "kirim-tautan", "sandi-awal", "matikan-dua-langkah"])
def test_nothing_can_be_done_to_nobody(panel: Person, path: str) -> None:
    token = panel.opens("/admin").forms[0].fields["csrf_token"]
    assert panel.client.post(f"/admin/peserta/999999/{path}", data={"csrf_token": token}).status_code == 404


def test_the_page_says_what_an_admin_needs_on_the_phone(app: Flask, panel: Person) -> None:
    course = make.course(title="Dasar Jaringan")
    user = make.user(name="Ani Lestari", email="ani@contoh.test", username="0012", last_seen_at=now())
    Person(app).logs_in("0012")
    with transaction() as session:
        session.add(TwoFactor(user_id=user.id, secret="x", confirmed_at=now()))
    completed = make.enrollment(user, course, EnrollmentStatus.COMPLETED, progress_percentage=100)
    certificate = issue(completed.id)
    panel.opens(page_of(user))
    for words in (
        "Ani Lestari", "ani@contoh.test · 0012", "Peserta", "Aktif", "Menyala", "1 sesi, terakhir baru saja",
        "Dasar Jaringan", "100% selesai", f"Sertifikat {certificate.number}",
    ):  # fmt: skip
        assert panel.sees(words), words


def test_the_timeline_tells_what_happened_by_whom_and_why(panel: Person, boss: User, drain) -> None:  # type: ignore[no-untyped-def]
    user, course = make.user(name="Ani"), make.course(lessons=1, title="Dasar Jaringan")
    enrollment = enroll(course, actor=user)
    complete_lesson(enrollment, make.lessons_of(course)[0], actor=user)
    actions.change_role(user, Role.TRAINER, actor=boss)
    drain()
    panel.opens(page_of(user))
    for words in (
        "Peserta terdaftar", "Kursus diselesaikan", "Sertifikat terbit", "sebab: Kursus diselesaikan",
        "Peran diubah", "Peserta → Pengajar", "oleh Sri Wahyuningsih", "oleh Ani", "Dasar Jaringan",
    ):  # fmt: skip
        assert panel.sees(words), words
    panel.follows("sebab: Kursus diselesaikan")
    assert panel.path.startswith("/admin/peristiwa/")
    assert panel.sees("Kursus diselesaikan")


def test_the_timeline_says_which_course_was_changed(panel: Person) -> None:
    trainer = make.user(Role.TRAINER, name="Budi")
    course, other = (make.course(owner=trainer, title=title) for title in ("Dasar Jaringan", "Layanan Prima"))
    make.course(title="Kursus lain")
    for each in (str(course.id), str(other.id), "999999", "tidak ada"):
        changed = {"course_id": each, "changes": {"difficulty": "advanced"}}
        fact("course.updated", aggregate_type="course", aggregate_id=each, actor_id=trainer.id, payload=changed)
    panel.opens(page_of(trainer))
    assert panel.text.count("Kursus diubah") == 4
    assert panel.sees("Dasar Jaringan")
    assert panel.sees("Layanan Prima")
    assert not panel.sees("Kursus lain")


def test_what_an_admin_did_to_somebody_else_names_that_person(panel: Person, boss: User) -> None:
    user = make.user(name="Ani")
    actions.suspend(user, actor=boss)
    panel.opens(page_of(boss))
    assert panel.sees("Akun dinonaktifkan")
    panel.follows("tentang Ani")
    assert panel.path == page_of(user)


def test_the_timeline_goes_on_to_what_is_older(panel: Person) -> None:
    user = make.user()
    for number in range(60):
        fact("lesson.completed", subject_id=user.id, payload={"lesson_title": f"Materi ke-{number}."})
    panel.opens(page_of(user))
    assert panel.sees("Materi ke-59.")
    assert not panel.sees("Materi ke-9.")
    panel.follows("Lebih lama")
    assert panel.sees("Materi ke-9.")
    assert not panel.sees("Materi ke-59.")
    panel.follows("Ke yang terbaru")
    assert panel.sees("Materi ke-59.")


def test_the_page_costs_the_same_statements_however_much_happened(panel: Person, boss: User) -> None:
    user = make.user()
    counts = []
    for more in (1, 40):
        for _ in range(more):
            cause = fact(subject_id=None)
            fact("lesson.completed", subject_id=user.id, actor_id=make.user().id, causation_id=cause.id, payload={})
            changed = {"aggregate_type": "course", "aggregate_id": str(make.course(lessons=0).id), "payload": {}}
            fact("course.updated", actor_id=user.id, **changed)
        make.enrollment(user)
        panel.opens(page_of(user))
        with statements() as seen:
            panel.opens(page_of(user))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_a_person_without_email_is_made_with_a_first_password_that_is_shown_once(app: Flask, panel: Person) -> None:
    panel.opens("/admin/peserta").follows("Tambah akun")
    panel.submits("Tambah akun", name="Ani Lestari", username="0081234567", email="", role="learner", **PLACE)
    user = user_by_login("0081234567")
    assert user is not None
    assert panel.path == page_of(user)
    assert panel.sees(initial_password(user))
    panel.opens(page_of(user))
    assert not panel.sees(initial_password(user))
    assert Person(app).logs_in("0081234567", initial_password(user)).status == 200


def test_a_form_without_a_way_to_sign_in_is_refused(panel: Person) -> None:
    panel.opens("/admin/peserta/baru").submits("Tambah akun", name="Ani", role="learner", **PLACE)
    assert panel.status == 422
    assert panel.sees("Isi email atau nama pengguna")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ani@rumah"), ("username", "a b"), ("email", "ani"), ("role", "root"), ("timezone", "Mars"),
        ("name", ""),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_said_to_be_so(panel: Person, field: str, value: str) -> None:
    sent = {"name": "Ani", "username": "ani", "role": "learner", **PLACE, field: value}
    assert panel.opens("/admin/peserta/baru").submits("Tambah akun", **sent).status == 422


def test_an_address_that_somebody_has_is_refused_at_its_field(panel: Person) -> None:
    make.user(email="ani@contoh.test")
    user = make.user(name="Budi")
    panel.opens(f"{page_of(user)}/ubah").submits(
        "Simpan", email="ani@contoh.test", timezone="Asia/Jakarta", locale="id"
    )
    assert panel.status == 422
    assert panel.sees("Email ini sudah dipakai akun lain.")


def test_a_profile_is_changed(panel: Person) -> None:
    user = make.user(name="Budi", email="budi@contoh.test")
    panel.opens(page_of(user)).follows("Ubah")
    panel.submits("Simpan", name="Budi S.", email="b@contoh.test", timezone="Asia/Jayapura", locale="en")
    assert panel.path == page_of(user)
    assert (fresh(user).name, user.email, user.timezone, user.locale) == (
        "Budi S.", "b@contoh.test", "Asia/Jayapura", "en"
    )  # fmt: skip
    assert_stated(UserEmailChanged, times=1, user_id=user.id)
    assert panel.sees("Profil diubah")
    assert panel.sees("Bahasa, Nama, Zona waktu") or panel.sees("Bahasa")


def test_the_form_takes_no_field_that_is_not_on_it(panel: Person) -> None:
    user = make.user(name="Budi")
    sent = {
        "timezone": "Asia/Jakarta",
        "locale": "id",
        "status": "suspended",
        "password_hash": "x",
        "role": "lms_admin",
    }
    panel.opens(f"{page_of(user)}/ubah").submits("Simpan", **sent)
    assert (fresh(user).status, user.role, user.password_hash == "x") == (UserStatus.ACTIVE, Role.LEARNER, False)


def test_a_role_is_changed_by_a_form_that_says_what_follows(app: Flask, panel: Person) -> None:
    user = make.user(name="Budi")
    browser = Person(app).logs_in(str(user.email))
    panel.opens(page_of(user)).follows("Ubah peran")
    assert panel.sees("keluar dari semua perangkat")
    panel.submits("Ubah peran", role="trainer")
    assert panel.sees("Peran Budi diubah.")
    assert fresh(user).role == Role.TRAINER
    assert browser.opens("/akun").path == "/masuk"


def test_the_own_role_is_not_changed(panel: Person, boss: User) -> None:
    make.admin()
    panel.opens(f"{page_of(boss)}/peran").submits("Ubah peran", role="learner")
    assert panel.status == 422
    assert panel.sees("Ini akun Anda sendiri.")
    assert fresh(boss).role == Role.LMS_ADMIN


def test_the_own_page_offers_nothing_that_would_be_refused(panel: Person, boss: User) -> None:
    panel.opens(page_of(boss))
    for words in ("Nonaktifkan", "Anonimkan", "Ubah peran", "Buat kata sandi awal", "Akhiri semua sesi"):
        assert not panel.sees(words), words


def test_an_account_is_suspended_after_a_question_and_active_again(panel: Person) -> None:
    user = make.user(name="Budi")
    panel.opens(page_of(user)).follows("Nonaktifkan")
    assert panel.sees("Nonaktifkan Budi?")
    assert_stated(UserSuspended, times=0)
    panel.submits("Nonaktifkan")
    assert panel.sees("Akun Budi dinonaktifkan")
    assert fresh(user).status == UserStatus.SUSPENDED
    panel.submits("Aktifkan")
    assert fresh(user).status == UserStatus.ACTIVE
    assert_stated(UserReactivated, times=1)


def test_all_sessions_are_ended(app: Flask, panel: Person) -> None:
    user = make.user(name="Budi")
    browser = Person(app).logs_in(str(user.email))
    panel.opens(page_of(user)).submits("Akhiri")
    assert panel.sees("1 sesi Budi diakhiri.")
    assert_stated(SessionsEnded, times=1, user_id=user.id, count=1)
    assert browser.opens("/akun").path == "/masuk"


def test_a_first_password_is_made_and_shown(panel: Person) -> None:
    user = make.user(name="Budi")
    panel.opens(page_of(user)).submits("Buat")
    assert panel.sees(initial_password(fresh(user)))
    assert_stated(InitialPasswordSet, times=1, user_id=user.id)


def test_without_a_mail_server_the_link_is_refused_with_what_to_do(panel: Person) -> None:
    panel.opens(page_of(make.user())).submits("Kirim tautan kata sandi")
    assert panel.sees("Server email belum diatur")


def test_a_lost_phone_is_no_second_step_any_more(panel: Person) -> None:
    user = make.user(name="Budi")
    with transaction() as session:
        session.add(TwoFactor(user_id=user.id, secret="x", confirmed_at=now()))
    panel.opens(page_of(user)).submits("Matikan")
    assert db.session.get(TwoFactor, user.id) is None
