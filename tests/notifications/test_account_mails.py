"""Letters about accounts: who gets which, how often, and what of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions
from app.accounts.events import PasswordChanged, RecoveryCodeUsed, SessionStarted, TwoFactorDisabled
from app.accounts.models import AccountRequest, User, UserSession, UserStatus
from app.core import clock
from app.core.db import db, transaction
from app.events import emit
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.registry import RECEIVERS
from app.notifications import kinds
from app.notifications.kinds import kind_of
from app.notifications.models import STRUCK, MailState, Notification, OutgoingMail
from tests import make
from tests.facts import drain_all
from tests.fakes import Postbox
from tests.letters import BASE_URL, arrived, link_in, part, settings
from tests.pages import PASSWORD, Person

EVIL = "Siti\r\nBcc: korban@evil.test"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(**settings(box))


@pytest.fixture
def siti(app: Flask) -> User:
    return make.user(name="Siti", email="siti@contoh.test", timezone="Asia/Makassar")


def forgets(user: User) -> None:
    actions.forget_password(str(user.email), address="10.0.0.1")


def kept() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(select(OutgoingMail)).one()


def later(box: Postbox, minutes: int = 2) -> list[str]:
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return [str(each["Message-ID"]) for each in arrived(box)]


class TestLetters:
    def test_they_do_not_wait_behind_other_mails(self) -> None:
        found = RECEIVERS["notifications_mail_account"]
        assert (found.queue, found.effect, found.rate) == ("notifications", "external", None)

    def test_a_letter_says_who_sends_it_and_links_under_the_base_url(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        with app.test_request_context("/", base_url="http://evil.test"):
            forgets(siti)
        (letter,) = arrived(box)
        for kind in ("plain", "html"):
            text = part(letter, kind)
            assert f"{BASE_URL}/atur-sandi/" in text
            assert "Halo, Siti!" in text
            assert "evil.test" not in text
            assert "{%" not in text
        assert "\n\n\n" not in part(letter).strip()
        assert "&" not in part(letter)
        assert "<img" not in part(letter, "html")

    def test_a_secret_is_kept_nowhere(self, app: Flask, siti: User, box: Postbox) -> None:
        forgets(siti)
        (letter,) = arrived(box)
        token = link_in(letter).rsplit("/", 1)[1]
        mail = kept()
        assert token not in mail.text + mail.html
        assert f"/atur-sandi/{STRUCK}" in mail.text
        assert f"/atur-sandi/{STRUCK}" in mail.html
        assert (mail.state, mail.notification_id) == (MailState.SENT, None)
        assert mail.request_id == db.session.scalars(select(AccountRequest.id)).one()

    @pytest.mark.parametrize(("profile", "secret"), [("development", True), ("testing", False)])
    def test_only_a_developer_without_a_mail_server_finds_the_link_in_the_outbox(
        self, make_app: Callable[..., Flask], profile: str, secret: bool
    ) -> None:
        app = make_app(PROFILE=profile)
        with app.app_context():
            user = make.user(email_verified_at=None)
            actions.request_verification(user, actor=user)
            drain_all()
            assert kept().state == MailState.UNSENT
            assert (STRUCK not in kept().text) == secret
            page = Person(app).logs_in(str(make.admin().email)).opens(f"/admin/kotak-keluar/{kept().id}")
            assert page.sees("Tautan rahasianya tidak disimpan di sini.") is not secret
            assert page.sees("Tautan ini rahasia; hanya tampak karena server email belum diatur.") is secret

    def test_a_fault_after_sending_sends_the_same_letter_again(self, app: Flask, siti: User, box: Postbox) -> None:
        box.hangs_up_after_data = True
        forgets(siti)
        drain_all(raising=False)
        assert kept().state == MailState.WAITING
        box.hangs_up_after_data = False
        first, second = later(box)
        assert first == second == kept().message_id
        old, new = arrived(box)
        assert link_in(old) == link_in(new)
        assert kept().state == MailState.SENT

    def test_a_request_that_was_replaced_while_the_server_was_away_is_not_mailed(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        box.answers["DATA"] = "451 later"
        forgets(siti)
        drain_all(raising=False)
        forgets(siti)
        box.answers.clear()
        later(box)
        (letter,) = arrived(box)
        Person(app).opens(link_in(letter)).submits("Simpan", password="sepeda merah tua")
        assert Person(app).logs_in("siti@contoh.test", "sepeda merah tua").opens("/akun").path == "/akun"

    def test_an_expired_request_is_not_mailed(self, app: Flask, siti: User, box: Postbox) -> None:
        forgets(siti)
        assert later(box, minutes=61) == []

    def test_a_used_request_is_not_mailed(self, app: Flask, siti: User, box: Postbox) -> None:
        forgets(siti)
        actions.change_password(siti, PASSWORD, "sepeda merah tua", address="", token="x")
        assert [each["Subject"] for each in arrived(box)] == ["Kata sandi Anda diganti"]

    def test_a_suspended_person_is_not_mailed(self, app: Flask, siti: User, box: Postbox) -> None:
        forgets(siti)
        with transaction():
            siti.status = UserStatus.SUSPENDED
        assert arrived(box) == []

    def test_after_the_last_try_the_letter_is_marked(self, app: Flask, siti: User, box: Postbox) -> None:
        box.answers["RCPT"] = "550 no such person"
        user = make.user(email="budi@contoh.test", email_verified_at=None)
        actions.request_verification(user, actor=user)
        moment = clock.now()
        for number in range(12):
            with clock.at(moment + timedelta(hours=number)):
                drain_all(raising=False)
        assert kept().state == MailState.FAILED

    @pytest.mark.parametrize("purpose", ["verify", "reset unverified", "reset", "taken", "email"])
    def test_t_mai_01_a_name_with_line_breaks_adds_no_header(self, app: Flask, box: Postbox, purpose: str) -> None:
        user = make.user(name=EVIL, email="siti@contoh.test", **_unverified("verif" in purpose))
        if purpose == "verify":
            actions.request_verification(user, actor=user)
        elif "reset" in purpose:
            forgets(user)
        elif purpose == "taken":
            actions.request_address(make.user(), "siti@contoh.test")
        else:
            actions.request_address(user, "baru@contoh.test")
        (letter,) = arrived(box)
        assert letter["Bcc"] is None
        assert box.recipients == ["baru@contoh.test" if purpose == "email" else "siti@contoh.test"]
        # To an address that is not proved no name goes: it would be a stranger's text in our letter.
        assert ("Halo, Siti Bcc: korban@evil.test!" in part(letter)) == (purpose in {"reset", "taken"})
        assert ("evil.test" in letter.as_string()) == (purpose in {"reset", "taken"})

    def test_markup_in_a_name_is_text(self, app: Flask, box: Postbox) -> None:
        forgets(make.user(name="<img src=x> 50% %(x)s", email="siti@contoh.test"))
        (letter,) = arrived(box)
        assert "<img" not in part(letter, "html")
        assert "<img src=x> 50% %(x)s" in part(letter)

    def test_the_outbox_shows_a_letter_that_belongs_to_no_notification(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        forgets(siti)
        arrived(box)
        panel = Person(app).logs_in(str(make.admin().email)).opens("/admin/kotak-keluar")
        page = panel.follows("Kata sandi baru untuk akun Anda")
        assert page.status == 200
        assert page.sees("Tautan rahasianya tidak disimpan di sini.")
        assert panel.opens(f"/admin/kotak-keluar/{kept().id}.html").status == 200

    def test_the_outbox_calls_no_link_secret_that_anybody_may_open(self, app: Flask, siti: User, box: Postbox) -> None:
        actions.register(name="Siti", email=str(siti.email), password="sepeda biru tua", address="", agent="")
        arrived(box)
        page = Person(app).logs_in(str(make.admin().email)).opens(f"/admin/kotak-keluar/{kept().id}")
        assert page.sees("Surat tentang akun.")
        assert not page.sees("rahasia")


def _unverified(unverified: bool) -> dict[str, None]:
    return {"email_verified_at": None} if unverified else {}


def state(fact: object) -> None:
    with transaction():
        emit(fact)
    drain_all()


def told() -> Notification:
    db.session.rollback()
    return db.session.scalars(select(Notification)).one()


class TestWarnings:
    @pytest.fixture
    def session_id(self, siti: User) -> int:
        with transaction() as session:
            made = UserSession(token_hash="x", user_id=siti.id, agent=PHONE)
            session.add(made)
            session.flush()
            return made.id

    def test_a_new_device_is_told_in_the_persons_time_and_in_words(
        self, app: Flask, siti: User, session_id: int, box: Postbox
    ) -> None:
        with clock.at(datetime(2026, 8, 17, 6, 5, tzinfo=UTC)):
            state(SessionStarted(user_id=siti.id, session_id=session_id, new_device=True))
        (letter,) = arrived(box)
        assert letter["Subject"] == "Masuk dari perangkat baru"
        text = part(letter)
        assert "Chrome di Android" in text
        assert "Senin, 17 Agustus 2026 pukul 14.05 WITA" in text
        assert "Mozilla" not in letter.as_string()
        assert "Bila bukan Anda" in text
        assert f"{BASE_URL}/akun" in text
        page = Person(app).logs_in("siti@contoh.test").opens("/notifikasi")
        assert page.sees("Chrome di Android")
        assert page.sees("pukul 14.05 WITA")
        assert page.submits("Buka").path == "/akun"

    def test_an_agent_that_says_anything_is_not_repeated(self, app: Flask, siti: User, box: Postbox) -> None:
        with transaction() as session:
            made = UserSession(token_hash="y", user_id=siti.id, agent="<b>Menangkan hadiah di evil.test</b>")
            session.add(made)
            session.flush()
            number = made.id
        state(SessionStarted(user_id=siti.id, session_id=number, new_device=True))
        assert "evil.test" not in arrived(box)[0].as_string()
        assert "evil.test" not in kind_of(told()).write(told())

    def test_a_known_device_is_not_told(self, app: Flask, siti: User, session_id: int, box: Postbox) -> None:
        state(SessionStarted(user_id=siti.id, session_id=session_id, new_device=False))
        assert arrived(box) == []
        assert db.session.scalars(select(Notification)).all() == []

    @pytest.mark.parametrize(
        ("fact", "kind", "words"),
        [
            (PasswordChanged, kinds.PASSWORD_CHANGED, "Kata sandi akun Anda diganti pada"),
            (TwoFactorDisabled, kinds.TWO_FACTOR_DISABLED, "Masuk dua langkah untuk akun Anda dimatikan pada"),
        ],
    )
    def test_what_somebody_else_may_have_done_is_told(
        self, app: Flask, siti: User, box: Postbox, fact: type, kind: str, words: str
    ) -> None:
        state(fact(user_id=siti.id))
        assert told().type == kind
        assert words in kind_of(told()).write(told())
        assert words in part(arrived(box)[0])

    def test_a_used_recovery_code_is_told_with_what_is_left(self, app: Flask, siti: User, box: Postbox) -> None:
        state(RecoveryCodeUsed(user_id=siti.id, remaining=3))
        assert "Sisa kode: 3." in part(arrived(box)[0])

    def test_the_old_address_is_told_of_a_new_one_that_staff_entered(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        profile = {"name": "Siti", "username": None, "timezone": "Asia/Makassar", "locale": "id"}
        actions.update_person(siti, **profile, email="baru@contoh.test", actor=make.admin())
        (letter,) = arrived(box)
        assert (letter["To"], letter["Subject"]) == ("siti@contoh.test", "Email akun Anda diganti")

    def test_a_first_password_in_the_place_of_ones_own_is_told(self, app: Flask, siti: User, box: Postbox) -> None:
        actions.set_initial_password(siti, actor=make.admin())
        (letter,) = arrived(box)
        assert letter["Subject"] == "Kata sandi awal baru untuk akun Anda"
        actions.set_initial_password(siti, actor=make.admin())
        assert len(arrived(box)) == 1, "the second replaces no password of one's own"

    def test_an_invitation_lives_a_week_and_a_reset_an_hour_whoever_asks(
        self, app: Flask, siti: User, box: Postbox
    ) -> None:
        with transaction() as session:
            session.merge(siti).password_hash = None
        forgets(siti)
        (letter,) = arrived(box)
        assert letter["Subject"] == "Kata sandi baru untuk akun Anda"
        with clock.at(clock.now() + timedelta(minutes=61)):
            assert Person(app).opens(link_in(letter)).status == 404
        actions.request_reset(siti, actor=make.admin())
        invitation = arrived(box)[-1]
        assert invitation["Subject"] == "Akun Anda sudah dibuat"
        assert "7 hari" in part(invitation)
        for days, status in ((6, 200), (8, 404)):
            with clock.at(clock.now() + timedelta(days=days)):
                assert Person(app).opens(link_in(invitation)).status == status

    def test_invitations_keep_the_rate_of_all_mails(self, app: Flask) -> None:
        assert RECEIVERS["notifications_mail_invitation"].rate == RECEIVERS["notifications_mail_notification"].rate

    def test_who_has_no_email_is_told_in_the_app_only(self, app: Flask, box: Postbox) -> None:
        state(PasswordChanged(user_id=make.user(email=None, username="0012").id))
        assert told().type == kinds.PASSWORD_CHANGED
        assert arrived(box) == []

    def test_nothing_is_mailed_to_an_address_that_nobody_has_verified(self, app: Flask, box: Postbox) -> None:
        state(PasswordChanged(user_id=make.user(email_verified_at=None).id))
        assert arrived(box) == []

    def test_a_replayed_fact_warns_once(self, app: Flask, siti: User, box: Postbox) -> None:
        state(PasswordChanged(user_id=siti.id))
        with transaction() as session:
            for row in session.query(StoredDelivery).filter_by(receiver="notifications_warn_owner"):
                row.status, row.due_at, row.finished_at = DeliveryStatus.PENDING, clock.now(), None
        assert len(arrived(box)) == 1
