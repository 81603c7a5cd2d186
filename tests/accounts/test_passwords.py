"""Passwords: forgotten, chosen from a letter, changed, chosen for the first time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions
from app.accounts.events import EmailVerified, PasswordChanged, PasswordResetRequested, SignInLimited
from app.accounts.initial_passwords import initial_password, new_key
from app.accounts.models import AccountRequest, LoginFailure, Purpose, TwoFactor, User, UserStatus
from app.accounts.passwords import matches
from app.accounts.tokens import token_hash
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused, TooMany
from app.events.models import StoredEvent
from app.notifications.models import OutgoingMail
from tests import make
from tests.facts import assert_stated, drain_all
from tests.fakes import Postbox
from tests.letters import BASE_URL, answer, arrived, hashing, link_in, newest_link, part, settings
from tests.pages import PASSWORD, Person
from tests.progress.test_races import at_once

NEW = "sepeda merah tua"


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(**settings(box))


@pytest.fixture
def siti(app: Flask) -> User:
    return make.user(name="Siti", email="siti@contoh.test", username="0012345678")


def asks(app: Flask, login: str = "siti@contoh.test") -> Person:
    return Person(app).opens("/masuk").follows("Lupa kata sandi?").submits("Kirim tautan", login=login)


def chooses(app: Flask, link: str, password: str = NEW) -> Person:
    return Person(app).opens(link).submits("Simpan", password=password)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def password_of(user: User) -> str | None:
    db.session.rollback()
    return db.session.get_one(User, user.id).password_hash


class TestForgotten:
    def test_a_whole_life_from_the_form_over_the_letter_to_the_account(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        elsewhere = Person(app).logs_in("siti@contoh.test")
        person = asks(app, "0012345678")
        assert person.path == "/lupa-sandi/terkirim"
        (letter,) = arrived(box)
        assert (letter["To"], letter["Subject"]) == ("siti@contoh.test", "Kata sandi baru untuk akun Anda")
        assert "60 menit" in part(letter)
        person.opens(link_in(letter))
        assert person.path == "/atur-sandi"
        assert person.submits("Simpan", password="pendek").status == 422
        assert person.submits("Simpan", password=NEW).path == "/masuk"
        assert person.sees("Kata sandi baru sudah berlaku. Silakan masuk.")
        assert person.logs_in("siti@contoh.test", PASSWORD).status == 422
        assert person.logs_in("siti@contoh.test", NEW).opens("/akun").sees("Siti")
        assert elsewhere.opens("/akun").path == "/masuk"
        assert_stated(PasswordResetRequested, user_id=siti.id)
        assert_stated(PasswordChanged, user_id=siti.id)

    def test_t_aut_01_asking_answers_the_same_for_everybody(self, app: Flask, siti: User, box: Postbox) -> None:
        make.user(email="tahan@contoh.test", status=UserStatus.SUSPENDED)
        make.user(email=None, username="tanpa")
        logins = ("siti@contoh.test", "0012345678", "asing@contoh.test", "tahan@contoh.test", "tanpa", "asing")
        answers = {login: answer(app, "/lupa-sandi", {"login": login}) for login in logins}
        assert answers["asing"][0] == 303
        assert len(set(map(str, answers.values()))) == 1
        assert [each["To"] for each in arrived(box)] == ["siti@contoh.test"]  # the newer of the two that were asked for
        assert_stated(PasswordResetRequested, 2, user_id=siti.id)

    def test_t_aut_02_asking_hashes_nothing_for_anybody(self, app: Flask, siti: User) -> None:
        with hashing() as runs:
            for login in ("siti@contoh.test", "asing@contoh.test"):
                actions.forget_password(login, address="10.0.0.1")
        assert runs == []

    def test_t_aut_03_asking_is_limited_alike_for_known_and_unknown(
        self, make_app: Callable[..., Flask], siti: User, box: Postbox
    ) -> None:
        """Counted in the database, so also with Redis stopped."""
        dead = {"RATELIMIT_ENABLED": True, "QUEUE": "rq", "REDIS_URL": "redis://127.0.0.1:1/0"}
        stopped = make_app(**settings(box), **dead)
        for login in ("siti@contoh.test", "asing@contoh.test"):
            statuses = [answer(stopped, "/lupa-sandi", {"login": login})[0] for _ in range(6)]
            assert statuses == [303] * 5 + [429]
        assert answer(stopped, "/lupa-sandi", {"login": "0012345678"})[0] == 429
        with clock.at(now() + timedelta(minutes=15, seconds=1)):
            assert answer(stopped, "/lupa-sandi", {"login": "siti@contoh.test"})[0] == 303

    def test_nobody_fills_a_mailbox_by_asking(self, app: Flask, siti: User, box: Postbox) -> None:
        for number in range(10):
            actions.forget_password("siti@contoh.test", address=f"10.0.0.{number}")
            drain_all()
        assert len(arrived(box)) == 3
        with clock.at(now() + timedelta(minutes=61)):
            actions.forget_password("siti@contoh.test", address="10.0.0.1")
            assert len(arrived(box)) == 4

    def test_asking_does_not_keep_the_person_out(self, app: Flask, siti: User) -> None:
        for _ in range(5):
            actions.forget_password("siti@contoh.test", address="10.0.0.1")
        with pytest.raises(TooMany):
            actions.forget_password("siti@contoh.test", address="10.0.0.1")
        assert actions.sign_in("siti@contoh.test", PASSWORD, address="10.0.0.1", agent="")

    def test_a_letter_proves_the_address(self, app: Flask, box: Postbox) -> None:
        user = make.user(email="baru@contoh.test", email_verified_at=None)
        asks(app, "baru@contoh.test")
        assert chooses(app, newest_link(box)).logs_in("baru@contoh.test", NEW).opens("/akun").path == "/akun"
        assert_stated(EmailVerified, user_id=user.id)

    def test_the_second_step_stays(self, app: Flask, siti: User, box: Postbox) -> None:
        with transaction() as session:
            session.add(TwoFactor(user_id=siti.id, secret="x", confirmed_at=now()))
        asks(app)
        chooses(app, newest_link(box))
        assert db.session.scalars(select(TwoFactor.confirmed_at)).one() is not None
        assert matches(NEW, password_of(siti))

    def test_without_a_mail_server_the_page_sends_one_to_the_admin(self, make_app: Callable[..., Flask]) -> None:
        app = make_app()
        with app.app_context():
            page = Person(app).opens("/lupa-sandi")
            assert page.sees("Minta kata sandi baru kepada admin")
            assert all("Kirim tautan" not in form.buttons for form in page.forms)
            with pytest.raises(Refused, match="admin"):
                actions.forget_password("siti@contoh.test", address="")

    def test_staff_send_a_link_to_who_has_no_password_yet(self, app: Flask, box: Postbox) -> None:
        boss = make.admin()
        user = actions.create_user(name="Budi", email="budi@contoh.test", username="0099", actor=boss)
        actions.request_reset(user, actor=boss)
        (letter,) = arrived(box)
        assert letter["Subject"] == "Akun Anda sudah dibuat"
        assert "Anda masuk dengan: 0099" in part(letter)
        assert chooses(app, link_in(letter)).logs_in("0099", NEW).opens("/akun").sees("Budi")


class TestLink:
    def test_t_aut_05_a_link_works_once(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        link = newest_link(box)
        chooses(app, link)
        again = Person(app).opens(link)
        assert again.status == 404
        assert again.sees("Tautan tidak berlaku")
        with pytest.raises(actions.LinkExpired):
            actions.reset_password(token_of(link), "kata sandi lain")
        assert matches(NEW, password_of(siti))

    def test_t_aut_05_a_link_is_void_after_the_password_was_changed(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        link = newest_link(box)
        actions.change_password(siti, PASSWORD, NEW, address="", token="x")
        assert Person(app).opens(link).status == 404
        with pytest.raises(actions.LinkExpired):
            actions.reset_password(token_of(link), "kata sandi lain")

    @pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 404)])
    def test_t_aut_05_a_link_works_for_an_hour(
        self, app: Flask, siti: User, box: Postbox, minutes: int, status: int
    ) -> None:
        asks(app)
        link = newest_link(box)
        with clock.at(now() + timedelta(minutes=minutes)):
            assert Person(app).opens(link).status == status
            if status == 404:
                with pytest.raises(actions.LinkExpired):
                    actions.reset_password(token_of(link), NEW)

    def test_t_aut_05_a_link_is_for_its_own_person_and_purpose(self, app: Flask, siti: User, box: Postbox) -> None:
        other = make.user(email="lain@contoh.test", email_verified_at=None)
        before = password_of(other)
        asks(app)
        link = newest_link(box)
        browser = Person(app).logs_in("lain@contoh.test")
        browser.opens(link).submits("Simpan", password=NEW)
        assert matches(NEW, password_of(siti))
        assert password_of(other) == before
        actions.request_verification(other, actor=other)
        verification = token_of(newest_link(box))
        with pytest.raises(actions.LinkExpired):
            actions.reset_password(verification, NEW)
        assert password_of(other) == before

    def test_t_aut_05_of_two_links_only_the_newer_works(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        older = newest_link(box)
        asks(app)
        newer = newest_link(box)
        assert older != newer
        assert Person(app).opens(older).status == 404
        assert chooses(app, newer).path == "/masuk"

    def test_t_aut_05_only_the_hash_is_kept(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        token = token_of(newest_link(box))
        request = db.session.scalars(select(AccountRequest)).one()
        assert request.token_hash == token_hash(token) != token
        kept = db.session.scalars(select(OutgoingMail)).one()
        assert token not in kept.text + kept.html
        assert "/atur-sandi/•••" in kept.text
        assert all(token not in str(payload) for payload in db.session.scalars(select(StoredEvent.payload)))

    def test_t_aut_06_the_secret_leaves_the_address_at_once(
        self, app: Flask, siti: User, box: Postbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            asks(app)
            link = newest_link(box)
            answered = app.test_client().get(link)
            assert (answered.status_code, answered.location) == (303, "/atur-sandi")
            assert answered.headers["Referrer-Policy"] == "no-referrer"
            person = Person(app).opens(link)
            assert token_of(link) not in person.response.text
            person.submits("Simpan", password=NEW)
        logged = [each.getMessage() for each in caplog.records if each.name != "mail.log"]  # the mailbox's own
        assert all(secret not in line for line in logged for secret in (token_of(link), NEW))

    def test_t_aut_07_a_foreign_host_is_refused_and_no_link_follows_it(
        self, make_app: Callable[..., Flask], siti: User, box: Postbox
    ) -> None:
        app = make_app(**settings(box), TRUSTED_HOSTS=["localhost"])
        client = app.test_client()
        assert client.get("/lupa-sandi", headers={"Host": "evil.test"}).status_code == 400
        page = client.get("/lupa-sandi", headers={"X-Forwarded-Host": "evil.test"}).text
        sent = {"login": "siti@contoh.test", "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
        client.post("/lupa-sandi", data=sent, headers={"X-Forwarded-Host": "evil.test"})
        (letter,) = arrived(box)
        assert "evil.test" not in letter.as_string()
        assert f"{BASE_URL}/atur-sandi/" in part(letter)

    def test_a_suspended_person_has_no_use_of_a_link(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        link = newest_link(box)
        with transaction():
            siti.status = UserStatus.SUSPENDED
        assert Person(app).opens(link).status == 404
        with pytest.raises(actions.LinkExpired):
            actions.reset_password(token_of(link), NEW)

    @pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", ""])
    def test_a_made_up_link_leads_nowhere(self, app: Flask, token: str) -> None:
        assert Person(app).opens(f"/atur-sandi/{token}").status == 404

    def test_opening_a_link_changes_nothing(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        link = newest_link(box)
        for _ in range(3):
            Person(app).opens(link)
        assert chooses(app, link).path == "/masuk"

    def test_of_many_who_ask_at_once_one_request_stays_open(self, app: Flask, siti: User) -> None:
        db.session.rollback()
        addresses = [f"10.0.0.{number}" for number in range(8)]
        assert at_once(app, 8, lambda: actions.forget_password("siti@contoh.test", address=addresses.pop())) == []
        used = db.session.scalars(select(AccountRequest.used_at).order_by(AccountRequest.id)).all()
        assert [each is None for each in used] == [False, False, True]

    def test_of_many_with_one_link_at_once_one_sets_the_password(self, app: Flask, siti: User, box: Postbox) -> None:
        asks(app)
        token, passwords = token_of(newest_link(box)), [f"sepeda nomor {number}" for number in range(8)]
        db.session.rollback()
        errors = at_once(app, 8, lambda: actions.reset_password(token, passwords.pop()))
        assert [type(error) for error in errors] == [actions.LinkExpired] * 7
        assert_stated(PasswordChanged, user_id=siti.id)


class TestChange:
    def changes(self, person: Person, current: str = PASSWORD, password: str = NEW) -> Person:
        return person.opens("/akun/sandi").submits("Simpan", current=current, password=password)

    def test_t_aut_09_after_a_change_only_the_own_session_lives_and_under_another_token(
        self, app: Flask, siti: User
    ) -> None:
        here, elsewhere, thief = Person(app).logs_in("0012345678"), Person(app).logs_in("0012345678"), Person(app)
        with here.client.session_transaction() as cookie:
            stolen = cookie["token"]
        assert self.changes(here).path == "/akun"
        assert here.sees("Kata sandi diganti.")
        with thief.client.session_transaction() as cookie:
            cookie["token"] = stolen
        assert thief.opens("/akun").path == elsewhere.opens("/akun").path == "/masuk"
        assert here.opens("/akun").path == "/akun"
        assert elsewhere.logs_in("0012345678", NEW).opens("/akun").path == "/akun"
        assert_stated(PasswordChanged, user_id=siti.id)

    @pytest.mark.parametrize(
        ("current", "password", "words"),
        [
            ("salah sekali", NEW, "Kata sandi Anda yang sekarang salah."),
            (PASSWORD, PASSWORD, "Pilih yang lain."),
            (PASSWORD, "rahasia123", "terlalu umum"),
            (PASSWORD, "SITI@contoh.test", "tidak boleh sama dengan"),
            (PASSWORD, "0012345678", "tidak boleh sama dengan"),
            (PASSWORD, "pendek", "Harus 8 sampai 256 karakter."),
        ],
    )
    def test_what_is_wrong_is_said_and_changes_nothing(
        self, app: Flask, siti: User, current: str, password: str, words: str
    ) -> None:
        person = self.changes(Person(app).logs_in("0012345678"), current, password)
        assert person.status == 422
        assert person.sees(words)
        assert matches(PASSWORD, password_of(siti))

    def test_t_aut_03_the_current_password_cannot_be_guessed(self, app: Flask, siti: User) -> None:
        person = Person(app).logs_in("0012345678")
        for _ in range(5):
            assert self.changes(person, "salah sekali").status == 422
        assert self.changes(person).status == 429
        assert matches(PASSWORD, password_of(siti))

    def test_t_aut_14_an_endless_password_is_refused_unhashed(self, app: Flask, siti: User) -> None:
        endless = "x" * 1_000_000
        person = Person(app).logs_in("0012345678").opens("/akun/sandi")
        with hashing() as runs:
            assert person.submits("Simpan", current="x" * 257, password="x" * 257).status == 422
            with pytest.raises(Refused):
                actions.change_password(siti, endless, NEW, address="", token="")
            with pytest.raises(Refused):
                actions.choose_first_password(siti, endless, token="")
        assert runs == []

    def test_t_aut_14_an_endless_password_leaves_the_link_of_a_letter_as_it_is(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        asks(app)
        link = newest_link(box)
        with hashing() as runs, pytest.raises(Refused, match="256"):
            actions.reset_password(token_of(link), "x" * 1_000_000)
        assert runs == []
        assert chooses(app, link).path == "/masuk"


class TestFirst:
    @pytest.fixture
    def murid(self, app: Flask) -> User:
        return make.user(name="Budi", email=None, username="2026001", initial_key=new_key())

    def test_it_is_chosen_before_anything_else(self, app: Flask, murid: User) -> None:
        first = initial_password(murid)
        with transaction():
            murid.password_hash = None
        person = Person(app).logs_in("2026001", first).opens("/akun")
        assert person.path == "/sandi-baru"
        assert person.submits("Simpan", password="2026001x").path == "/"
        assert person.opens("/akun").path == "/akun"
        assert db.session.get_one(User, murid.id).initial_key is None
        assert Person(app).logs_in("2026001", first).status == 422
        assert Person(app).logs_in("2026001", "2026001x").opens("/akun").path == "/akun"

    def test_an_address_given_with_it_counts_once_its_letter_was_answered(
        self, app: Flask, murid: User, box: Postbox
    ) -> None:
        person = Person(app).logs_in("2026001", initial_password(murid)).opens("/")
        person.opens("/sandi-baru").submits("Simpan", password=NEW, email="Budi@Contoh.test")
        assert db.session.get_one(User, murid.id).email is None
        person.opens(newest_link(box)).submits("Verifikasi email saya")
        user = db.session.get_one(User, murid.id)
        assert (user.email, user.email_verified_at is not None) == ("budi@contoh.test", True)

    def test_the_password_on_the_slip_is_not_chosen_again(self, app: Flask, murid: User) -> None:
        printed = initial_password(murid)
        person = Person(app).logs_in("2026001", printed)
        for typed in (printed, printed.replace("-", "").upper()):
            assert person.opens("/sandi-baru").submits("Simpan", password=typed).status == 422
            assert person.sees("Ini kata sandi awal dari kartu.")

    def test_t_aut_02_the_hasher_runs_once_for_who_has_a_first_password(self, app: Flask, murid: User) -> None:
        for password in (initial_password(murid), "salah sekali"):
            with hashing() as runs:
                Person(app).logs_in("2026001", password)
            assert runs == ["verify"]

    def test_who_has_a_password_of_ones_own_has_no_business_there(self, app: Flask, siti: User) -> None:
        assert Person(app).logs_in("0012345678").opens("/sandi-baru").path == "/"
        with pytest.raises(Refused):
            actions.choose_first_password(siti, NEW, token="")


class TestLimited:
    def attack(self, *logins: str) -> int:
        """Wrong passwords from a hundred addresses, for these names by turns; answers how many were even looked at."""
        tried = 0
        for number in range(100):
            try:
                actions.sign_in(logins[number % len(logins)], "salah sekali", address=f"10.1.{number}.1", agent="")
            except TooMany:
                continue
            except actions.SignInRefused:
                tried += 1
        return tried

    def test_t_aut_04_a_hundred_addresses_slow_the_account_and_warn_the_owner_once(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        assert self.attack("siti@contoh.test") == 20
        with clock.at(now() + timedelta(minutes=16)):
            assert self.attack("siti@contoh.test") == 20
        assert_stated(SignInLimited, user_id=siti.id)
        (letter,) = arrived(box)
        assert letter["Subject"] == "Banyak percobaan masuk ke akun Anda"
        assert Person(app).logs_in("siti@contoh.test").status == 429

    def test_t_aut_04_both_names_of_a_person_are_one_account(self, app: Flask, siti: User, box: Postbox) -> None:
        assert self.attack("siti@contoh.test", "0012345678", "SITI@contoh.test") == 20
        assert_stated(SignInLimited, user_id=siti.id)
        assert len(arrived(box)) == 1

    def test_t_aut_04_the_next_day_the_owner_is_warned_again(self, app: Flask, siti: User) -> None:
        self.attack("siti@contoh.test")
        with clock.at(now() + timedelta(hours=25)):
            self.attack("siti@contoh.test")
        assert_stated(SignInLimited, 2, user_id=siti.id)

    def test_t_aut_04_an_unknown_account_is_slowed_alike_and_nobody_is_warned(self, app: Flask) -> None:
        assert self.attack("asing@contoh.test") == 20
        assert_stated(SignInLimited, 0)
        assert db.session.scalars(select(LoginFailure.account)).all() != []

    def test_t_aut_04_a_suspended_owner_is_not_mailed(self, app: Flask, siti: User, box: Postbox) -> None:
        with transaction():
            siti.status = UserStatus.SUSPENDED
        self.attack("siti@contoh.test")
        assert arrived(box) == []


def test_asked_for_rows_are_named_by_their_purpose(app: Flask, siti: User) -> None:
    asks(app)
    request = db.session.scalars(select(AccountRequest)).one()
    assert (request.purpose, request.email, request.token_hash) == (Purpose.RESET, "siti@contoh.test", None)
