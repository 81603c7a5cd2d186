"""Akun: the profile, and how the pages look."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.events import UserProfileUpdated
from app.accounts.models import Role, Theme, User
from app.core.db import db
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person


def opened(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email)).opens("/akun")


def change(person: Person, **fields: str) -> Person:
    return person.submits("Simpan", **{"timezone": "Asia/Jakarta", "locale": "id", **fields})


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page(app: Flask, role: Role) -> None:
    user = make.user(role, username="0012345678")
    person = opened(app, user)
    assert person.status == 200
    assert person.sees(str(user.email))
    assert person.sees("0012345678")
    for label in ("Profil", "Kata sandi", "Email", "Dua langkah", "Perangkat & sesi", "Tampilan"):
        assert person.opens("/akun").follows(label).status == 200


@pytest.mark.parametrize("name", ["Suparman", "Siti Nur'azizah", "Al-Farisi", "王", "x" * 150])
def test_a_name_is_what_its_owner_says(app: Flask, name: str) -> None:
    user = make.user()
    assert change(opened(app, user), name=name).sees("Profil disimpan.")
    assert db.session.scalars(select(User.name)).one() == name
    assert_stated(UserProfileUpdated, user_id=user.id, fields=["name"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Wajib diisi."),
        ({"name": "x" * 151}, "Harus 1 sampai 150 karakter."),
        ({"timezone": "Asia/Bulan"}, "Pilih salah satu yang tersedia."),
        ({"timezone": "Europe/Berlin"}, "Pilih salah satu yang tersedia."),
        ({"locale": "fr"}, "Pilih salah satu yang tersedia."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_changes_nothing(app: Flask, wrong: dict[str, str], words: str) -> None:
    person = change(opened(app, make.user(name="Ani")), **wrong)
    assert person.status == 422
    assert person.sees(words)
    assert db.session.execute(select(User.name, User.timezone, User.locale)).one() == ("Ani", "Asia/Jakarta", "id")


def test_t_mas_01_the_profile_changes_nothing_but_itself(app: Flask) -> None:
    user = make.user()
    change(opened(app, user), name="Ani", role="lms_admin", status="suspended", email="x@y.id", id="7")
    kept = db.session.scalars(select(User)).one()
    assert (kept.name, kept.role, kept.status, kept.email) == ("Ani", Role.LEARNER, "active", user.email)


def test_hours_are_told_in_the_zone_that_was_chosen(app: Flask) -> None:
    user = make.user()
    person = change(opened(app, user), timezone="Asia/Jayapura")
    assert 'value="Asia/Jayapura"' in person.response.text
    assert stated(UserProfileUpdated)[0].fields == ["timezone"]


def test_a_zone_outside_of_indonesia_can_be_kept(app: Flask) -> None:
    user = make.user(timezone="Europe/Berlin")
    person = opened(app, user)
    assert change(person, name="Ani", timezone="Europe/Berlin").sees("Profil disimpan.")
    assert db.session.scalars(select(User.timezone)).one() == "Europe/Berlin"


def test_the_page_is_in_the_chosen_language_at_once(app: Flask) -> None:
    person = change(opened(app, make.user()), locale="en")
    assert '<html lang="en"' in person.response.text
    person.submits("Save", timezone="Asia/Jakarta", locale="id")
    assert person.sees("Profil disimpan.")
    assert '<html lang="id"' in person.response.text


def test_what_stays_as_it_was_is_no_fact(app: Flask) -> None:
    user = make.user()
    change(opened(app, user), name=user.name)
    assert_stated(UserProfileUpdated, times=0)


def test_no_fact_holds_a_name(app: Flask) -> None:
    change(opened(app, make.user()), name="Rahasia Sekali")
    assert "Rahasia" not in str(stated(UserProfileUpdated))


def test_the_theme_is_kept_and_one_stays_on_the_page(app: Flask) -> None:
    person = opened(app, make.user()).follows("Tampilan")
    assert 'data-theme="auto"' in person.response.text
    person.submits("Simpan", theme="dark")
    assert person.path == "/akun/tampilan"
    assert 'data-theme="dark"' in person.response.text
    assert db.session.scalars(select(User.theme)).one() == Theme.DARK


def test_an_unknown_theme_is_refused(app: Flask) -> None:
    refused = opened(app, make.user()).follows("Tampilan").submits("Simpan", theme="merah")
    assert refused.status == 422
    assert refused.sees("Pilih salah satu yang tersedia.")


def test_the_account_pages_are_not_for_guests(app: Flask) -> None:
    for path in ("/akun", "/akun/tampilan", "/akun/perangkat", "/akun/dua-langkah", "/akun/dua-langkah/pasang"):
        assert app.test_client().get(path).location == f"/masuk?next={path}"
