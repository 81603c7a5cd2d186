"""Peserta: finding people, acting on many, taking the list along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.accounts.actions import end_sessions, start_session
from app.accounts.events import PasswordResetRequested, SessionsEnded, UserReactivated, UserSuspended
from app.accounts.importing import columns_of
from app.accounts.models import Role, User, UserStatus
from app.core.clock import now
from app.core.db import db, transaction
from tests import make
from tests.facts import assert_stated
from tests.pages import Person
from tests.statements import statements


def fresh(user: User) -> User:
    db.session.rollback()
    return db.session.get_one(User, user.id)


def chooses(panel: Person, act: str, *people: User, **more: object) -> Person:
    """Ticks these people and presses a button of the bar."""
    panel.opens("/admin/peserta")
    form = next(form for form in panel.forms if form.action == "/admin/peserta/massal")
    ticked = {**form.fields, "orang": [str(user.id) for user in people], "tindakan": act, **more}
    return panel._send(form, ticked)


def names(panel: Person) -> list[str]:
    return [line for line, href in panel.links.items() if href.startswith("/admin/peserta/") and href[15:].isdigit()]


def test_the_list_tells_who_a_person_is(panel: Person) -> None:
    make.user(Role.TRAINER, name="Budi Santoso", email="budi@contoh.test", username="budi", last_seen_at=now())
    panel.opens("/admin").follows("Peserta")
    assert panel.path == "/admin/peserta"
    for words in ("Budi Santoso", "budi@contoh.test · budi", "Pengajar", "Aktif", "baru saja"):
        assert panel.sees(words), words


@pytest.mark.parametrize("typed", ["budi", "BUDI SANTOSO", "santoso bud", "Budi@Contoh", "0051", "b_di%"])
def test_a_search_finds_words_in_any_case_and_takes_signs_for_what_they_are(panel: Person, typed: str) -> None:
    make.user(name="Budi Santoso", email="budi@contoh.test", username="00512345")
    make.user(name="Orang lain", email=None, username="badi")
    panel.opens("/admin/peserta")
    panel.submits("Cari", q=typed)
    assert names(panel) == ([] if "%" in typed else ["Budi Santoso"])


def test_a_search_folds_letters_that_are_not_ascii(panel: Person) -> None:
    make.user(name="Élise Ümit")
    for typed in ("élise", "ÉLISE", "ümit"):
        panel.opens("/admin/peserta").submits("Cari", q=typed)
        assert names(panel) == ["Élise Ümit"], typed


def test_the_tabs_count_and_show_the_same_people(panel: Person) -> None:
    make.user(name="Ani", last_seen_at=now())
    make.user(Role.TRAINER, name="Budi", last_seen_at=now())
    make.user(name="Citra", status=UserStatus.SUSPENDED, last_seen_at=now())
    make.user(name="Dewi")
    make.user(name="Eka", initial_key="0" * 32, last_seen_at=now())
    expected = {
        "semua": ["Ani", "Budi", "Citra", "Dewi", "Eka"],
        "peserta": ["Ani", "Citra", "Dewi", "Eka"],
        "staf": ["Budi"],
        "nonaktif": ["Citra"],
        "belum-masuk": ["Dewi", "Eka"],
    }
    for tab, people in expected.items():
        panel.opens(f"/admin/peserta?tab={tab}&q=@contoh.test")
        others = [name for name in names(panel) if name != "Sri Wahyuningsih"]
        assert others == people, tab
        assert panel.sees(f"{len(names(panel))} orang"), tab


def test_the_heads_sort_and_say_so(panel: Person) -> None:
    make.user(name="Ani")
    make.user(name="zaki")
    panel.opens("/admin/peserta")
    assert names(panel) == ["Ani", "Sri Wahyuningsih", "zaki"]
    assert 'aria-sort="ascending"' in panel.response.text
    panel.follows("Nama")
    assert names(panel) == ["zaki", "Sri Wahyuningsih", "Ani"]
    assert 'aria-sort="descending"' in panel.response.text
    panel.opens("/admin/peserta").follows("Bergabung")
    assert names(panel) == ["zaki", "Ani", "Sri Wahyuningsih"]


def test_whoever_was_never_here_stands_last_when_the_latest_come_first(panel: Person) -> None:
    make.user(name="Ani")
    make.user(name="Zaki", last_seen_at=now())
    panel.opens("/admin/peserta").follows("Terakhir terlihat")
    shown = names(panel)
    assert shown.index("Zaki") < shown.index("Ani")


@pytest.mark.parametrize(
    "query", ["urut=password_hash", "urut=--nama", "tab=semuanya", "hal=0", "hal=x", f"hal={10**30}", "q=%00"]
)
def test_an_address_that_nobody_offered_shows_the_usual_list(panel: Person, query: str) -> None:
    assert panel.opens(f"/admin/peserta?{query}").status == 200


def test_fifty_stand_on_a_page_and_the_search_goes_along(panel: Person) -> None:
    for number in range(60):
        make.user(name=f"Siswa {number:02}")
    panel.opens("/admin/peserta?q=siswa")
    assert len(names(panel)) == 50
    panel.follows("Halaman 2") if "Halaman 2" in panel.links else panel.opens("/admin/peserta?q=siswa&hal=2")
    assert names(panel) == [f"Siswa {number:02}" for number in range(50, 60)]


@pytest.mark.parametrize("page", [3, 99999999999999999999])
def test_behind_the_last_page_stands_the_last_page(panel: Person, page: int) -> None:
    for number in range(60):
        make.user(name=f"Siswa {number:02}")
    panel.opens(f"/admin/peserta?q=siswa&hal={page}")
    assert names(panel) == [f"Siswa {number:02}" for number in range(50, 60)]
    assert 'name="kembali" value="/admin/peserta?q=siswa&amp;hal=2"' in panel.response.text
    assert panel.opens(f"/admin/peserta?q=tidak-ada&hal={page}").sees("Tidak ada orang yang cocok")


def test_the_list_costs_the_same_statements_for_ten_and_for_three_hundred(panel: Person) -> None:
    counts = []
    for more in (10, 290):
        with transaction() as session:
            session.add_all(User(name=f"Siswa {n}", username=f"siswa-{more}-{n}") for n in range(more))
        panel.opens("/admin/peserta")
        with statements() as seen:
            panel.opens("/admin/peserta?q=siswa&urut=-bergabung")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_suspending_many_asks_first_and_names_how_many_and_what_follows(panel: Person) -> None:
    ani, budi = make.user(name="Ani"), make.user(name="Budi")
    chooses(panel, "nonaktifkan", ani, budi)
    assert panel.sees("Nonaktifkan 2 orang?")
    assert panel.sees("tidak dapat masuk lagi")
    assert fresh(ani).status == UserStatus.ACTIVE
    form = next(form for form in panel.forms if form.action == "/admin/peserta/massal")
    panel._send(form, {**form.fields, "orang": [str(ani.id), str(budi.id)]})
    assert panel.sees("2 orang dinonaktifkan.")
    assert {fresh(ani).status, fresh(budi).status} == {UserStatus.SUSPENDED}
    assert_stated(UserSuspended, times=2)


def test_oneself_is_not_asked_about(panel: Person, boss: User) -> None:
    ani, budi = make.user(name="Ani"), make.user(name="Budi")
    chooses(panel, "nonaktifkan", ani, boss, budi)
    assert panel.sees("Nonaktifkan 2 orang?")
    assert panel.sees("Akun Anda sendiri tidak ikut dinonaktifkan.")
    assert f'name="orang" value="{boss.id}"' not in panel.response.text
    chooses(panel, "nonaktifkan", ani)
    assert not panel.sees("Akun Anda sendiri")
    chooses(panel, "nonaktifkan", boss)
    assert panel.sees("1 dilewati, Sri Wahyuningsih: Ini akun Anda sendiri.")


def test_whoever_is_left_out_is_named_with_the_reason(panel: Person, boss: User) -> None:
    ani = make.user(name="Ani")
    budi = make.user(name="Budi", status=UserStatus.SUSPENDED)
    chooses(panel, "nonaktifkan", ani, budi, boss, yakin="1")
    assert panel.sees("1 orang dinonaktifkan.")
    assert panel.sees("1 dilewati, Budi: Akun ini sudah nonaktif.")
    assert panel.sees("1 dilewati, Sri Wahyuningsih: Ini akun Anda sendiri.")
    assert fresh(boss).status == UserStatus.ACTIVE


def test_many_are_active_again(panel: Person) -> None:
    people = [make.user(status=UserStatus.SUSPENDED) for _ in range(3)]
    chooses(panel, "aktifkan", *people)
    assert panel.sees("3 orang diaktifkan.")
    assert_stated(UserReactivated, times=3)


def test_links_go_to_those_who_have_an_email(make_app: Callable[..., Flask]) -> None:
    app = make_app(MAIL_SERVER="surat.contoh.test")
    with app.app_context():
        panel = Person(app).logs_in(str(make.admin().email))
        ani, budi = make.user(name="Ani"), make.user(name="Budi", email=None, username="budi")
        chooses(panel, "kirim-tautan", ani, budi)
        assert panel.sees("Tautan kata sandi dikirim kepada 1 orang.")
        assert panel.sees("1 dilewati, Budi: Orang ini tidak punya email.")
        assert_stated(PasswordResetRequested, times=1, user_id=ani.id)


def test_without_a_mail_server_links_are_said_to_lie_in_the_outbox(make_app: Callable[..., Flask]) -> None:
    app = make_app(PROFILE="development")
    with app.app_context():
        panel = Person(app).logs_in(str(make.admin().email))
        ani = make.user(name="Ani")
        chooses(panel, "kirim-tautan", ani)
        assert panel.sees("Tautan kata sandi untuk 1 orang ditulis ke Kotak Keluar")
        assert (
            panel.opens(f"/admin/peserta/{ani.id}").submits("Kirim tautan kata sandi").sees("ditulis ke Kotak Keluar")
        )
        typed = {
            "name": "Budi",
            "email": "budi@contoh.test",
            "role": "learner",
            "timezone": "Asia/Jakarta",
            "locale": "id",
        }
        panel.opens("/admin/peserta/baru").submits("Tambah akun", **typed)
        assert panel.sees("Akun Budi siap. Tautan untuk memilih kata sandi ditulis ke Kotak Keluar")
        assert_stated(PasswordResetRequested, times=2, user_id=ani.id)


def test_sessions_of_many_end(app: Flask, panel: Person) -> None:
    ani, budi = make.user(name="Ani"), make.user(name="Budi")
    browser = Person(app).logs_in(str(ani.email))
    chooses(panel, "akhiri-sesi", ani, budi)
    assert panel.sees("Sesi 1 orang diakhiri.")
    assert panel.sees("1 dilewati, Budi:")
    assert_stated(SessionsEnded, times=1, user_id=ani.id, count=1)
    assert browser.opens("/akun").path == "/masuk"


def test_nobody_chosen_changes_nothing(panel: Person) -> None:
    chooses(panel, "nonaktifkan")
    assert panel.sees("Belum ada yang dipilih.")


def test_an_act_that_nobody_offered_is_refused(panel: Person) -> None:
    assert chooses(panel, "hapus", make.user()).status == 400


def test_a_message_about_many_fits_into_the_cookie(panel: Person) -> None:
    people = [make.user(name="Nama yang panjang sekali " * 6, status=UserStatus.SUSPENDED) for _ in range(50)]
    chooses(panel, "nonaktifkan", *people, yakin="1")
    assert panel.sees("50 dilewati,")
    assert panel.sees("dan 45 lainnya:")


def exported(panel: Person, path: str) -> list[list[str]]:
    answer = panel.client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "attachment" in answer.headers["Content-Disposition"]
    if path.startswith("/admin/peserta.csv"):
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    return [[cell.value or "" for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_export_holds_the_list_as_it_is_filtered_and_sorted(panel: Person, suffix: str) -> None:
    make.user(name="Siswa A", email=None, username="0012345678")
    make.user(name="Siswa B", email="b@contoh.test", status=UserStatus.SUSPENDED)
    make.user(name="Lain")
    head, *rows = exported(panel, f"/admin/peserta.{suffix}?q=siswa&urut=-nama")
    assert head == ["nama", "email", "nama_pengguna", "peran", "status", "bergabung", "terakhir_terlihat"]
    assert [row[:5] for row in rows] == [
        ["Siswa B", "b@contoh.test", "", "Peserta", "Nonaktif"],
        ["Siswa A", "", "0012345678", "Peserta", "Aktif"],
    ]


def test_the_import_knows_the_columns_of_the_export(panel: Person) -> None:
    head, *_rows = exported(panel, "/admin/peserta.csv")
    assert columns_of(tuple(head)).places == {"name": 0, "email": 1, "username": 2, "role": 3}


def test_five_thousand_people_are_exported_by_one_statement(panel: Person) -> None:
    with transaction() as session:
        session.add_all(User(name=f"Siswa {n}", username=f"siswa-{n}") for n in range(5000))
    with statements() as seen:
        rows = exported(panel, "/admin/peserta.csv")
    assert len(rows) == 5002
    assert len(seen) <= 4


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TRAINER, Role.CONTENT_MANAGER])
def test_the_list_is_for_admins_only(app: Flask, role: Role) -> None:
    person = Person(app).logs_in(str(make.user(role).email))
    other = make.user(name="Rahasia")
    for path in ("", ".csv", ".xlsx", "/baru", f"/{other.id}", f"/{other.id}/ubah", f"/{other.id}/anonimkan"):
        person.opens(f"/admin/peserta{path}")
        assert person.status == 403, path
        assert not person.sees("Rahasia")


def test_ending_no_sessions_is_refused(app: Flask, boss: User) -> None:
    ani = make.user()
    start_session(ani, agent="x")
    assert end_sessions(ani, actor=boss) == 1
