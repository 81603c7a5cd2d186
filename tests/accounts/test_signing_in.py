"""Signing in and out: who may, what it costs, what an attacker learns."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import argon2
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import actions, queries
from app.accounts.actions.limits import PRUNED_AT_ONCE, account_of
from app.accounts.events import SessionsEnded, SessionStarted
from app.accounts.initial_passwords import new_key
from app.accounts.models import LoginFailure, TwoFactor, User, UserSession, UserStatus
from app.accounts.tokens import new_token, token_hash
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused, TooMany
from tests import make
from tests.facts import assert_stated
from tests.letters import answer
from tests.pages import PASSWORD, Person
from tests.statements import statements

WRONG = "Email, nama pengguna, atau kata sandi salah."


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every run of the hasher, whether to make or to check a hash."""
    runs: list[str] = []

    def counting(name: str) -> Callable[..., object]:
        original = getattr(argon2.PasswordHasher, name)

        def run(*args: object, **kwargs: object) -> object:
            runs.append(name)
            return original(*args, **kwargs)

        return run

    for name in ("hash", "verify"):
        monkeypatch.setattr(argon2.PasswordHasher, name, counting(name))
    return runs


def try_to_sign_in(login: str, password: str = "salah-sekali", address: str = "10.0.0.1") -> str:
    return actions.sign_in(login, password, address=address, agent="uji").token


def suspend(user: User) -> None:
    with transaction():
        user.status = UserStatus.SUSPENDED


@pytest.mark.parametrize("login", ["siti@contoh.test", "SITI@Contoh.test", "0012345678"])
def test_one_signs_in_by_email_or_by_user_name(app: Flask, login: str) -> None:
    user = make.user(email="siti@contoh.test", username="0012345678")
    person = Person(app).logs_in(login)
    assert (person.status, person.path) == (200, "/")
    assert person.opens("/akun").sees(user.name)
    assert_stated(SessionStarted, user_id=user.id)


def test_one_comes_back_to_where_one_wanted_to_go(app: Flask) -> None:
    user = make.user()
    person = Person(app).opens("/akun?x=1")
    assert person.path == "/masuk"
    assert person.submits("Masuk", login=user.email, password=PASSWORD).path == "/akun"


def test_a_hostile_next_leads_home(app: Flask) -> None:
    user = make.user()
    person = Person(app).opens("/masuk?next=https://jahat.test/")
    assert person.submits("Masuk", login=user.email, password=PASSWORD).path == "/"


def test_t_aut_01_nothing_tells_an_unknown_person_from_a_wrong_password(app: Flask) -> None:
    known = str(make.user(email="kenal@contoh.test").email)
    suspended = make.user(email="tahan@contoh.test")
    suspend(suspended)
    answers = [
        answer(app, "/masuk", {"login": login, "password": "salah-sekali"})
        for login in (known, "asing@contoh.test", "tahan@contoh.test")
    ]
    assert answers[0][0] == 422
    assert WRONG in str(answers[0][1])
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("password", ["salah-sekali", PASSWORD])
def test_t_aut_02_the_hasher_runs_once_for_anybody(app: Flask, hashed: list[str], password: str) -> None:
    known, suspended, without = make.user(), make.user(), make.user()
    suspend(suspended)
    with transaction():
        without.password_hash = None
    for login in (known.email, suspended.email, without.email, "asing@contoh.test", "asing"):
        hashed.clear()
        with contextlib.suppress(Refused):
            actions.sign_in(str(login), password, address="10.0.0.1", agent="")
        assert hashed == ["verify"], login


def test_t_aut_02_a_wrong_try_costs_as_many_statements_for_anybody(app: Flask) -> None:
    """A person with a slip too: its first password is judged as well."""
    known, suspended = make.user(username="0012345678"), make.user()
    slip = make.user(initial_key=new_key())
    suspend(suspended)
    costs = set()
    for login in (known.email, known.username, suspended.email, slip.email, "asing@contoh.test", "asing"):
        db.session.rollback()
        with statements() as seen, pytest.raises(actions.SignInRefused):
            try_to_sign_in(str(login))
        costs.add(len(seen))
    assert len(costs) == 1


