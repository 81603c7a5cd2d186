"""Perangkat & sesi: what is listed, what can be ended, which browser is new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions
from app.accounts.actions.requests import add_request, arm_request
from app.accounts.agents import in_words
from app.accounts.events import SessionsEnded, SessionStarted
from app.accounts.models import KnownDevice, Purpose, User, UserSession
from app.accounts.tokens import token_hash
from app.core.db import db, transaction
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import PASSWORD, Person

PAGE = "/akun/perangkat"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"


def at_browser(app: Flask, user: User, agent: str) -> Person:
    person = Person(app)
    person.client.environ_base["HTTP_USER_AGENT"] = agent
    return person.logs_in(str(user.email))


def thief_of(app: Flask, person: Person) -> Person:
    """Somebody with a copy of the cookie."""
    thief = Person(app)
    with person.client.session_transaction() as cookie:
        token = cookie["token"]
    with thief.client.session_transaction() as cookie:
        cookie["token"] = token
    assert thief.opens("/akun").path == "/akun"
    return thief


def assert_out(person: Person) -> None:
    assert person.opens("/akun").path == "/masuk"
    assert person.client.get("/akun", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome di Android"),
        (FIREFOX, "Firefox di Windows"),
        (FIREFOX.replace("Firefox/133.0", "") + "Chrome/131.0 Safari/537.36 Edg/131.0", "Edge di Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1", "Safari di iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) CriOS/131.0 Mobile Safari/604.1", "Chrome di iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari di Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/131.0.0.0 Safari/537.36", "Chrome di ChromeOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox di Linux"),
        (CHROME.replace("Chrome/", "SamsungBrowser/27.0 Chrome/"), "Samsung Internet di Android"),
        (CHROME + " OPR/85.0", "Opera di Android"),
        ("Opera/9.80 (Android; Opera Mini/36.2) Presto/2.12", "Opera di Android"),
        ("curl/8.5", "Peramban tidak dikenal"),
        ("", "Peramban tidak dikenal"),
        ("<script>alert(1)</script>", "Peramban tidak dikenal"),
    ],
)
def test_a_browser_has_a_name(app: Flask, agent: str, words: str) -> None:
    assert in_words(agent) == words


def test_the_page_lists_the_own_living_sessions_only(app: Flask) -> None:
    user, other = make.user(), make.user()
    phone = at_browser(app, user, CHROME)
    actions.start_session(other, agent=FIREFOX)
    assert phone.opens(PAGE).sees("Chrome di Android")
    assert phone.sees("Sedang dipakai")
    assert not phone.sees("Firefox di Windows")
    assert not phone.sees("Akhiri semua sesi lain")
    at_browser(app, user, FIREFOX)
    assert phone.opens(PAGE).sees("Firefox di Windows")


def test_t_aut_09_a_session_that_is_ended_is_dead_wherever_its_cookie_is(app: Flask) -> None:
    user = make.user()
    phone, school = at_browser(app, user, CHROME), at_browser(app, user, FIREFOX)
    thief = thief_of(app, school)
    assert phone.opens(PAGE).submits("Akhiri").sees("Sesi itu sudah diakhiri.")
    assert_stated(SessionsEnded, user_id=user.id, count=1)
    assert_out(school)
    assert_out(thief)
    assert phone.opens("/akun").path == "/akun"


def test_t_aut_09_all_other_sessions_end_at_once(app: Flask) -> None:
    user, other = make.user(), make.user()
    phone, school, home = (at_browser(app, user, agent) for agent in (CHROME, FIREFOX, FIREFOX))
    stranger = at_browser(app, other, FIREFOX)
    thief = thief_of(app, home)
    assert phone.opens(PAGE).submits("Akhiri semua sesi lain").sees("2 sesi lain diakhiri.")
    assert_stated(SessionsEnded, user_id=user.id, count=2)
    for each in (school, home, thief):
        assert_out(each)
    assert phone.opens("/akun").path == stranger.opens("/akun").path == "/akun"


def test_t_aut_09_everywhere_means_this_browser_too(app: Flask) -> None:
    user = make.user()
    phone, school = at_browser(app, user, CHROME), at_browser(app, user, FIREFOX)
    thief = thief_of(app, phone)
    phone.opens(PAGE).submits("Keluar dari semua")
    assert_stated(SessionsEnded, user_id=user.id, count=2)
    for each in (phone, school, thief):
        assert_out(each)


def test_t_aut_09_signing_out_and_suspension_kill_the_copy(app: Flask) -> None:
    user, admin = make.user(), make.admin()
    phone, school = at_browser(app, user, CHROME), at_browser(app, user, FIREFOX)
    thief, second_thief = thief_of(app, phone), thief_of(app, school)
    phone.opens("/akun").submits("Keluar")
    assert_out(thief)
    actions.suspend(user, actor=admin)
    assert_out(school)
    assert_out(second_thief)


def test_a_foreign_and_an_unknown_session_are_not_found(app: Flask) -> None:
    user, other = make.user(), make.user()
    actions.start_session(other, agent="")
    foreign = db.session.scalars(select(UserSession.id)).one()
    person = at_browser(app, user, CHROME).opens("/akun")
    sent = {"csrf_token": person.forms[0].fields["csrf_token"]}
    answers = [person.client.post(f"{PAGE}/{each}/akhiri", data=sent) for each in (foreign, 999999)]
    assert [each.status_code for each in answers] == [404, 404]
    assert db.session.get(UserSession, foreign) is not None
    assert_stated(SessionsEnded, times=0)


def test_ending_the_own_session_signs_out(app: Flask) -> None:
    person = at_browser(app, make.user(), CHROME).opens("/akun")
    own = db.session.scalars(select(UserSession.id)).one()
    sent = {"csrf_token": person.forms[0].fields["csrf_token"]}
    assert person.client.post(f"{PAGE}/{own}/akhiri", data=sent).status_code == 303
    assert_out(person)


def test_nothing_to_end_states_nothing(app: Flask) -> None:
    user = make.user()
    own = actions.start_session(user, agent="")
    assert actions.end_all_sessions(user, besides=own) == 0
    assert_stated(SessionsEnded, times=0)


def new_devices() -> list[bool]:
    return [each.new_device for each in stated(SessionStarted)]


def test_a_browser_is_new_when_the_person_was_seen_elsewhere_before(app: Flask) -> None:
    user = make.user()
    phone = at_browser(app, user, CHROME)
    phone.opens("/akun").submits("Keluar").logs_in(str(user.email))
    at_browser(app, user, FIREFOX)
    phone.opens("/akun").submits("Keluar").logs_in(str(user.email))
    assert new_devices() == [False, False, True, False]


def changes_the_password(person: Person, user: User) -> Person:
    new = {"password": "sepeda merah tua", "again": "sepeda merah tua"}
    fields = {name: new[name] for name in person.opens("/akun/sandi").forms[-1].fields if name in new}
    return person.submits("Simpan", current=PASSWORD, **fields)


def ends_the_others(person: Person, user: User) -> Person:
    return person.opens(PAGE).submits("Akhiri semua sesi lain")


def leaves_everywhere(person: Person, user: User) -> Person:
    return person.opens(PAGE).submits("Keluar dari semua")


@pytest.mark.parametrize("act", [changes_the_password, ends_the_others, leaves_everywhere])
def test_whoever_was_thrown_out_is_new_again_and_who_did_it_is_not(
    app: Flask, act: Callable[[Person, User], Person]
) -> None:
    user, other = make.user(), make.user()
    at_browser(app, other, CHROME)
    phone, thief = at_browser(app, user, CHROME), at_browser(app, user, FIREFOX)
    act(phone, user)
    password = "sepeda merah tua" if act is changes_the_password else PASSWORD
    if phone.opens("/akun").path == "/akun":
        phone.submits("Keluar")
    phone.logs_in(str(user.email), password)
    thief.logs_in(str(user.email), password)
    assert thief.opens("/akun").path == "/akun"
    assert new_devices() == [False, False, True, False, True]
    assert db.session.scalars(select(KnownDevice).where(KnownDevice.user_id == other.id)).one()


def test_after_a_reset_by_letter_every_browser_is_new(app: Flask) -> None:
    user = make.user()
    thief = at_browser(app, user, CHROME)
    with transaction():
        request = add_request(user, Purpose.RESET, str(user.email))
        assert request is not None
        token = arm_request(request)
    owner = Person(app).opens(f"/atur-sandi/{token}").submits("Simpan", password="sepeda merah tua")
    assert owner.path == "/masuk"
    thief.logs_in(str(user.email), "sepeda merah tua")
    assert new_devices() == [False, True]


def test_one_browser_is_new_to_each_person(app: Flask) -> None:
    user, other = make.user(), make.user()
    at_browser(app, other, CHROME)
    shared = at_browser(app, user, CHROME)
    shared.opens("/akun").submits("Keluar").logs_in(str(other.email))
    assert new_devices() == [False, False, True]


def test_who_is_signed_in_somewhere_is_not_new_to_us(app: Flask) -> None:
    user = make.user()
    actions.start_session(user, agent="")
    at_browser(app, user, CHROME)
    assert new_devices() == [False, True]


def test_the_device_is_kept_as_a_hash_and_comes_with_signing_in_alone(app: Flask) -> None:
    user = make.user()
    person = Person(app).opens("/masuk")
    assert person.client.get_cookie("device") is None
    person.logs_in(str(user.email), "salah-sekali")
    assert person.client.get_cookie("device") is None
    person.logs_in(str(user.email))
    cookie = person.client.get_cookie("device")
    assert cookie is not None
    assert (cookie.max_age, cookie.http_only, cookie.same_site) == (400 * 86400, True, "Lax")
    assert db.session.scalars(select(KnownDevice.device_hash)).one() == token_hash(cookie.value)


@pytest.mark.parametrize("planted", ["", "kosong", "x" * 4000])
def test_a_device_that_is_not_ours_is_replaced(app: Flask, planted: str) -> None:
    person = Person(app)
    person.client.set_cookie("device", planted)
    person.logs_in(str(make.user().email))
    cookie = person.client.get_cookie("device")
    assert cookie is not None
    assert cookie.value != planted
