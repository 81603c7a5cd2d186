"""What a person has to do first comes first, on every page but those that are needed for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.db import transaction
from app.core.settings import change_institution
from tests import make
from tests.pages import Person


def unverified(app: Flask) -> User:
    app.config["MAIL_SERVER"] = "mail.test"
    return make.user(email_verified_at=None)


def without_own_password(_app: Flask) -> User:
    user = make.user()
    with transaction() as session:
        session.merge(user).initial_key = "0" * 32
    return user


def staff_without_second_step(_app: Flask) -> User:
    change_institution(two_factor_for_staff=True)
    return make.user(Role.TRAINER)


@pytest.mark.parametrize(
    ("person", "address"),
    [
        (unverified, "/verifikasi-email"),
        (without_own_password, "/sandi-baru"),
        (staff_without_second_step, "/akun/dua-langkah"),
    ],
)
def test_an_errand_comes_before_everything_that_is_personal(
    app: Flask, person: Callable[[Flask], User], address: str
) -> None:
    user = person(app)
    course = make.course()
    browser = Person(app).logs_in(user.email or "")
    assert browser.path == address
    for path in ("/", "/kursus", f"/kursus/{course.slug}", "/notifikasi", "/akun", "/sertifikat"):
        assert browser.opens(path).path == address, path
    answer = browser.client.get("/notifikasi", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert browser.opens("/v").path == "/v"
    assert browser.opens(address).submits("Keluar").path == "/masuk"


def test_without_a_mail_server_nobody_has_to_verify(app: Flask) -> None:
    user = make.user(email_verified_at=None)
    assert Person(app).logs_in(user.email or "").path == "/"


def test_learners_are_not_asked_for_the_second_step_of_the_staff(app: Flask) -> None:
    change_institution(two_factor_for_staff=True)
    assert Person(app).logs_in(make.user().email or "").path == "/"