def test_a_suspended_person_learns_it_only_with_the_right_password(app: Flask) -> None:
    user = make.user()
    suspend(user)
    assert Person(app).logs_in(str(user.email), "salah-sekali").sees(WRONG)
    assert Person(app).logs_in(str(user.email)).sees("Akun Anda sedang dinonaktifkan.")


def test_t_aut_03_after_five_wrong_tries_even_the_right_password_waits(app: Flask) -> None:
    user = make.user()
    person = Person(app)
    for _ in range(5):
        assert person.logs_in(str(user.email), "salah-sekali").status == 422
    refused = person.logs_in(str(user.email))
    assert refused.status == 429
    assert refused.sees("Terlalu banyak percobaan.")
    with clock.at(now() + timedelta(minutes=15, seconds=1)):
        assert person.logs_in(str(user.email)).path == "/"


def test_an_unknown_account_is_limited_like_a_known_one(app: Flask) -> None:
    for _ in range(5):
        with pytest.raises(actions.SignInRefused):
            try_to_sign_in("asing@contoh.test")
    with pytest.raises(TooMany):
        try_to_sign_in("Asing@contoh.test")


def test_a_blocked_try_does_not_run_the_hasher(app: Flask, hashed: list[str]) -> None:
    _fail(account="asing", address="10.0.0.1", times=5)
    with pytest.raises(TooMany):
        try_to_sign_in("asing")
    assert hashed == []


def test_an_account_is_limited_over_all_addresses(app: Flask) -> None:
    for number in range(20):
        with pytest.raises(actions.SignInRefused):
            try_to_sign_in("asing", address=f"10.0.1.{number}")
    with pytest.raises(TooMany):
        try_to_sign_in("asing", address="10.0.2.1")


def test_a_school_behind_one_address_may_be_wrong_three_hundred_times(app: Flask) -> None:
    _fail(address="10.0.0.1", times=299)
    with pytest.raises(actions.SignInRefused):
        try_to_sign_in("asing-299")
    with pytest.raises(TooMany):
        try_to_sign_in("asing-300")
    with pytest.raises(actions.SignInRefused):
        try_to_sign_in("asing-300", address="10.0.0.2")


def test_the_right_password_forgets_the_own_wrong_tries(app: Flask) -> None:
    user = make.user()
    for _ in range(4):
        with pytest.raises(actions.SignInRefused):
            try_to_sign_in(str(user.email))
    actions.sign_in(str(user.email), PASSWORD, address="10.0.0.1", agent="")
    assert queries.failures_of("x", "10.0.0.1").address == 0


def test_wrong_tries_older_than_a_day_are_forgotten_with_the_next_one(app: Flask) -> None:
    with clock.at(now() - timedelta(days=1, seconds=1)):
        _fail(address="10.0.0.1", times=3)
    with clock.at(now() - timedelta(hours=23)):
        _fail(address="10.0.0.2", times=2)
    with pytest.raises(actions.SignInRefused):
        try_to_sign_in("asing", address="10.0.0.3")
    kept = db.session.scalars(select(LoginFailure.address).order_by(LoginFailure.id)).all()
    assert kept == ["10.0.0.2", "10.0.0.2", "10.0.0.3"]


def test_a_wrong_try_clears_old_ones_away_by_one_bounded_statement(app: Flask) -> None:
    with clock.at(now() - timedelta(days=2)):
        _fail(address="10.0.0.1", times=PRUNED_AT_ONCE + 5)
    with statements() as seen, pytest.raises(actions.SignInRefused):
        try_to_sign_in("asing")
    assert len([each for each in seen if "DELETE" in each]) == 1
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 6


def _fail(*, address: str, times: int, account: str | None = None) -> None:
    with transaction() as session:
        for number in range(times):
            typed = account if account is not None else f"asing-{number}"
            session.add(LoginFailure(account=account_of("sign-in", None, typed), address=address))


def test_t_aut_14_an_endless_password_is_refused_unhashed(app: Flask, hashed: list[str]) -> None:
    person = Person(app).opens("/masuk")
    for length in (257, 1_000_000):
        assert person.submits("Masuk", login="asing@contoh.test", password="x" * length).status == 422
        assert person.sees("Paling banyak 256 karakter.")
    assert hashed == []


