"""Registering, the first admin, one's own account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts import actions
from app.accounts.events import (
    EmailVerificationRequested,
    EmailVerified,
    RegistrationRepeated,
    SessionStarted,
    UserRegistered,
)
from app.accounts.models import AccountRequest, AdminLink, Purpose, Role, Theme, User, UserSession, UserStatus
from app.accounts.passwords import is_common
from app.accounts.tokens import token_hash
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused, TooMany
from tests import make
from tests.facts import assert_stated, stated
from tests.fakes import Postbox
from tests.letters import answer, arrived, hashing, link_in, newest_link, part, settings
from tests.pages import PASSWORD, Person

NEW = {"name": "Nur'aini", "email": "Nur.Aini@Contoh.test", "password": "pisang goreng"}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_who_registers_is_signed_in_as_a_learner(app: Flask) -> None:
    person = Person(app).opens("/daftar?next=/akun").submits("Daftar", **NEW)
    assert (person.status, person.path) == (200, "/akun")
    assert person.sees("Nur'aini")
    user = db.session.scalars(select(User)).one()
    assert (user.email, user.role) == ("nur.aini@contoh.test", Role.LEARNER)
    assert str(user.password_hash).startswith("$argon2id$")
    assert_stated(UserRegistered, user_id=user.id, role="learner")
    assert_stated(SessionStarted, user_id=user.id)


def test_the_browser_in_which_one_registered_is_no_new_device(app: Flask) -> None:
    person = Person(app).opens("/daftar").submits("Daftar", **NEW).opens("/akun").submits("Keluar")
    person.logs_in(NEW["email"], NEW["password"])
    assert_stated(SessionStarted, 2, new_device=False)


def test_t_mas_01_nobody_registers_with_another_role(app: Flask) -> None:
    Person(app).opens("/daftar").submits("Daftar", **NEW, role="lms_admin", status="suspended", id="7")
    user = db.session.scalars(select(User)).one()
    assert (user.role, user.status) == (Role.LEARNER, "active")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Wajib diisi."),
        ({"name": "x" * 151}, "Harus 1 sampai 150 karakter."),
        ({"email": "bukan-email"}, "Alamat email ini tidak benar."),
        ({"email": "a@b.id\nBcc: c@d.id"}, "Alamat email ini tidak benar."),
        ({"password": "pendek1"}, "Harus 8 sampai 256 karakter."),
        ({"password": "x" * 257}, "Harus 8 sampai 256 karakter."),
        ({"password": "Bismillah123"}, "Kata sandi ini terlalu umum."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    app: Flask, wrong: dict[str, str], words: str
) -> None:
    typed = {**NEW, **wrong}
    person = Person(app).opens("/daftar").submits("Daftar", **typed)
    assert person.status == 422
    assert person.sees(words)
    if "name" not in wrong:
        assert 'value="Nur&#39;aini"' in person.response.text
    assert people() == 0


@pytest.mark.parametrize("name", ["Suparman", "Siti Nur'azizah", "Al-Farisi", "I Gusti Ngurah", "王", "x" * 150])
def test_a_name_is_what_its_owner_says(app: Flask, name: str) -> None:
    Person(app).opens("/daftar").submits("Daftar", **{**NEW, "name": name})
    assert db.session.scalars(select(User.name)).one() == name


def test_a_taken_email_is_said_at_its_field(app: Flask) -> None:
    make.user(email="nur.aini@contoh.test")
    person = Person(app).opens("/daftar").submits("Daftar", **NEW)
    assert person.status == 422
    assert person.sees("Sudah ada akun dengan alamat ini.")
    assert people() == 1


def test_a_taken_email_is_said_only_when_all_else_is_right(app: Flask) -> None:
    make.user(email="nur.aini@contoh.test")
    person = Person(app).opens("/daftar").submits("Daftar", **{**NEW, "password": "rahasia123"})
    assert not person.sees("Sudah ada akun")


def test_asking_for_taken_emails_is_counted_like_wrong_sign_ins(app: Flask) -> None:
    make.user(email="nur.aini@contoh.test")
    person = Person(app).opens("/daftar")
    for _ in range(5):
        assert person.submits("Daftar", **NEW).status == 422
    assert person.submits("Daftar", **NEW).status == 429


def test_probing_an_email_does_not_keep_its_owner_out(app: Flask) -> None:
    make.user(email="nur.aini@contoh.test")
    for _ in range(6):
        with pytest.raises((actions.NameTaken, TooMany)):
            actions.register(name="x", email="nur.aini@contoh.test", password="pisang goreng", address="a", agent="")
    assert actions.sign_in("nur.aini@contoh.test", PASSWORD, address="a", agent="")


def test_a_closed_registration_is_closed_for_pages_and_for_the_action(make_app: Callable[..., Flask]) -> None:
    app = make_app(REGISTRATION_OPEN=False)
    with app.app_context():
        page = Person(app).opens("/daftar")
        assert page.status == 403
        assert page.sees("Pendaftaran ditutup")
        assert Person(app).opens("/masuk").links.get("Daftar") is None
        with pytest.raises(Refused):
            actions.register(name="x", email="a@b.id", password="pisang goreng", address="", agent="")


def test_of_twenty_who_register_one_email_at_once_one_gets_it(app: Flask) -> None:
    start, refused = Barrier(20), []

    def register() -> None:
        start.wait()
        with app.app_context():
            try:
                actions.create_user(name="x", email="satu@contoh.test")
            except actions.NameTaken as refusal:
                refused.append(refusal)

    threads = [Thread(target=register) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    assert (people(), len(refused)) == (1, 19)
    assert_stated(UserRegistered)


def test_user_names_are_taken_in_any_case(app: Flask) -> None:
    actions.create_user(name="x", username="Guru1")
    with pytest.raises(actions.NameTaken):
        actions.create_user(name="y", username="gURU1")


@given(st.sampled_from(["password", "12345678", "qwerty123", "bismillah", "indonesia", "rahasia123", "sayangku"]))
def test_what_everybody_tries_first_is_common_in_any_case(word: str) -> None:
    assert is_common(word)
    assert is_common(word.upper())
    assert not is_common(word + " dan sepeda")


def test_t_aut_12_the_link_of_the_command_sets_up_one_admin_once(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["create-admin"])
    address = printed.output.splitlines()[0]
    assert address.startswith("http://localhost/siapkan/")
    path = address.removeprefix("http://localhost")
    first = app.test_client().get(path)
    assert (first.status_code, first.location) == (303, "/siapkan")
    assert first.headers["Referrer-Policy"] == "no-referrer"
    person = Person(app).opens(path)
    assert path not in person.response.text
    person.submits("Simpan dan masuk", **NEW)
    assert (person.status, person.path) == (200, "/admin")
    assert stated(UserRegistered)[0].role == "lms_admin"
    again = Person(app).opens(path)
    assert again.status == 404
    assert again.sees("Tautan tidak berlaku")
    with pytest.raises(actions.LinkExpired):
        actions.set_up_admin(path.rsplit("/")[-1], name="x", email="x@y.id", password="pisang goreng", agent="")


def test_t_aut_12_a_link_is_kept_as_a_hash_and_dies_after_a_day(app: Flask) -> None:
    link = actions.create_admin_link()
    assert link not in str(db.session.scalars(select(AdminLink.token_hash)).one())
    with clock.at(now() + timedelta(hours=24, minutes=1)):
        assert Person(app).opens(f"/siapkan/{link}").status == 404
        with pytest.raises(actions.LinkExpired):
            actions.set_up_admin(link, name="x", email="x@y.id", password="pisang goreng", agent="")
    assert people() == 0


def test_a_new_link_deletes_those_that_are_past_their_day(app: Flask) -> None:
    with clock.at(now() - timedelta(hours=24, minutes=1)):
        actions.create_admin_link()
    alive = [actions.create_admin_link(), actions.create_admin_link()]
    assert set(db.session.scalars(select(AdminLink.token_hash))) == {token_hash(each) for each in alive}


def test_a_refused_setup_does_not_use_the_link_up(app: Flask) -> None:
    make.user(email="nur.aini@contoh.test")
    link = actions.create_admin_link()
    person = Person(app).opens(f"/siapkan/{link}")
    assert person.submits("Simpan dan masuk", **NEW).status == 422
    assert person.submits("Simpan dan masuk", **{**NEW, "email": "lain@contoh.test"}).path == "/admin"


@pytest.mark.parametrize("path", ["/siapkan", "/siapkan/asal", "/siapkan/" + "x" * 500])
def test_t_aut_12_no_link_no_admin(app: Flask, path: str) -> None:
    assert Person(app).opens(path).status == 404


def test_the_theme_is_kept_and_one_stays_on_the_page(app: Flask) -> None:
    user = make.user()
    person = Person(app).logs_in(str(user.email)).opens("/akun/tampilan")
    assert 'data-theme="auto"' in person.response.text
    person.submits("Simpan", theme="dark")
    assert 'data-theme="dark"' in person.response.text
    assert db.session.scalars(select(User.theme)).one() == Theme.DARK


def test_an_unknown_theme_is_refused(app: Flask) -> None:
    person = Person(app).logs_in(str(make.user().email)).opens("/akun/tampilan")
    refused = person.submits("Simpan", theme="merah")
    assert refused.status == 422
    assert refused.sees("Pilih salah satu yang tersedia.")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page(app: Flask, role: Role) -> None:
    user = make.user(role, username="0012345678")
    person = Person(app).logs_in(str(user.email)).opens("/akun")
    assert person.status == 200
    assert person.sees(str(user.email))
    assert person.sees("0012345678")


@pytest.mark.parametrize("password", ["Nur'aini", "NUR.AINI@contoh.test"])
def test_a_password_that_everybody_knows_of_the_person_is_refused(app: Flask, password: str) -> None:
    person = Person(app).opens("/daftar").submits("Daftar", **{**NEW, "password": password})
    assert person.status == 422
    assert person.sees("tidak boleh sama dengan nama, email, atau nama pengguna")


def test_t_aut_14_an_endless_password_registers_nobody_and_is_not_hashed(app: Flask) -> None:
    with hashing() as runs:
        assert Person(app).opens("/daftar").submits("Daftar", **{**NEW, "password": "x" * 257}).status == 422
        with pytest.raises(Refused, match="Harus 8 sampai 256"):
            actions.register(name="x", email="a@b.id", password="x" * 1_000_000, address="", agent="")
    assert runs == []


def test_staff_vouch_for_the_addresses_of_accounts_that_they_make(app: Flask) -> None:
    assert actions.create_user(name="x", email="x@contoh.test").email_verified_at is not None
    assert actions.create_user(name="y", username="0012").email_verified_at is None


class TestByLetter:
    """With a mail server the address is verified before anything else, and no page says whether it had an account."""

    @pytest.fixture
    def app(self, lend_app: Callable[..., Flask], box: Postbox) -> Flask:
        return lend_app(**settings(box))

    def registers(self, app: Flask, **other: str) -> Person:
        return Person(app).opens("/daftar").submits("Daftar", **{**NEW, **other})

    def test_a_whole_life_from_the_form_over_the_letter_to_the_first_page(self, app: Flask, box: Postbox) -> None:
        person = self.registers(app)
        assert person.path == "/daftar/periksa-email"
        assert person.sees("Kami mengirim tautan ke alamat itu.")
        user = db.session.scalars(select(User)).one()
        assert user.email_verified_at is None
        assert_stated(EmailVerificationRequested, user_id=user.id)
        assert person.logs_in(NEW["email"], NEW["password"]).opens("/akun").path == "/verifikasi-email"
        assert person.opens("/kursus").path == "/verifikasi-email"
        (letter,) = arrived(box)
        assert (letter["To"], letter["Subject"]) == ("nur.aini@contoh.test", "Verifikasi email Anda")
        assert link_in(letter) == link_in(letter, "html")
        elsewhere = Person(app).opens(link_in(letter))
        assert elsewhere.path == "/verifikasi"
        assert db.session.scalars(select(User.email_verified_at)).one() is None  # opening alone changes nothing
        assert elsewhere.submits("Verifikasi email saya").path == "/masuk"
        assert elsewhere.sees("Email Anda sudah terverifikasi.")
        assert elsewhere.logs_in(NEW["email"], NEW["password"]).opens("/akun").sees("Nur'aini")
        assert person.opens("/akun").path == "/akun"
        assert_stated(EmailVerified, user_id=user.id)

    def test_t_aut_01_registering_answers_the_same_for_every_address(self, app: Flask, box: Postbox) -> None:
        make.user(email="kenal@contoh.test")
        make.user(email="tahan@contoh.test", status=UserStatus.SUSPENDED)
        make.user(email="belum@contoh.test", email_verified_at=None)
        answers = {
            email: answer(app, "/daftar", {**NEW, "email": email})
            for email in ("kenal@contoh.test", "tahan@contoh.test", "belum@contoh.test", "asing@contoh.test")
        }
        assert next(iter(answers.values()))[0] == 303
        assert len(set(map(str, answers.values()))) == 1
        subjects = {each["To"]: each["Subject"] for each in arrived(box)}
        assert subjects == {
            "kenal@contoh.test": "Alamat ini sudah punya akun",
            "belum@contoh.test": "Verifikasi email Anda",
            "asing@contoh.test": "Verifikasi email Anda",
        }

    def test_t_aut_01_too_many_tries_are_refused_alike(self, app: Flask) -> None:
        make.user(email="kenal@contoh.test")
        for email in ("kenal@contoh.test", "asing@contoh.test"):
            statuses = [answer(app, "/daftar", {**NEW, "email": email})[0] for _ in range(6)]
            assert statuses == [303] * 5 + [429]

    def test_t_aut_02_registering_hashes_once_for_every_address(self, app: Flask) -> None:
        make.user(email="kenal@contoh.test")
        for email in ("kenal@contoh.test", "asing@contoh.test"):
            with hashing() as runs:
                self.registers(app, email=email)
            assert runs == ["hash"]

    def test_the_owner_of_a_taken_address_is_told_and_nothing_else_changes(self, app: Flask, box: Postbox) -> None:
        owner = make.user(email="nur.aini@contoh.test", name="Pemilik")
        before = owner.password_hash
        self.registers(app)
        (letter,) = arrived(box)
        assert "Halo, Pemilik!" in part(letter)
        for words in (
            "sudah punya akun",
            "https://belajar.contoh.test/masuk",
            "https://belajar.contoh.test/lupa-sandi",
        ):
            assert words in part(letter)
        assert "Nur'aini" not in part(letter)  # what a stranger typed is not passed on
        db.session.refresh(owner)
        assert (owner.password_hash, people()) == (before, 1)
        assert db.session.scalars(select(AccountRequest.purpose)).one() == Purpose.TAKEN
        assert_stated(RegistrationRepeated, user_id=owner.id)

    def test_nobody_fills_a_mailbox_by_registering(self, app: Flask, box: Postbox) -> None:
        make.user(email="nur.aini@contoh.test")
        for _ in range(5):
            self.registers(app)
            arrived(box)
        assert len(box.letters) == 3

    def test_who_registers_twice_gets_a_newer_link_and_chooses_the_password_again(
        self, app: Flask, box: Postbox
    ) -> None:
        """The first may have been a stranger, who would know the password of an account that the owner verified."""
        self.registers(app, password="sandi orang asing")
        stranger = Person(app).logs_in(NEW["email"], "sandi orang asing")
        first = newest_link(box)
        self.registers(app)
        stranger.opens("/verifikasi-email").submits("Kirim lagi")
        second = newest_link(box)
        assert second != first
        assert Person(app).opens(first).status == 404
        owner = Person(app).opens(second).submits("Verifikasi email saya")
        assert owner.path == "/atur-sandi"
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
        assert owner.submits("Simpan", password="kata sandi pemilik").path == "/masuk"
        assert not stranger.logs_in(NEW["email"], "sandi orang asing").sees("Nur'aini")
        assert owner.logs_in(NEW["email"], "kata sandi pemilik").opens("/akun").path == "/akun"
        assert people() == 1

    def test_a_suspended_person_gets_no_letter(self, app: Flask, box: Postbox) -> None:
        user = make.user(email="nur.aini@contoh.test")
        self.registers(app)
        with transaction():
            user.status = UserStatus.SUSPENDED
        assert arrived(box) == []

    def test_of_ten_who_register_one_email_at_once_one_account_comes(self, app: Flask) -> None:
        start, failed = Barrier(10), []

        def register(number: int) -> None:
            start.wait()
            with app.app_context():
                try:
                    actions.register(**{**NEW, "email": "satu@contoh.test"}, address=f"10.0.0.{number}", agent="")
                except Exception as error:  # noqa: BLE001 - the test looks at it
                    failed.append(error)

        threads = [Thread(target=register, args=(number,)) for number in range(10)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        db.session.rollback()
        assert (people(), failed) == (1, [])
        assert_stated(UserRegistered)
