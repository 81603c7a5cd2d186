"""Jejak Audit: its chain is checked, its rows are found, its export is safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.accounts.actions import create_user
from app.core.db import transaction
from app.core.sheets import safe_cell
from tests.pages import Person

BOM = "\ufeff"


@pytest.fixture
def log(panel: Person, drain: Callable[[], int]) -> None:
    """Five registrations beside the admin's own sign-in."""
    for number in range(5):
        create_user(name=f"=Orang {number}", email=f"peserta{number}@contoh.test")
    drain()


def tamper(statement: str) -> None:
    with transaction() as session:
        session.execute(text(statement))


def verified(panel: Person) -> Person:
    return panel.opens("/admin/audit").submits("Verifikasi")


@pytest.mark.usefixtures("log")
def test_a_whole_chain_is_whole(panel: Person) -> None:
    page = verified(panel)
    assert page.status == 200
    assert page.sees("Rantai utuh 6 baris diperiksa.")


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE domain_event_log SET actor_id = 99 WHERE seq = 3", "Baris 3 diubah. 2 baris sebelumnya utuh."),
        ("UPDATE domain_event_log SET metadata = '{}' WHERE seq = 1", "Baris 1 diubah. 0 baris sebelumnya utuh."),
        ("DELETE FROM domain_event_log WHERE seq = 4", "Baris 4 hilang. 3 baris sebelumnya utuh."),
        ("DELETE FROM domain_event_log WHERE seq >= 5", "Baris 5 hilang. 4 baris sebelumnya utuh."),
    ],
)
def test_the_first_broken_row_is_named(panel: Person, statement: str, words: str) -> None:
    tamper(statement)
    page = verified(panel)
    assert page.sees("Rantai rusak")
    assert page.sees(words)


@pytest.mark.usefixtures("log")
def test_a_cut_end_is_noticed_without_checking_everything(panel: Person) -> None:
    tamper("DELETE FROM domain_event_log WHERE seq = 6")
    assert panel.opens("/admin/audit").sees("Ujung rantai tidak cocok")
    assert panel.opens("/admin").sees("Jejak Audit rusak")


@pytest.mark.usefixtures("log")
def test_rows_are_filtered_by_kind_person_thing_and_severity(panel: Person) -> None:
    def rows(query: str) -> int:
        return panel.opens(f"/admin/audit?{query}").response.text.count('<th scope="row">')

    assert rows("") == 6
    assert rows("jenis=user.registered") == 5
    assert rows("orang=peserta3@contoh.test") == 1
    assert rows("benda=user&nomor=99") == 0
    assert rows("tingkat=error") == 0
    assert panel.opens("/admin/audit?tingkat=rahasia").status == 422


@pytest.mark.usefixtures("log")
def test_t_csv_01_the_export_is_for_excel_and_calculates_nothing(panel: Person) -> None:
    answer = panel.client.get("/admin/audit.csv?jenis=user.registered")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="jejak-audit-')
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.get_data(as_text=True)
    assert content.startswith(BOM)
    head, *rows = csv.reader(io.StringIO(content.removeprefix(BOM)), delimiter=";")
    assert head[:4] == ["Nomor", "Waktu", "Arti", "Peristiwa"]
    assert len(rows) == 5
    assert rows[0][2:4] == ["Akun dibuat", "user.registered"]
    assert rows[0][8] == "'=Orang 4"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_t_csv_01_no_cell_begins_a_formula(first: str) -> None:
    assert safe_cell(f"{first}1+1") == f"'{first}1+1"


def test_plain_cells_stay_as_they_are() -> None:
    assert [safe_cell(each) for each in ("Ayu", 7, None, "a=b")] == ["Ayu", "7", "", "a=b"]


def test_the_export_of_a_wrong_filter_is_refused(panel: Person) -> None:
    assert panel.client.get("/admin/audit.csv?jenis=x").status_code == 400