def held_token(person: Person) -> str:
    with person.client.session_transaction() as cookie:
        return str(cookie["token"])


def test_t_aut_08_signing_in_changes_the_token_and_kills_the_old_one(app: Flask) -> None:
    """Half a session is the only one with which the form takes a password."""
    careful, user = make.user(), make.user()
    with transaction() as session:
        session.add(TwoFactor(user_id=careful.id, secret="x", confirmed_at=now()))
    person = Person(app).logs_in(str(careful.email))
    first = held_token(person)
    assert queries.visit_of(first) is not None
    person.logs_in(str(user.email))
    second = held_token(person)
    assert second != first
    assert queries.visit_of(first) is None
    found = queries.visit_of(second)
    assert found is not None
    assert (found.user.id, found.awaits_code) == (user.id, False)


def test_t_aut_08_a_live_session_that_was_planted_is_not_signed_into(app: Flask) -> None:
    victim, thief = Person(app), Person(app).logs_in(str(make.user().email))
    planted, user = held_token(thief), make.user()
    victim.opens("/masuk")
    with victim.client.session_transaction() as cookie:
        cookie["token"] = planted
    victim.submits("Masuk", login=user.email, password=PASSWORD)
    assert held_token(victim) == planted
    assert_stated(SessionStarted, times=0, user_id=user.id)
    victim.opens("/akun").submits("Keluar")
    assert queries.visit_of(planted) is None
    victim.logs_in(str(user.email))
    assert held_token(victim) != planted


def test_nothing_of_the_session_before_survives_signing_in(app: Flask) -> None:
    user = make.user()
    person = Person(app)
    with person.client.session_transaction() as cookie:
        cookie["planted"] = "x"
    person.logs_in(str(user.email))
    with person.client.session_transaction() as cookie:
        assert set(cookie) <= {"token", "_permanent", "csrf_token"}


def test_t_aut_09_a_copied_cookie_is_dead_after_signing_out(app: Flask) -> None:
    user = make.user()
    person, thief = Person(app), Person(app)
    person.logs_in(str(user.email))
    with person.client.session_transaction() as cookie:
        token = cookie["token"]
    with thief.client.session_transaction() as cookie:
        cookie["token"] = token
    assert thief.opens("/akun").path == "/akun"
    person.opens("/akun").submits("Keluar")
    assert thief.opens("/akun").path == "/masuk"
    assert thief.client.get("/akun", headers={"Accept": "application/json"}).status_code == 401


def test_signing_out_everywhere_ends_every_session_of_this_person_only(app: Flask) -> None:
    user, other = make.user(), make.user()
    first, second, third = Person(app), Person(app), Person(app)
    first.logs_in(str(user.email))
    second.logs_in(str(user.email))
    third.logs_in(str(other.email))
    assert first.opens("/akun/perangkat").submits("Keluar dari semua").path == "/masuk"
    assert_stated(SessionsEnded, user_id=user.id, count=2)
    assert second.opens("/akun").path == "/masuk"
    assert third.opens("/akun").path == "/akun"


def test_a_suspended_person_loses_access_at_once(app: Flask) -> None:
    user = make.user()
    person = Person(app).logs_in(str(user.email))
    assert person.opens("/akun").path == "/akun"
    suspend(user)
    assert person.opens("/akun").path == "/masuk"


def test_a_browser_not_seen_for_thirty_days_has_to_sign_in_again(app: Flask) -> None:
    token = actions.start_session(make.user(), agent="")
    with clock.at(now() + timedelta(days=29)):
        assert queries.visit_of(token) is not None
    with clock.at(now() + timedelta(days=31)):
        assert queries.visit_of(token) is None


def test_signing_in_clears_the_own_past_sessions_away_and_no_others(app: Flask) -> None:
    user, other = make.user(), make.user()
    with clock.at(now() - timedelta(days=31)):
        for each in (user, user, other):
            actions.start_session(each, agent="lama")
    with clock.at(now() - timedelta(days=29)):
        actions.start_session(user, agent="hidup")
    with transaction() as session:
        half = {"awaits_code": True, "user_id": user.id}
        session.add(UserSession(token_hash="a", agent="terlambat", created_at=now() - timedelta(minutes=11), **half))
        session.add(UserSession(token_hash="b", agent="menunggu", **half))
    actions.start_session(user, agent="baru")
    kept = select(UserSession.agent).where(UserSession.user_id == user.id).order_by(UserSession.agent)
    assert db.session.scalars(kept).all() == ["baru", "hidup", "menunggu"]
    assert db.session.scalars(select(UserSession.agent).where(UserSession.user_id == other.id)).one() == "lama"


