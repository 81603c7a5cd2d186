"""Kartu: the first passwords on paper. They work, they are shown to admins alone, and showing changes nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.accounts import actions
from app.accounts.initial_passwords import initial_password, new_key
from app.accounts.models import Role, User, UserStatus
from app.accounts.queries import imports
from app.admin.actions import save_institution
from app.core.db import db, transaction
from app.core.sheets import csv_lines
from tests import make
from tests.facts import captured
from tests.pages import Person
from tests.statements import statements

FAMOUS = datetime(2026, 8, 17, tzinfo=UTC)


@pytest.fixture
def slips(app: Flask, boss: User, drain: Callable[[], int]) -> Callable[..., str]:
    """Imports people by name and login; answers the address of their slips."""

    def imported(*rows: tuple[str, str]) -> str:
        table = io.BytesIO("".join(csv_lines([("Nama", "NIS"), *rows])).encode())
        import_id = actions.upload_people(table, "siswa.csv", actor=boss).import_id
        actions.start_import(import_id, actor=boss)
        drain()
        return f"/admin/peserta/impor/{import_id}/kartu"

    return imported


def by_login(username: str) -> User:
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.username == username)).one()


def sets(user: User, **values: object) -> None:
    with transaction():
        kept = db.session.get_one(User, user.id)
        for field, value in values.items():
            setattr(kept, field, value)


def with_key(**fields: object) -> User:
    user = make.user(**fields)  # type: ignore[arg-type]
    sets(user, initial_key=new_key(), password_hash=None)
    return user


def test_a_slip_says_who_where_and_how_and_its_password_signs_in(
    app: Flask, panel: Person, slips: Callable[..., str]
) -> None:
    page = panel.opens(slips(("Ayu Lestari", "0012")))
    password = initial_password(by_login("0012"))
    for words in ("Ayu Lestari", "0012", password, "http://localhost", "Ganti kata sandi ini saat masuk pertama kali."):
        assert page.sees(words)
    assert 'src="data:image/svg+xml' in page.response.text
    assert Person(app).logs_in("0012", password).path != "/masuk"


def test_a_slip_carries_the_name_and_the_logo_of_the_institution(
    panel: Person, boss: User, slips: Callable[..., str]
) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20)).save(drawn, "PNG")
    drawn.seek(0)
    save_institution({"name": "SMK Nusantara"}, logo=drawn, actor=boss)
    html = panel.opens(slips(("Ayu", "0012"))).response.text
    slip = html[html.index('class="slip"') :]
    assert "<b>SMK Nusantara</b>" in slip
    assert 'src="/logo/' in slip


def test_slips_come_in_the_order_of_the_table_eight_to_a_sheet(panel: Person, slips: Callable[..., str]) -> None:
    page = panel.opens(slips(*[(f"Orang {n:02}", f"n{n:02}") for n in reversed(range(17))]))
    html = page.response.text
    assert html.index("Orang 16") < html.index("Orang 03") < html.index("Orang 00")
    assert html.count('class="slip-sheet"') == 3
    assert html.count('class="slip"') == 17


def test_many_slips_come_in_parts(panel: Person, slips: Callable[..., str]) -> None:
    path = slips(*[(f"Orang {n:03}", f"n{n:03}") for n in range(imports.SLIPS_PAGE + 5)])
    assert panel.opens(path).sees("Bagian 1 dari 2")
    assert panel.opens(f"{path}?hal=2").response.text.count('class="slip"') == 5
    assert panel.opens(f"{path}?hal=9").sees("Tidak ada kartu di halaman ini")


def test_who_has_chosen_a_password_is_named_without_a_slip(panel: Person, slips: Callable[..., str]) -> None:
    path = slips(("Ayu", "0012"), ("Budi", "0013"), ("Citra", "0014"), ("Dewi", "0015"))
    keys = {login: initial_password(by_login(login)) for login in ("0012", "0013", "0014", "0015")}
    sets(by_login("0013"), initial_key=None, password_hash="x")
    sets(by_login("0014"), status=UserStatus.SUSPENDED)
    sets(by_login("0015"), initial_key=None)
    page = panel.opens(path)
    assert [login for login, key in keys.items() if page.sees(key)] == ["0012"]
    assert page.sees("Tanpa kartu (3)")
    assert page.sees("Budi 0013 Sudah memilih kata sandi")
    assert page.sees("Citra 0014 Akun dinonaktifkan")
    assert page.sees("Dewi 0015 Memakai tautan kata sandi dari email")


def test_who_became_an_admin_is_on_no_slip_and_in_no_list(panel: Person, slips: Callable[..., str]) -> None:
    path = slips(("Ayu", "0012"), ("Budi", "0013"))
    sets(by_login("0012"), role=Role.LMS_ADMIN)
    page = panel.opens(path)
    assert (page.sees("Ayu"), page.sees("Budi")) == (False, True)


def test_before_the_import_there_are_no_slips(panel: Person, boss: User) -> None:
    with_key(name="Ayu", username="0012")
    table = io.BytesIO("".join(csv_lines([("Nama", "NIS"), ("Ayu", "0012")])).encode())
    import_id = actions.upload_people(table, "siswa.csv", actor=boss).import_id
    assert panel.opens(f"/admin/peserta/impor/{import_id}/kartu").sees("Tidak ada kartu untuk dicetak")


def test_one_person_has_a_slip_as_long_as_the_first_password_holds(panel: Person, boss: User) -> None:
    user = with_key(name="Ayu", username="0012")
    path = f"/admin/peserta/{user.id}/kartu"
    assert panel.opens(path).sees(initial_password(by_login("0012")))
    sets(user, initial_key=None, password_hash="x")
    page = panel.opens(path)
    assert page.sees("Tidak ada kartu untuk dicetak")
    assert page.sees("Sudah memilih kata sandi")


@pytest.mark.parametrize("fields", [{"role": Role.LMS_ADMIN}, {"anonymized_at": FAMOUS}])
def test_there_is_no_slip_of_an_admin_or_of_an_anonymous_account(
    panel: Person, boss: User, fields: dict[str, object]
) -> None:
    assert panel.opens(f"/admin/peserta/{with_key(username='0012', **fields).id}/kartu").status == 404
    assert panel.opens("/admin/peserta/999999/kartu").status == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LMS_ADMIN])
def test_only_admins_see_slips(app: Flask, panel: Person, slips: Callable[..., str], role: Role) -> None:
    path = slips(("Ayu", "0012"))
    other = Person(app).logs_in(str(make.user(role).email))
    for each in (path, f"/admin/peserta/{by_login('0012').id}/kartu"):
        assert other.opens(each).status == 403


def test_showing_slips_changes_nothing_and_is_not_stored(panel: Person, slips: Callable[..., str]) -> None:
    path = slips(("Ayu", "0012"))
    before = _without_tokens(panel.opens(path))
    with captured() as facts, statements() as seen:
        page = panel.opens(path)
    assert _without_tokens(page) == before
    assert facts == []
    assert [each for each in seen if not each.startswith("SELECT")] == []
    assert page.response.headers["Cache-Control"] == "no-store"


def _without_tokens(page: Person) -> str:
    """Tokens against forged requests carry the second in which they were made."""
    return re.sub(r'name="csrf_token"[^>]*>', "", page.response.text)


def test_slips_cost_as_many_statements_for_two_as_for_forty(panel: Person, slips: Callable[..., str]) -> None:
    few, many = slips(("A", "a1"), ("B", "b1")), slips(*[(f"Orang {n}", f"n{n}") for n in range(40)])
    counts = []
    for path in (few, many):
        with statements() as seen:
            panel.opens(path)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9


def test_t_xss_02_a_hostile_name_is_text_on_a_slip(panel: Person, slips: Callable[..., str]) -> None:
    html = panel.opens(slips(('"><img src=x onerror=alert(1)>', "0012"))).response.text
    assert "<img src=x" not in html
