"""Five thousand people with 37 faults among them: each is told by its line, the rest is imported, once.

The table is checked and imported once for all tests here, and a second time on a copy of the database, where the
process dies again and again.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.accounts import actions
from app.accounts.models import ImportRow, Role, User, UserStatus, Verdict
from app.accounts.queries import imports
from app.core.clock import now
from app.core.db import db, transaction
from app.core.sheets import xlsx_bytes
from app.events.models import StoredDelivery, StoredEvent, Task, TaskState
from app.events.relay import tick
from app.events.worker import run
from tests import conftest, make, warm

ROWS = 5000
HEAD = ("Nama Lengkap", "NIS", "Surel", "Peran", "Zona waktu", "Kelas")

FAULTS: dict[int, tuple[tuple[str, ...], str]] = {
    100: (("", "f100"), "Nama kosong"),
    101: (("", "f101", "f101@x.id"), "Nama kosong"),
    150: (("N" * 151, "f150"), "Nama terlalu panjang"),
    151: (("N" * 300, "f151"), "Nama terlalu panjang"),
    200: (("Rina", "f200", "rina"), "tidak benar"),
    201: (("Rina", "f201", "rina@"), "tidak benar"),
    202: (("Rina", "f202", "rina@contoh"), "tidak benar"),
    203: (("Rina", "f203", "rina @contoh.id"), "tidak benar"),
    204: (("Rina", "", "r@" + "a" * 260 + ".id"), "Email terlalu panjang"),
    300: (("Tanpa Masuk",), "Email dan nama pengguna kosong"),
    301: (("Tanpa Masuk Juga", "", "", "Peserta"), "Email dan nama pengguna kosong"),
    400: (("Sari", "a"), "Nama pengguna"),
    401: (("Sari", "sari dewi"), "Nama pengguna"),
    402: (("Sari", "sari@x"), "Nama pengguna"),
    403: (("Sari", "9" * 51), "Nama pengguna"),
    404: (("Sari", "1.23457E+15"), "Excel telah membulatkan"),
    405: (("Sari", '"><img src=x onerror=alert(1)>'), "Nama pengguna"),
    406: (("Sari", "=1+1"), "Nama pengguna"),
    500: (("Tono", "f500", "", "Ketua Kelas"), "tidak dikenal"),
    501: (("Tono", "f501", "", "=2+5"), "tidak dikenal"),
    600: (("Calon Admin", "f600", "", "Admin"), "Admin tidak dapat dibuat"),
    601: (("Calon Admin", "f601", "", "lms_admin"), "Admin tidak dapat dibuat"),
    700: (("Kembar", "f700", "kembar@x.id"), "Email ini juga ada di baris 4700."),
    4700: (("Kembar Lain", "f4700", "KEMBAR@x.id"), "Email ini juga ada di baris 700."),
    701: (("Kembar", "f701"), "Nama pengguna ini juga ada di baris 4701."),
    4701: (("Kembar Lain", "F701"), "Nama pengguna ini juga ada di baris 701."),
    702: (("Dua Baris", "", "dua@x.id"), "Akun ini juga dimaksud di baris 4702."),
    4702: (("Dua Baris", "dua", ""), "Akun ini juga dimaksud di baris 702."),
    800: (("Campur", "satu", "lain@x.id"), "milik satu akun"),
    900: (("Bukan Siapa-siapa", "anonim-1"), "sudah dianonimkan"),
    901: (("Kepala Sekolah", "", "kepala@x.id"), "akun Admin"),
    902: (("Kepala Sekolah", "kepala"), "akun Admin"),
    1000: (("Zaki", "f1000", "", "", "Bulan"), "Zona waktu"),
    1001: (("Zaki", "f1001", "", "", "GMT+77"), "Zona waktu"),
    1100: (("Ayu\u202egpj.exe", "f1100"), "tidak tampak"),
    1101: (("Ayu\u200b", "f1101"), "tidak tampak"),
    5001: (("", "", "", "Raja", "Mars"), "Nama kosong"),
}
EXISTING = {2: ("Lama Diubah", "lama", "lama@baru.id"), 3: ("Tetap Sama", "tetap", ""), 4: ("Nonaktif", "nonaktif", "")}
"""Rows of people who are there: one changes, one is the same, one is suspended."""
HOSTILE = {5: ('=HYPERLINK("http://x","y")', "0000000005"), 6: ('"><img src=x onerror=alert(1)>', "0000000006")}
"""Rows that look bad and are right: such names are text."""


class School(NamedTuple):
    app: Flask
    copy: Path
    import_id: UUID
    task_id: UUID


def rows() -> Iterator[tuple[str, ...]]:
    yield HEAD
    special = {line: row for line, (row, _words) in FAULTS.items()} | EXISTING | HOSTILE
    for line in range(2, ROWS + 2):
        row = special.get(line, (f"Orang Ke {line}", f"{line:010}", f"o{line}@x.id" if line % 3 else "", "Siswa"))
        yield (*row, *[""] * (len(HEAD) - 1 - len(row)), "X-1")


def people() -> None:
    """Who is there before the import."""
    make.user(Role.LMS_ADMIN, email="kepala@x.id", username="kepala", name="Kepala Sekolah")
    make.user(email="dua@x.id", username="dua", name="Dua Baris")
    make.user(username="satu", email="satu@x.id")
    make.user(username="lain", email="lain@x.id")
    make.user(username="anonim-1", email=None, name="Anonim", anonymized_at=now())
    make.user(username="lama", email="lama@x.id", name="Lama")
    make.user(username="tetap", email="tetap@x.id", name="Tetap Sama")
    make.user(username="nonaktif", email=None, name="Nonaktif", status=UserStatus.SUSPENDED)


def work(steps: int | None = None) -> None:
    """Runs what is due of the import, as workers do: that many steps, or to the end."""
    while (steps is None or steps > 0) and (rings := tick(1, only=["run_task"])):
        run(rings)
        steps = None if steps is None else steps - 1


def settings(folder: Path) -> dict[str, Any]:
    return {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'test.db'}", "INSTANCE": folder / "instance"}


def an_app(folder: Path) -> Flask:
    made = settings(folder)
    return conftest._make_app(made["SQLALCHEMY_DATABASE_URI"], made["INSTANCE"], SQLITE_SYNCHRONOUS="OFF")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[School]:
    """The imported school; and a copy of its database from the moment when the import had been asked for."""
    folder, copy = tmp_path_factory.mktemp("many"), tmp_path_factory.mktemp("many-killed")
    shutil.copy(migrated_file, folder / "test.db")
    app = an_app(folder)
    with app.app_context():
        people()
        boss = make.admin(name="Sri")
        content = xlsx_bytes("Siswa", rows())
        import_id = actions.upload_people(io.BytesIO(content), "siswa.xlsx", actor=boss).import_id
        task_id = actions.start_import(import_id, actor=boss)
        _close()
        shutil.copy(folder / "test.db", copy / "test.db")
        work()
        yield School(app, copy, import_id, task_id)
        _close()


def _close() -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.session.remove()
    db.engine.dispose()


def dump() -> dict[str, Any]:
    """All that an import leaves behind, without moments, random keys and ids."""
    db.session.rollback()
    columns = (User.name, User.email, User.username, User.role, User.status, User.timezone)
    signs = User.initial_key.is_not(None), User.password_hash.is_not(None), User.email_verified_at.is_not(None)
    about = User.email, User.username, StoredEvent.name
    facts = select(*about).join(StoredEvent, StoredEvent.subject_id == User.id)
    told = (ImportRow.line, ImportRow.verdict, ImportRow.outcome, ImportRow.problems)
    return {
        "people": sorted(map(repr, db.session.execute(select(*columns, *signs)))),
        "facts": Counter(map(repr, db.session.execute(facts))),
        "rows": list(map(repr, db.session.execute(select(*told).order_by(ImportRow.line)))),
        "keys": db.session.scalar(select(func.count(func.distinct(User.initial_key)))),
        "task": db.session.execute(select(Task.state, Task.done, Task.total, Task.report)).one()._asdict(),
    }


def test_exactly_the_planted_faults_are_told_by_their_lines(school: School) -> None:
    told = {row.line: row.problems for row in imports.faulty_rows(school.import_id)}
    assert len(FAULTS) == 37
    assert sorted(told) == sorted(FAULTS)
    for line, (_row, words) in FAULTS.items():
        assert words in told[line][0], f"line {line}: {told[line]}"
    assert len(told[5001]) == 4


def test_the_counts_add_up_and_no_fault_left_a_trace(school: School) -> None:
    sound = ROWS - len(FAULTS)
    counts = {Verdict.NEW: sound - 3, Verdict.CHANGED: 1, Verdict.SAME: 2, Verdict.ERROR: 37}
    assert imports.row_counts(school.import_id) == counts
    task = db.session.get_one(Task, school.task_id)
    assert (task.state, task.done, task.report) == (TaskState.DONE, ROWS, {str(k): n for k, n in counts.items()})
    assert db.session.scalar(select(func.count()).select_from(User)) == 9 + counts[Verdict.NEW]
    assert db.session.scalar(select(func.count()).select_from(User).where(User.username.like("f%"))) == 0
    assert Counter(db.session.scalars(select(StoredEvent.name).where(StoredEvent.name.like("user.%")))) == {
        "user.registered": counts[Verdict.NEW],
        "user.initial_password_set": counts[Verdict.NEW],
        "user.profile_updated": 1,
        "user.email_changed": 1,
    }


def test_leading_zeros_and_hostile_names_arrive_as_they_were_typed(school: School) -> None:
    logins = {login: name for name, login in HOSTILE.values()}
    arrived = db.session.execute(select(User.username, User.name).where(User.username.in_(logins)))
    assert dict(arrived.all()) == logins


def test_the_second_time_nothing_changes_and_nothing_is_stated(school: School) -> None:
    before = dump()
    boss = db.session.scalars(select(User).where(User.name == "Sri")).one()
    again = actions.upload_people(io.BytesIO(xlsx_bytes("Siswa", rows())), "siswa.xlsx", actor=boss).import_id
    counts = imports.row_counts(again)
    assert counts == {Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.SAME: ROWS - 37, Verdict.ERROR: 37}
    with pytest.raises(actions.NothingToImport):
        actions.start_import(again, actor=boss)
    assert dump()["facts"] == before["facts"]
    assert dump()["people"] == before["people"]
    with transaction() as session:
        session.execute(delete(ImportRow).where(ImportRow.import_id == again))


def test_an_import_that_is_killed_in_the_middle_ends_the_same(school: School, tmp_path: Path) -> None:
    whole = dump()
    _close()
    shutil.copytree(school.copy, tmp_path, dirs_exist_ok=True)
    with an_app(tmp_path).app_context():
        work(steps=7)
        _killed_while_working(tmp_path)
        with transaction() as session:  # what the dead had taken is due again at once
            session.execute(update(StoredDelivery).where(StoredDelivery.due_at.is_not(None)).values(due_at=now()))
        half = db.session.scalars(select(Task)).one()
        assert 700 <= half.done < ROWS
        assert db.session.scalar(select(func.count()).where(ImportRow.outcome.is_not(None))) == half.done
        work()
        resumed = dump()
        _close()
    assert resumed["task"] == whole["task"]
    assert resumed == whole


def _killed_while_working(folder: Path) -> None:
    """`flask worker` goes on with the import until it is somewhere in a step, and dies there."""
    seen = db.session.scalar(select(Task.done))
    db.session.rollback()
    environment = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    environment |= {
        "FLASK_APP": "wsgi", "TUNTAS_PROFILE": "testing", "EVENTS_POLL": "0.05", "QUEUE": "embedded",
        "DATABASE_URL": str(settings(folder)["SQLALCHEMY_DATABASE_URI"]), "INSTANCE": str(folder / "instance"),
    }  # fmt: skip
    log = folder / "worker.log"
    process = warm.start_module("flask", "worker", environment=environment, log=log)
    try:
        while process.is_alive() and db.session.scalar(select(Task.done)) == seen:
            db.session.rollback()
    finally:
        process.kill()
        process.join()
        db.session.rollback()
    assert process.exitcode == -signal.SIGKILL, log.read_text()