def test_only_the_hash_of_a_token_is_kept(app: Flask) -> None:
    token = actions.start_session(make.user(), agent="x" * 400)
    row = db.session.scalars(select(UserSession)).one()
    assert row.token_hash == token_hash(token) != token
    assert len(row.agent) == 255


def test_that_a_browser_was_seen_is_written_once_a_minute_after_the_answer(app: Flask) -> None:
    person = Person(app).logs_in(str(make.user().email))
    began = _last_seen()
    person.client.get("/akun").close()
    assert _last_seen() == began
    later = now() + timedelta(minutes=2)
    with clock.at(later):
        answer = person.client.get("/akun")
        assert _last_seen() == began
        answer.close()
    assert _last_seen() == later


def _last_seen() -> datetime:
    db.session.rollback()
    of_session, of_person = db.session.execute(select(UserSession.last_seen_at, User.last_seen_at).join(User)).one()
    assert of_person is not None
    assert abs(of_session - of_person) < timedelta(seconds=1)
    return of_session


def test_who_looks_costs_one_statement_and_a_guest_none(app: Flask) -> None:
    user = make.user()
    token = actions.start_session(user, agent="")
    with statements() as seen:
        assert queries.visit_of(token) is not None
    assert len(seen) == 1
    with statements() as seen:
        app.test_client().get("/metrics/tidak-ada")
    assert [each for each in seen if "sessions" in each] == []


def test_signing_in_costs_at_most_eight_statements(app: Flask) -> None:
    login, known = str(make.user().email), new_token()
    actions.sign_in(login, PASSWORD, address="", agent="", device=known)
    with statements() as seen:
        actions.sign_in(login, PASSWORD, address="", agent="", device=known)
    waits = [each for each in seen if "pg_advisory" in each]
    assert len(seen) - len(waits) <= 8, seen


def test_signed_in_pages_are_not_for_guests_nor_admin_pages_for_learners(app: Flask) -> None:
    assert app.test_client().get("/akun").location == "/masuk?next=/akun"
    assert Person(app).logs_in(str(make.user().email)).opens("/admin").status == 403
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_t_aut_13_a_rotated_key_keeps_sessions_and_signs_new_ones_alone(make_app: Callable[..., Flask]) -> None:
    old, both, new = (
        make_app(SECRET_KEY="lama" * 10),
        make_app(SECRET_KEY="baru" * 10, SECRET_KEY_FALLBACKS=["lama" * 10]),
        make_app(SECRET_KEY="baru" * 10),
    )
    with old.app_context():
        login = str(make.user().email)
        before = Person(old).logs_in(login)
        assert before.path == "/"
        assert _with_cookie_of(before, both).opens("/akun").path == "/akun"
        assert _with_cookie_of(before, new).opens("/akun").path == "/masuk"
        after = Person(both).logs_in(login)
        assert _with_cookie_of(after, new).opens("/akun").path == "/akun"
        assert _with_cookie_of(after, old).opens("/akun").path == "/masuk"


def _with_cookie_of(person: Person, app: Flask) -> Person:
    """The same browser at a server with other settings."""
    there, cookie = Person(app), person.client.get_cookie("session")
    assert cookie is not None
    there.client.set_cookie("session", cookie.value)
    return there


def test_https_cookies_are_for_this_host_and_https_alone(make_app: Callable[..., Flask]) -> None:
    app = make_app(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
    with app.app_context():
        login = str(make.user().email)
    client = app.test_client()
    page = client.get("/masuk", base_url="https://localhost").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    body = {"login": login, "password": PASSWORD, "csrf_token": token}
    cookies = client.post("/masuk", data=body, base_url="https://localhost").headers.getlist("Set-Cookie")
    assert sorted(each.split("=")[0] for each in cookies) == ["__Host-device", "__Host-session"]
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie
