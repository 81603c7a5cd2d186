"""Addresses: verified by a letter, changed by a letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions
from app.accounts.events import EmailVerificationRequested, EmailVerified, RegistrationRepeated, UserEmailChanged
from app.accounts.models import AccountRequest, User
from app.core import clock
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused, TooMany
from tests import make
from tests.facts import assert_stated
from tests.fakes import Postbox
from tests.letters import arrived, link_in, newest_link, part, settings
from tests.pages import PASSWORD, Person
from tests.progress.test_races import at_once

NEW = "siti.baru@contoh.test"
ANSWERED = f"Kami mengirim tautan ke {NEW}. Alamat berganti setelah tautan itu dibuka."


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(**settings(box))


@pytest.fixture
def siti(app: Flask) -> User:
    return make.user(name="Siti", email="siti@contoh.test")


@pytest.fixture
def unverified(app: Flask) -> User:
    return make.user(name="Budi", email="budi@contoh.test", email_verified_at=None)


def email_of(user: User) -> str | None:
    db.session.rollback()
    return db.session.get_one(User, user.id).email


def changes(person: Person, email: str = NEW, current: str = PASSWORD) -> Person:
    return person.opens("/akun/email").submits("Simpan", email=email, current=current)


class TestVerify:
    def send(self, user: User, box: Postbox) -> str:
        actions.request_verification(user, actor=user)
        return newest_link(box)

    def test_it_is_the_first_thing_to_do(self, app: Flask, unverified: User, box: Postbox) -> None:
        person = Person(app).logs_in("budi@contoh.test").opens("/akun")
        assert person.path == "/verifikasi-email"
        assert person.sees("belum terverifikasi")
        assert person.submits("Kirim").path == "/verifikasi-email"
        assert person.sees("Kami mengirim tautan ke budi@contoh.test.")
        person.opens(newest_link(box)).submits("Verifikasi email saya")
        assert person.path == "/"
        assert person.opens("/akun").path == "/akun"
        assert person.opens("/verifikasi-email").path == "/"

    def test_without_a_mail_server_nobody_is_kept_out(self, make_app: Callable[..., Flask]) -> None:
        app = make_app()
        with app.app_context():
            user = make.user(email_verified_at=None)
            assert Person(app).logs_in(str(user.email)).opens("/akun").path == "/akun"

    def test_a_link_verifies_once(self, app: Flask, unverified: User, box: Postbox) -> None:
        link = self.send(unverified, box)
        first, second = Person(app).opens(link), Person(app).opens(link)
        assert first.submits("Verifikasi email saya").path == "/masuk"
        assert second.submits("Verifikasi email saya").sees("Tautan ini sudah dipakai")
        assert Person(app).opens(link).status == 404
        assert_stated(EmailVerified, user_id=unverified.id)

    def test_only_the_newest_link_verifies(self, app: Flask, unverified: User, box: Postbox) -> None:
        older, newer = self.send(unverified, box), self.send(unverified, box)
        assert Person(app).opens(older).status == 404
        assert Person(app).opens(newer).submits("Verifikasi email saya").path == "/masuk"

    @pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 404)])
    def test_a_link_works_for_a_day(self, app: Flask, unverified: User, box: Postbox, hours: int, status: int) -> None:
        link = self.send(unverified, box)
        with clock.at(now() + timedelta(hours=hours)):
            assert Person(app).opens(link).status == status

    def test_asking_again_is_limited_to_three_letters_an_hour(self, app: Flask, unverified: User, box: Postbox) -> None:
        person = Person(app).logs_in("budi@contoh.test").opens("/verifikasi-email").submits("Kirim")
        for _ in range(2):
            assert person.submits("Kirim lagi").sees("Tautan baru dikirim.")
        assert person.submits("Kirim lagi").sees("Kami sudah mengirim beberapa surat.")
        assert len(arrived(box)) == 1  # the two before were replaced before they left
        assert_stated(EmailVerificationRequested, 3, user_id=unverified.id)

    def test_a_reset_link_is_no_verification(self, app: Flask, unverified: User, box: Postbox) -> None:
        actions.forget_password("budi@contoh.test", address="")
        token = newest_link(box).rsplit("/", 1)[1]
        with pytest.raises(actions.LinkExpired):
            actions.confirm_email(token)

    def test_a_mistyped_address_can_be_changed_before_it_is_verified(
        self, app: Flask, unverified: User, box: Postbox
    ) -> None:
        old = self.send(unverified, box)
        person = Person(app).logs_in("budi@contoh.test").opens("/verifikasi-email").follows("Ganti alamat")
        assert changes(person).path == "/verifikasi-email"
        assert person.sees(f"Alamat {NEW} menunggu dikonfirmasi.")
        person.opens(newest_link(box)).submits("Verifikasi email saya")
        assert person.opens("/akun").path == "/akun"
        assert email_of(unverified) == NEW
        assert Person(app).opens(old).status == 404
        # Whoever has the mistyped address has nothing to do with the account.
        assert [each["To"] for each in arrived(box)] == ["budi@contoh.test", NEW]


class TestChange:
    def test_the_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        person = changes(Person(app).logs_in("siti@contoh.test"))
        assert person.path == "/akun"
        assert person.sees(ANSWERED)
        (letter,) = arrived(box)
        assert (letter["To"], letter["Subject"]) == (NEW, "Verifikasi alamat email baru Anda")
        assert email_of(siti) == "siti@contoh.test"
        person.opens(link_in(letter)).submits("Verifikasi email saya")
        assert email_of(siti) == NEW
        told = arrived(box)[-1]
        assert (told["To"], told["Subject"]) == ("siti@contoh.test", "Email akun Anda diganti")
        assert NEW not in told.as_string()
        assert "hubungi admin" in part(told)
        assert Person(app).logs_in(NEW).opens("/akun").sees("Siti")
        request = db.session.scalars(select(AccountRequest)).one()
        assert_stated(UserEmailChanged, user_id=siti.id, request_id=request.id)
        assert_stated(EmailVerified, user_id=siti.id)

    def test_t_aut_01_a_taken_address_is_not_revealed(self, app: Flask, siti: User, box: Postbox) -> None:
        owner = make.user(email=NEW, name="Pemilik")
        person = changes(Person(app).logs_in("siti@contoh.test"))
        assert person.path == "/akun"
        assert person.sees(ANSWERED)
        assert person.opens("/akun/email").sees(f"Alamat {NEW} menunggu dikonfirmasi.")
        (letter,) = arrived(box)
        assert (letter["To"], letter["Subject"]) == (NEW, "Alamat ini sudah punya akun")
        assert_stated(RegistrationRepeated, user_id=owner.id)
        for number in range(3):
            status = changes(person, current=PASSWORD).status
            assert status == (429 if number == 2 else 200)  # as for an address that is free

    def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        person = changes(Person(app).logs_in("siti@contoh.test"))
        link = newest_link(box)
        owner = make.user(email=NEW)
        assert person.opens(link).submits("Verifikasi email saya").sees("baru saja dipakai akun lain")
        assert (email_of(siti), email_of(owner)) == ("siti@contoh.test", NEW)
        assert_stated(UserEmailChanged, 0)

    def test_of_many_who_confirm_one_address_at_once_one_gets_it(self, app: Flask, box: Postbox) -> None:
        people = [make.user() for _ in range(5)]
        tokens = []
        for user in people:
            actions.request_address(user, NEW)
            tokens.append(newest_link(box).rsplit("/", 1)[1])
        db.session.rollback()
        errors = at_once(app, 5, lambda: actions.confirm_email(tokens.pop()))
        assert [type(error) for error in errors] == [actions.NameTaken] * 4
        assert_stated(UserEmailChanged)

    @pytest.mark.parametrize(
        ("email", "current", "words"),
        [
            (NEW, "salah sekali", "Kata sandi Anda yang sekarang salah."),
            ("siti@contoh.test", PASSWORD, "Ini sudah alamat email akun Anda."),
            ("bukan-email", PASSWORD, "Alamat email ini tidak benar."),
            ("a@b.id\nBcc: c@d.id", PASSWORD, "Alamat email ini tidak benar."),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_no_letter_leaves(
        self, app: Flask, siti: User, box: Postbox, email: str, current: str, words: str
    ) -> None:
        person = changes(Person(app).logs_in("siti@contoh.test"), email, current)
        assert person.status == 422
        assert person.sees(words)
        assert arrived(box) == []

    def test_t_aut_03_the_current_password_cannot_be_guessed(self, app: Flask, siti: User) -> None:
        for _ in range(5):
            with pytest.raises(Refused, match="salah"):
                actions.change_email(siti, NEW, "salah sekali", address="10.0.0.1")
        with pytest.raises(TooMany):
            actions.change_email(siti, NEW, PASSWORD, address="10.0.0.1")

    def test_a_waiting_address_is_void_after_the_password_was_changed(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        changes(Person(app).logs_in("siti@contoh.test"))
        link = newest_link(box)
        actions.change_password(siti, PASSWORD, "sepeda merah tua", address="", token="x")
        assert Person(app).opens(link).status == 404
        assert email_of(siti) == "siti@contoh.test"

    def test_links_to_the_old_address_are_void_once_it_is_changed(self, app: Flask, siti: User, box: Postbox) -> None:
        person = changes(Person(app).logs_in("siti@contoh.test"))
        confirming = newest_link(box)
        actions.forget_password("siti@contoh.test", address="")
        resetting = newest_link(box)
        person.opens(confirming).submits("Verifikasi email saya")
        assert Person(app).opens(resetting).status == 404

    def test_without_a_mail_server_the_page_sends_one_to_the_admin(self, make_app: Callable[..., Flask]) -> None:
        app = make_app()
        with app.app_context():
            user = make.user()
            assert Person(app).logs_in(str(user.email)).opens("/akun/email").sees("Minta admin lembaga Anda")
            with pytest.raises(Refused, match="admin"):
                actions.change_email(user, NEW, PASSWORD, address="")
