"""People from a table: what columns and rows mean, what a row would change, what the import makes of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import actions
from app.accounts.events import (
    InitialPasswordSet,
    UserEmailChanged,
    UserInvited,
    UserProfileUpdated,
    UserRegistered,
    UserRoleChanged,
)
from app.accounts.importing import SAMPLE, columns_of, read_row
from app.accounts.models import (
    AccountRequest,
    ImportRow,
    PeopleImport,
    Purpose,
    Role,
    User,
    UserSession,
    UserStatus,
    Verdict,
)  # fmt: skip
from app.accounts.queries import user_by_login
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused
from app.core.sheets import csv_lines, read_sheet, xlsx_bytes
from app.events.models import StoredEvent, Task, TaskState
from app.events.tasks import STEP_ROWS, TaskRequested
from tests import make
from tests.facts import assert_stated, captured, stated
from tests.statements import statements

HEAD = ("Nama", "NIS", "Email", "Peran", "Zona")


@pytest.fixture
def boss(app: Flask) -> User:
    return make.admin()


def table(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> io.BytesIO:
    return io.BytesIO("".join(csv_lines([head, *rows])).encode())


def uploaded(boss: User, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> UUID:
    return actions.upload_people(table(*rows, head=head), "siswa.csv", actor=boss).import_id


def rows_of(import_id: UUID) -> list[ImportRow]:
    db.session.expire_all()
    return list(db.session.scalars(select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.line)))


def the_row(boss: User, *row: str) -> ImportRow:
    """What the check says of a table of one row."""
    (found,) = rows_of(uploaded(boss, row))
    return found


def found(login: str) -> User:
    db.session.expire_all()
    user = user_by_login(login)
    assert user is not None
    return user


# Columns


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("NAMA LENGKAP", "name"), ("nama_siswa", "name"), ("Full Name", "name"), ("Surel", "email"),
        ("E-mail", "email"), ("Alamat  email", "email"), ("alamat_surel", "email"), ("NISN", "username"),
        ("nip.", "username"), ("NIM", "username"), ("User Name", "username"), ("username", "username"),
        ("Nama Pengguna", "username"), ("Role", "role"), ("PERAN:", "role"), ("Zona Waktu", "timezone"),
    ],
)  # fmt: skip
def test_a_column_is_known_by_what_people_call_it(app: Flask, title: str, field: str) -> None:
    others = {"name": "Nama", "username": "NIS"}
    header = (*(words for name, words in others.items() if name != field), title)
    assert columns_of(header).places[field] == len(header) - 1


def test_columns_that_mean_nothing_are_named_and_left_out(app: Flask, boss: User) -> None:
    done = actions.upload_people(
        table(("Ayu", "X-1", "ayu"), head=("Nama", "Kelas", "NIS")), "a.csv", actor=boss
    )  # fmt: skip
    assert done.ignored == ("Kelas",)
    assert rows_of(done.import_id)[0].cells == {"name": "Ayu", "username": "ayu"}


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (("NIS", "Email"), 'Kolom "Nama" tidak ada'),
        (("Nama", "Peran"), 'Kolom "Email" atau "Nama pengguna" tidak ada'),
        (("Nama", "NIS", "NISN"), 'Kolom "NIS" dan "NISN" sama-sama berarti Nama pengguna'),
    ],
)
def test_a_table_without_its_columns_is_refused_at_the_file(
    app: Flask, boss: User, head: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Refused, match=words) as caught:
        uploaded(boss, ("a",), head=head)
    assert caught.value.field == "file"
    assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0


def test_a_table_without_rows_is_refused(app: Flask, boss: User) -> None:
    with pytest.raises(Refused, match="belum ada baris"):
        uploaded(boss)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_is_a_table_without_a_fault(app: Flask, boss: User, kind: str) -> None:
    content = xlsx_bytes("Peserta", SAMPLE) if kind == "xlsx" else "".join(csv_lines(SAMPLE)).encode()
    assert read_sheet(io.BytesIO(content), "contoh").rows[0].cells[1] == "0081234567"
    import_id = actions.upload_people(io.BytesIO(content), f"contoh.{kind}", actor=boss).import_id
    assert {row.verdict for row in rows_of(import_id)} == {Verdict.NEW}


# Rows


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"name": "", "username": "0012"}, "Nama kosong."),
        ({"name": "x" * 151, "username": "0012"}, "Nama terlalu panjang: paling banyak 150 karakter."),
        ({"name": "Ayu\u202ednu", "username": "0012"}, "Nama memuat karakter yang tidak tampak"),
        ({"name": "Ayu\x00", "username": "0012"}, "Nama memuat karakter yang tidak tampak"),
        ({"name": "Ayu", "email": "ayu@contoh"}, 'Email "ayu@contoh" tidak benar.'),
        ({"name": "Ayu", "email": "a@" + "b" * 250 + ".id"}, "Email terlalu panjang: paling banyak 254 karakter."),
        ({"name": "Ayu"}, "Email dan nama pengguna kosong."),
        ({"name": "Ayu", "username": "1.98501012010011e+17"}, "Excel telah membulatkan"),
        ({"name": "Ayu", "username": "9,12E+15"}, "Excel telah membulatkan"),
        ({"name": "Ayu", "username": "a"}, 'Nama pengguna "a" tidak benar'),
        ({"name": "Ayu", "username": "9" * 51}, "tidak benar: 2–50 huruf"),
        ({"name": "Ayu", "username": "ayu lestari"}, 'Nama pengguna "ayu lestari" tidak benar'),
        ({"name": "Ayu", "username": "ayu@x"}, 'Nama pengguna "ayu@x" tidak benar'),
        ({"name": "Ayu", "username": "ayü"}, 'Nama pengguna "ayü" tidak benar'),
        ({"name": "Ayu", "username": "0012", "role": "Ketua"}, 'Peran "Ketua" tidak dikenal.'),
        ({"name": "Ayu", "username": "0012", "role": "Admin"}, "Admin tidak dapat dibuat lewat impor."),
        ({"name": "Ayu", "username": "0012", "role": "lms_admin"}, "Admin tidak dapat dibuat lewat impor."),
        ({"name": "Ayu", "username": "0012", "timezone": "Mars"}, 'Zona waktu "Mars" tidak dikenal.'),
    ],
)
def test_every_fault_of_a_row_is_a_sentence(app: Flask, cells: dict[str, str], words: str) -> None:
    _wanted, problems = read_row(cells)
    assert [words in problem for problem in problems] == [True]


def test_a_row_with_several_faults_tells_them_all(app: Flask) -> None:
    assert len(read_row({"email": "x", "username": "!", "role": "Ketua", "timezone": "Mars"})[1]) == 5


@pytest.mark.parametrize(
    ("typed", "role"),
    [("", None), ("PESERTA", Role.LEARNER), ("Siswa", Role.LEARNER), ("guru", Role.TRAINER),
     ("Pengelola-Konten", Role.CONTENT_MANAGER), ("content_manager", Role.CONTENT_MANAGER)],
)  # fmt: skip
def test_roles_are_known_in_both_languages(app: Flask, typed: str, role: Role | None) -> None:
    assert read_row({"name": "Ayu", "username": "ayu", "role": typed})[0].role == role


def test_a_name_keeps_its_marks_and_a_login_its_zeros(app: Flask) -> None:
    wanted, problems = read_row({"name": "Nur'aini Al-Farisi, S.Pd.", "username": "0012.A_b-C", "timezone": "wita"})
    assert problems == []
    assert (wanted.name, wanted.username, wanted.timezone) == (
        "Nur'aini Al-Farisi, S.Pd.", "0012.a_b-c", "Asia/Makassar",
    )  # fmt: skip


# What a row would change


def test_a_row_of_somebody_new_changes_nothing_yet(app: Flask, boss: User) -> None:
    before = db.session.scalar(select(func.count()).select_from(User))
    with captured() as facts:
        row = the_row(boss, "Ayu Lestari", "0012", "Ayu@Contoh.id")
    assert (row.verdict, row.problems, row.user_id) == (Verdict.NEW, [], None)
    assert row.line == 2
    assert facts == []
    assert db.session.scalar(select(func.count()).select_from(User)) == before


def test_a_person_is_known_by_email_or_user_name_in_any_case(app: Flask, boss: User) -> None:
    ayu = make.user(name="Ayu", email="ayu@contoh.id", username="ayu.l")
    for row in (("Ayu", "AYU.L", "AYU@contoh.id"), ("Ayu", "Ayu.L", ""), ("Ayu", "", "ayu@Contoh.ID", "Siswa")):
        said = the_row(boss, *row)
        assert (said.verdict, said.user_id) == (Verdict.SAME, ayu.id)


def test_what_would_change_is_told_from_old_to_new(app: Flask, boss: User) -> None:
    make.user(name="Ayu", email="ayu@contoh.id", username=None)
    row = the_row(boss, "Ayu Lestari", "0012", "ayu@contoh.id", "Pengajar")
    assert row.verdict == Verdict.CHANGED
    assert row.problems == ["Nama: Ayu → Ayu Lestari", "Nama pengguna: – → 0012", "Peran: Peserta → Pengajar"]


def test_an_empty_cell_takes_nothing_away(app: Flask, boss: User) -> None:
    make.user(Role.TRAINER, name="Ayu", email="ayu@contoh.id", username="0012", timezone="Asia/Makassar")
    assert the_row(boss, "Ayu", "", "ayu@contoh.id").verdict == Verdict.SAME
    assert the_row(boss, "Ayu", "0012", "", "", "WITA").verdict == Verdict.SAME


def test_another_zone_is_a_change(app: Flask, boss: User, drain: Callable[[], int]) -> None:
    make.user(name="Ayu", username="0012", timezone="Asia/Makassar")
    import_id = uploaded(boss, ("Ayu", "0012", "", "", "WIT"))
    assert rows_of(import_id)[0].problems == ["Zona waktu: WITA (Makassar) → WIT (Jayapura)"]
    actions.start_import(import_id, actor=boss)
    drain()
    assert found("0012").timezone == "Asia/Jayapura"
    assert_stated(UserProfileUpdated, fields=["timezone"])


def test_whoever_registered_with_the_address_of_a_teacher_is_not_made_one(app: Flask, boss: User) -> None:
    make.user(name="Ayu", email="ayu@contoh.id", email_verified_at=None)
    row = the_row(boss, "Ayu", "", "ayu@contoh.id", "Guru")
    assert row.verdict == Verdict.ERROR
    assert "belum terverifikasi" in row.problems[0]


def test_who_is_suspended_stays_so_and_that_is_said(app: Flask, boss: User) -> None:
    make.user(name="Ayu", username="0012", status=UserStatus.SUSPENDED)
    row = the_row(boss, "Ayu", "0012")
    assert (row.verdict, row.problems) == (Verdict.SAME, ["Akun ini sedang dinonaktifkan dan tetap begitu."])


def test_an_email_and_a_user_name_of_two_people_are_a_fault(app: Flask, boss: User) -> None:
    make.user(email="ayu@contoh.id")
    make.user(username="0012")
    assert "milik satu akun" in the_row(boss, "Ayu", "0012", "ayu@contoh.id").problems[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"role": Role.LMS_ADMIN}, "akun Admin"), ({"anonymized_at": now()}, "sudah dianonimkan")],
)
def test_admins_and_the_anonymous_are_never_touched(
    app: Flask, boss: User, fields: dict[str, object], words: str
) -> None:
    make.user(**{"username": "0012", **fields})  # type: ignore[arg-type]
    row = the_row(boss, "Ayu", "0012")
    assert row.verdict == Verdict.ERROR
    assert words in row.problems[0]


def test_rows_that_say_the_same_name_each_other(app: Flask, boss: User) -> None:
    rows = rows_of(uploaded(boss, ("A", "1a", "x@y.id"), ("B", "1A", "b@y.id"), ("C", "3c", "X@y.id"), ("D", "4d")))
    assert [row.problems for row in rows] == [
        ["Email ini juga ada di baris 4.", "Nama pengguna ini juga ada di baris 3."],
        ["Nama pengguna ini juga ada di baris 2."],
        ["Email ini juga ada di baris 2."],
        [],
    ]


def test_two_rows_of_one_account_name_each_other(app: Flask, boss: User) -> None:
    make.user(name="Ayu", email="ayu@contoh.id", username="0012")
    rows = rows_of(uploaded(boss, ("Ayu", "0012", ""), ("Ayu", "", "ayu@contoh.id")))
    assert [row.problems for row in rows] == [
        ["Akun ini juga dimaksud di baris 3."],
        ["Akun ini juga dimaksud di baris 2."],
    ]


def test_many_rows_that_say_the_same_name_three(app: Flask, boss: User) -> None:
    rows = rows_of(uploaded(boss, *[(f"A{n}", "0012") for n in range(9)]))
    assert rows[0].problems == ["Nama pengguna ini juga ada di baris 3, 4, 5, …."]


def test_a_very_long_cell_is_refused_and_not_kept_whole(app: Flask, boss: User) -> None:
    row = the_row(boss, "x" * 5000, "0012")
    assert row.verdict == Verdict.ERROR
    assert len(row.cells["name"]) == 300


def test_checking_takes_two_looks_at_people_however_many_rows(app: Flask, boss: User) -> None:
    with statements() as few:
        uploaded(boss, ("A", "a1", "a@y.id"))
    with statements() as many:
        uploaded(boss, *[(f"A{n}", f"a{n}", f"a{n}@y.id") for n in range(400)])
    assert len(many) == len(few)


def test_uploads_past_thirty_days_go_with_the_next_one(app: Flask, boss: User) -> None:
    old = uploaded(boss, ("A", "a1"))
    running = uploaded(boss, ("B", "b1"))
    actions.start_import(running, actor=boss)
    with clock.at(now() + timedelta(days=31)):
        uploaded(boss, ("C", "c1"))
    assert rows_of(old) == []
    assert len(rows_of(running)) == 1, "the rows of an import at work are needed"


# The import


def test_new_people_get_a_first_password_and_the_facts_are_the_admins(
    app: Flask, boss: User, drain: Callable[[], int]
) -> None:
    import_id = uploaded(boss, ("Ayu", "0012", "ayu@contoh.id", "Guru", "WIT"), ("Budi", "0013"))
    task_id = actions.start_import(import_id, actor=boss)
    drain()
    ayu, budi = found("ayu@contoh.id"), found("0013")
    assert (ayu.name, ayu.username, ayu.role, ayu.timezone) == ("Ayu", "0012", Role.TRAINER, "Asia/Jayapura")
    assert (budi.email, budi.role, budi.timezone) == (None, Role.LEARNER, "Asia/Jakarta")
    assert ayu.email_verified_at is not None
    assert ayu.initial_key != budi.initial_key
    assert ayu.password_hash is None
    assert_stated(UserRegistered, times=2)
    assert_stated(InitialPasswordSet, times=2)
    about = db.session.scalars(select(StoredEvent).where(StoredEvent.subject_id.in_([ayu.id, budi.id])))
    assert {event.actor_id for event in about} == {boss.id}
    task = db.session.get_one(Task, task_id)
    assert (task.state, task.report) == (TaskState.DONE, {"new": 2})
    assert [(row.outcome, row.user_id) for row in rows_of(import_id)] == [("new", ayu.id), ("new", budi.id)]


def test_with_links_who_has_an_email_gets_a_letter_and_no_first_password(
    make_app: Callable[..., Flask], drain: object
) -> None:
    with make_app(MAIL_SERVER="mail.test").app_context():
        boss = make.admin()
        import_id = uploaded(boss, ("Ayu", "0012", "ayu@contoh.id"), ("Budi", "0013"))
        task_id = actions.start_import(import_id, send_links=True, actor=boss)
        step_of(task_id)
        ayu, budi = found("ayu@contoh.id"), found("0013")
        assert ayu.initial_key is None
        assert budi.initial_key is not None
        (request,) = db.session.scalars(select(AccountRequest))
        assert (request.user_id, request.purpose, request.email) == (ayu.id, Purpose.INVITE, "ayu@contoh.id")
        assert_stated(UserInvited, user_id=ayu.id, request_id=request.id)
        assert_stated(InitialPasswordSet, user_id=budi.id)


def test_without_a_mail_server_nobody_waits_for_a_letter(app: Flask, boss: User, drain: Callable[[], int]) -> None:
    actions.start_import(uploaded(boss, ("Ayu", "", "ayu@contoh.id")), send_links=True, actor=boss)
    drain()
    assert found("ayu@contoh.id").initial_key is not None


def test_what_changes_is_stated_and_the_password_stays(app: Flask, boss: User, drain: Callable[[], int]) -> None:
    ayu = make.user(name="Ayu", email="ayu@contoh.id", username="0012")
    password, actions_before = ayu.password_hash, now()
    browser = actions.start_session(ayu, agent="x")
    with transaction() as session:
        session.add(AccountRequest(user_id=ayu.id, purpose=Purpose.RESET, email="ayu@contoh.id"))
    actions.start_import(uploaded(boss, ("Ayu Lestari", "0012", "ayu@baru.id", "Guru")), actor=boss)
    drain()
    ayu = found("ayu@baru.id")
    assert (ayu.name, ayu.role, ayu.password_hash, ayu.initial_key) == ("Ayu Lestari", Role.TRAINER, password, None)
    assert ayu.email_verified_at is not None
    assert ayu.email_verified_at >= actions_before
    assert browser
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0, "another role ends the sessions"
    assert all(db.session.scalars(select(AccountRequest.used_at))), "the old mailbox opens nothing any more"
    assert_stated(UserProfileUpdated, user_id=ayu.id, fields=["name"])
    moved = db.session.scalars(select(AccountRequest).where(AccountRequest.previous_email == "ayu@contoh.id")).one()
    assert_stated(UserEmailChanged, user_id=ayu.id, request_id=moved.id)
    assert_stated(UserRoleChanged, user_id=ayu.id, previous_role="learner", role="trainer")


def test_the_same_table_again_is_all_the_same_and_cannot_be_imported(
    app: Flask, boss: User, drain: Callable[[], int]
) -> None:
    rows = (("Ayu", "0012", "ayu@contoh.id", "Guru", "WIT"), ("Budi", "0013"))
    actions.start_import(uploaded(boss, *rows), actor=boss)
    drain()
    again = uploaded(boss, *rows)
    assert {row.verdict for row in rows_of(again)} == {Verdict.SAME}
    with pytest.raises(actions.NothingToImport):
        actions.start_import(again, actor=boss)


def test_a_double_click_starts_one_task(app: Flask, boss: User) -> None:
    import_id = uploaded(boss, ("Ayu", "0012"))
    task_id = actions.start_import(import_id, actor=boss)
    with pytest.raises(actions.ImportStarted):
        actions.start_import(import_id, actor=boss)
    assert db.session.scalars(select(Task.id)).all() == [task_id]


def test_of_ten_clicks_at_once_one_starts_the_import(app: Flask, boss: User) -> None:
    import_id, boss_id = uploaded(boss, ("Ayu", "0012")), boss.id
    gate, refused = Barrier(10), []

    def click() -> None:
        gate.wait()
        with app.app_context():
            try:
                actions.start_import(import_id, actor=db.session.get_one(User, boss_id))
            except actions.ImportStarted as refusal:
                refused.append(refusal)

    threads = [Thread(target=click) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    assert len(refused) == 9
    assert db.session.scalars(select(PeopleImport.task_id)).all() == db.session.scalars(select(Task.id)).all()
    assert_stated(TaskRequested)


def step_of(task_id: UUID) -> Task:
    with transaction():
        task = db.session.get_one(Task, task_id)
        actions.import_rows(task)
    return task


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        ({"name": "Ayu Lain", "username": "0012"}, "berubah sejak tabel diperiksa"),
        ({"name": "Ayu", "username": "0012", "role": Role.LMS_ADMIN}, "akun Admin"),
        ({"name": "Ayu", "username": "0012", "email": "lain@contoh.id"}, "berubah sejak tabel diperiksa"),
    ],
)
def test_what_became_wrong_since_the_check_is_left_out_with_the_reason(
    app: Flask, boss: User, meanwhile: dict[str, object], words: str
) -> None:
    import_id = uploaded(boss, ("Ayu", "0012", "ayu@contoh.id"), ("Budi", "0013"))
    task_id = actions.start_import(import_id, actor=boss)
    other = make.user(**meanwhile)  # type: ignore[arg-type]
    name, email = other.name, other.email
    task = step_of(task_id)
    first, second = rows_of(import_id)
    assert (first.outcome, second.outcome) == (Verdict.ERROR, Verdict.NEW)
    assert words in first.problems[0]
    assert (found("0012").name, found("0012").email) == (name, email)
    assert task.report == {"error": 1, "new": 1}


def test_whoever_made_exactly_that_account_meanwhile_is_no_fault(app: Flask, boss: User) -> None:
    import_id = uploaded(boss, ("Ayu", "0012", "ayu@contoh.id"))
    task_id = actions.start_import(import_id, actor=boss)
    made = make.user(name="Ayu", username="0012", email="ayu@contoh.id")
    assert step_of(task_id).report == {"same": 1}
    assert rows_of(import_id)[0].user_id == made.id


def test_an_account_that_vanished_since_the_check_is_not_made_anew(app: Flask, boss: User) -> None:
    ayu = make.user(name="Ayu", username="0012")
    task_id = actions.start_import(import_id := uploaded(boss, ("Ayu Lestari", "0012")), actor=boss)
    with transaction():
        db.session.get_one(User, ayu.id).username = None
    step_of(task_id)
    assert rows_of(import_id)[0].outcome == Verdict.ERROR
    assert user_by_login("0012") is None


def test_a_step_takes_as_many_statements_for_ten_changes_as_for_a_hundred(app: Flask, boss: User) -> None:
    counts = []
    for size, tag in ((10, "p"), (STEP_ROWS, "q")):
        with transaction() as session:
            known = {"name": "Lama", "email_verified_at": now()}
            session.add_all(User(username=f"{tag}{n}", email=f"{tag}{n}@y.id", **known) for n in range(size))
        rows = [("Baru", f"{tag}{n}", f"{tag}{n}@y.id", "Guru") for n in range(size)]
        task_id = actions.start_import(uploaded(boss, *rows), actor=boss)
        with statements() as seen:
            step_of(task_id)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def test_a_step_of_new_people_takes_one_statement_a_person_and_a_few_more(app: Flask, boss: User) -> None:
    rows = [(f"Orang {n}", f"n{n}", f"n{n}@z.id") for n in range(STEP_ROWS)]
    task_id = actions.start_import(uploaded(boss, *rows), actor=boss)
    with statements() as seen:
        step_of(task_id)
    assert len(seen) <= STEP_ROWS + 14


def test_a_table_that_is_gone_ends_its_task(app: Flask, boss: User, drain: Callable[[], int]) -> None:
    import_id = uploaded(boss, *[(f"Orang {n}", f"n{n}") for n in range(150)])
    task_id = actions.start_import(import_id, actor=boss)
    step_of(task_id)
    with transaction() as session:
        session.delete(db.session.get_one(PeopleImport, import_id))
    drain()
    assert db.session.get_one(Task, task_id).state == TaskState.DONE
    assert len(stated(UserRegistered)) == STEP_ROWS
