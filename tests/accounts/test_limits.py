"""Wrong tries at once, and many right ones from one address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask, Response
from sqlalchemy import func, select

from app.accounts import actions, queries
from app.accounts.actions.limits import account_of, apart, digest
from app.accounts.events import SignInLimited
from app.accounts.models import LoginFailure, User
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused, TooMany
from app.core.security import limiter
from tests import make
from tests.facts import assert_stated
from tests.fakes import Postbox
from tests.letters import answer, hashing, settings
from tests.pages import PASSWORD, Person
from tests.progress.test_races import at_once

HERE = "10.0.0.1"
DEAD = "redis://127.0.0.1:1/0"
EMAIL, USERNAME = "siti@contoh.test", "0012345678"
NEW = {"name": "Nur'aini", "email": "nur.aini@contoh.test", "password": "sepeda biru tua"}


def kinds_of(errors: list[Exception]) -> Counter[type]:
    return Counter(type(each) for each in errors)


def test_t_aut_03_wrong_passwords_are_limited_with_redis_stopped(make_app: Callable[..., Flask]) -> None:
    stopped = make_app(QUEUE="rq", REDIS_URL=DEAD, RATELIMIT_ENABLED=True)
    with stopped.app_context():
        make.user(email=EMAIL)
        person = Person(stopped)
        assert [person.logs_in(EMAIL, "salah sekali").status for _ in range(6)] == [422] * 5 + [429]
        assert person.logs_in(EMAIL).status == 429


@pytest.mark.parametrize("names", [[EMAIL], [EMAIL, USERNAME], ["asing@contoh.test"]])
def test_t_aut_03_of_forty_wrong_passwords_at_once_five_are_judged(app: Flask, names: list[str]) -> None:
    make.user(email=EMAIL, username=USERNAME)
    typed = names * (40 // len(names))
    user = queries.user_by_login(names[0])
    db.session.rollback()
    with hashing() as runs:
        errors = at_once(app, 40, lambda: actions.sign_in(typed.pop(), "salah sekali", address=HERE, agent=""))
    assert kinds_of(errors) == {actions.SignInRefused: 5, TooMany: 35}
    assert len(runs) == 5
    assert queries.failures_of(account_of("sign-in", user, names[0]), HERE).pair == 5


def test_t_aut_03_of_forty_wrong_current_passwords_at_once_five_are_judged(app: Flask) -> None:
    user_id = make.user().id
    db.session.rollback()

    def change() -> None:
        user = db.session.get_one(User, user_id)
        actions.change_password(user, "salah sekali", "sepeda biru tua", address=HERE, token="x")

    with hashing() as runs:
        errors = at_once(app, 40, change)
    assert kinds_of(errors) == {Refused: 5, TooMany: 35}
    assert len(runs) == 5


def test_t_aut_04_forty_addresses_at_once_warn_the_owner_once(app: Flask) -> None:
    make.user(email=EMAIL, username=USERNAME)
    db.session.rollback()
    tries = [(name, f"10.1.{number}.1") for number in range(20) for name in (EMAIL, USERNAME)]

    def guess() -> None:
        login, address = tries.pop()
        actions.sign_in(login, "salah sekali", address=address, agent="")

    errors = at_once(app, 40, guess)
    assert kinds_of(errors) == {actions.SignInRefused: 20, TooMany: 20}
    assert_stated(SignInLimited, 1)


def test_nobody_uses_up_the_tries_of_a_second_step_by_typing_its_counter_as_a_name(app: Flask) -> None:
    typed = f"code {make.user().id}"
    with pytest.raises(actions.SignInRefused):
        actions.sign_in(typed, "salah sekali", address=HERE, agent="")
    assert queries.failures_of(digest(typed), HERE).account == 0


def test_right_passwords_at_once_all_sign_in_and_leave_nothing_counted(app: Flask) -> None:
    logins = [str(make.user().email) for _ in range(10)]
    db.session.rollback()
    assert at_once(app, 10, lambda: actions.sign_in(logins.pop(), PASSWORD, address=HERE, agent="")) == []
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_the_right_current_password_is_no_try(app: Flask) -> None:
    user = make.user()
    for _ in range(6):
        actions.begin_two_factor(user, PASSWORD, address=HERE)
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_a_refused_try_does_not_make_the_pause_longer(app: Flask) -> None:
    login, start = str(make.user().email), now()
    for minute in range(15):
        with clock.at(start + timedelta(minutes=minute)), pytest.raises((actions.SignInRefused, TooMany)):
            actions.sign_in(login, "salah sekali", address=HERE, agent="")
    with clock.at(start + timedelta(minutes=15, seconds=1)):
        assert actions.sign_in(login, PASSWORD, address=HERE, agent="")


class TestSchool:
    """Five hundred pupils behind one address, on the first morning."""

    @pytest.fixture
    def app(self, make_app: Callable[..., Flask], box: Postbox) -> Iterator[Flask]:
        app = make_app(**settings(box), RATELIMIT_ENABLED=True)
        with app.app_context():
            yield app

    def register(self, app: Flask, count: int) -> set[int]:
        """So many different pupils by the form; answers the statuses."""
        client = app.test_client()
        token = client.get("/daftar").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
        typed = ({**NEW, "csrf_token": token, "email": f"murid{number}@contoh.test"} for number in range(count))
        return {client.post("/daftar", data=each).status_code for each in typed}

    def test_three_hundred_registrations_keep_nobody_from_signing_in_or_registering(self, app: Flask) -> None:
        login = str(make.user().email)
        assert self.register(app, 301) == {303}
        assert Person(app).logs_in(login).path == "/"
        assert Person(app).logs_in(login, "salah sekali").status == 422
        assert answer(app, "/daftar", NEW)[0] == 303

    def test_with_redis_stopped_registering_goes_on_and_its_rate_is_counted_here(
        self, make_app: Callable[..., Flask], box: Postbox
    ) -> None:
        stopped, left = make_app(**settings(box), QUEUE="rq", REDIS_URL=DEAD, RATELIMIT_ENABLED=True), []

        @stopped.after_request
        def note(response: Response) -> Response:
            if limiter.current_limit:
                left.append(limiter.current_limit.remaining)
            return response

        assert self.register(stopped, 3) == {303}
        assert left == [left[0], left[0] - 1, left[0] - 2]

    def test_three_hundred_forgotten_passwords_keep_nobody_from_signing_in(self, app: Flask) -> None:
        login = str(make.user().email)
        for number in range(300):
            actions.forget_password(f"murid{number}@contoh.test", address="127.0.0.1")
        assert Person(app).logs_in(login).path == "/"
        with pytest.raises(TooMany):
            actions.forget_password(login, address="127.0.0.1")

    def test_t_aut_01_too_many_registrations_from_one_address_are_refused_alike(self, app: Flask) -> None:
        known = str(make.user().email)
        here = apart("register", "127.0.0.1")
        with transaction() as session:
            session.add_all(LoginFailure(account=digest(str(number)), address=here) for number in range(1000))
        assert {answer(app, "/daftar", {**NEW, "email": each})[0] for each in (known, NEW["email"])} == {429}


def test_without_letters_good_registrations_are_not_counted(app: Flask) -> None:
    for number in range(301):
        typed = {**NEW, "email": f"murid{number}@contoh.test"}
        assert actions.register(**typed, address=HERE, agent="")
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 0
