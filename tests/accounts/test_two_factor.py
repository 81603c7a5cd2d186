"""Two-step sign-in: set up, passed, guessed at, replayed, lost, switched off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import access, actions, queries, two_factor
from app.accounts.events import (
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SessionStarted,
    TwoFactorDisabled,
    TwoFactorEnabled,
)
from app.accounts.models import RecoveryCode, Role, TwoFactor, User, UserSession, UserStatus
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused, TooMany
from app.core.settings import change_institution
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import PASSWORD, Person

PAGE, CODE = "/akun/dua-langkah", "/masuk/kode"
WRONG = "Kode ini salah atau sudah dipakai."


def protect(user: User) -> tuple[str, list[str]]:
    """Switches the second step on, a while ago. Answers the app's secret and the recovery codes."""
    with clock.at(now() - timedelta(minutes=10)):
        actions.begin_two_factor(user, PASSWORD, address="10.0.0.1")
        row = db.session.get_one(TwoFactor, user.id)
        secret = two_factor.decrypted(row.secret)
        return secret, actions.confirm_two_factor(user, code_of(secret))


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows, or showed or will show that many steps from now."""
    return pyotp.TOTP(secret).at(int(now().timestamp()) + 30 * steps)


def wrong_code(secret: str) -> str:
    near = {code_of(secret, steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def half_way(app: Flask, user: User, **fields: str) -> Person:
    person = Person(app).opens("/masuk").submits("Masuk", login=user.email, password=PASSWORD, **fields)
    assert person.path == CODE
    return person


def token_of(person: Person) -> str:
    with person.client.session_transaction() as cookie:
        return str(cookie["token"])


@pytest.fixture
def frozen() -> Iterator[None]:
    """The clock stands in the middle of a step, so that no code changes between two lines."""
    step = int(now().timestamp()) // 30 * 30 + 15
    with clock.at(now().fromtimestamp(step, tz=now().tzinfo)):
        yield


def test_one_switches_it_on_with_password_and_first_code(app: Flask) -> None:
    user = make.user()
    person = Person(app).logs_in(str(user.email)).opens(PAGE)
    assert person.submits("Nyalakan", current="salah-sekali").status == 422
    assert person.submits("Nyalakan", current=PASSWORD).path == PAGE + "/pasang"
    assert 'src="data:image/png;base64,' in person.response.text
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', person.response.text).group(1).replace(" ", "")  # type: ignore[union-attr]
    asked = parse_qs(urlsplit(person.links["Buka di aplikasi"]).query)
    assert (asked["secret"], asked["issuer"]) == ([secret], ["Tuntas"])
    assert person.submits("Nyalakan", code=wrong_code(secret)).status == 422
    assert queries.confirmed_two_factor(user.id) is None
    person.submits("Nyalakan", code=code_of(secret))
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", person.response.text)
    assert len(set(codes)) == 10
    assert person.response.headers["Cache-Control"] == "no-store"
    assert_stated(TwoFactorEnabled, user_id=user.id)
    assert person.opens(PAGE).sees("Menyala")
    assert not any(code in person.response.text for code in codes)
    assert person.opens(PAGE + "/pasang").path == PAGE


def test_whoever_sends_the_first_code_twice_is_told_how_to_come_by_recovery_codes(app: Flask) -> None:
    user = make.user()
    person = Person(app).logs_in(str(user.email)).opens(PAGE).submits("Nyalakan", current=PASSWORD)
    secret = two_factor.decrypted(db.session.get_one(TwoFactor, user.id).secret)
    code, form = code_of(secret), person.forms
    person.submits("Nyalakan", code=code)
    sent = next(each for each in form if "Nyalakan" in each.buttons)
    person._send(sent, {**sent.fields, "code": code})
    assert person.path == PAGE
    assert person.sees("Belum mencatat kode pemulihan? Buat yang baru.")
    person.follows("Buat kode pemulihan baru").submits("Buat kode", current=PASSWORD)
    assert len(re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", person.response.text)) == 10


def test_a_set_up_that_was_not_begun_says_nothing_of_recovery_codes(app: Flask) -> None:
    person = Person(app).logs_in(str(make.user().email)).opens(PAGE + "/pasang")
    assert person.path == PAGE
    assert not person.sees("kode pemulihan?")


def test_what_the_database_keeps_gives_no_code_away(app: Flask) -> None:
    user = make.user()
    secret, codes = protect(user)
    kept = db.session.get_one(TwoFactor, user.id).secret
    hashes = set(db.session.scalars(select(RecoveryCode.code_hash)))
    assert secret not in kept
    assert len(hashes) == 10
    assert not hashes & set(codes)


def test_a_set_up_that_is_not_finished_holds_nothing_and_ends_after_fifteen_minutes(app: Flask) -> None:
    user = make.user()
    actions.begin_two_factor(user, PASSWORD, address="")
    secret = two_factor.decrypted(db.session.get_one(TwoFactor, user.id).secret)
    assert Person(app).logs_in(str(user.email)).path == "/"
    with clock.at(now() + timedelta(minutes=15, seconds=1)), pytest.raises(Refused):
        actions.confirm_two_factor(user, code_of(secret))


def test_each_beginning_has_a_secret_of_its_own_until_it_is_confirmed(app: Flask) -> None:
    user, seen = make.user(), set()
    for _ in range(2):
        actions.begin_two_factor(user, PASSWORD, address="")
        db.session.expire_all()
        seen.add(two_factor.decrypted(db.session.get_one(TwoFactor, user.id).secret))
    assert len(seen) == 2
    protect(user)
    with pytest.raises(Refused):
        actions.begin_two_factor(user, PASSWORD, address="")


def test_signing_in_takes_the_code_and_then_leads_where_one_wanted_to_go(app: Flask, frozen: None) -> None:
    user = make.user()
    secret, _codes = protect(user)
    person = Person(app).opens("/akun?x=1").submits("Masuk", login=user.email, password=PASSWORD, remember="y")
    assert person.path == CODE
    half = token_of(person)
    assert_stated(SessionStarted, times=0)
    assert person.submits("Masuk", code=wrong_code(secret)).status == 422
    assert person.sees(WRONG)
    shown = code_of(secret)
    person.submits("Masuk", code=f" {shown[:3]} {shown[3:]}")
    assert (person.status, person.path) == (200, "/akun")
    assert_stated(SessionStarted, user_id=user.id)
    with person.client.session_transaction() as cookie:
        assert cookie.permanent
        assert cookie["token"] != half
        assert "next" not in cookie
    assert queries.visit_of(half) is None
    assert person.opens(CODE).path == "/"


def test_t_aut_10_a_code_is_taken_once(app: Flask, frozen: None) -> None:
    user = make.user()
    secret, _codes = protect(user)
    assert half_way(app, user).submits("Masuk", code=code_of(secret)).path == "/"
    for steps in (0, -1):  # the same, and one that was good until the later one was taken
        refused = half_way(app, user).submits("Masuk", code=code_of(secret, steps))
        assert refused.status == 422
        assert refused.sees(WRONG)
    assert half_way(app, user).submits("Masuk", code=code_of(secret, 1)).path == "/"


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_t_aut_10_a_phone_may_be_one_step_off(app: Flask, frozen: None, steps: int, taken: bool) -> None:
    user = make.user()
    secret, _codes = protect(user)
    person = half_way(app, user).submits("Masuk", code=code_of(secret, steps))
    assert (person.path == "/") is taken


def test_t_aut_10_of_two_equal_codes_at_once_one_signs_in(app: Flask, frozen: None) -> None:
    user = make.user()
    secret, _codes = protect(user)
    halves = [actions.begin_session(user, agent="").token for _ in range(2)]
    code, moment, start, passed = code_of(secret), now(), Barrier(2), []

    def pass_step(token: str) -> None:
        with app.app_context(), clock.at(moment):
            start.wait()
            with suppress(Refused):
                passed.append(actions.pass_second_step(token, code, address=""))

    threads = [Thread(target=pass_step, args=(token,)) for token in halves]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(passed) == 1
    assert_stated(SessionStarted, user_id=user.id)


VALUES = {"int": "1", "uuid": str(UUID(int=0))}


def private_routes(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of views that are not for guests."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "policy", access.ANYONE) in {access.ANYONE, access.PERSONAL}:
            continue
        path = re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>", _example, rule.rule)
        found += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def _example(placeholder: re.Match[str]) -> str:
    converter, choices = placeholder.groups()
    return choices.split(",")[0] if converter == "any" else VALUES.get(converter, "csv")


def test_t_aut_11_without_the_code_no_page_and_no_write_is_open(app: Flask) -> None:
    admin = make.admin()
    protect(admin)
    person = half_way(app, admin)
    csrf = person.forms[0].fields["csrf_token"]
    routes = private_routes(app)
    assert len(routes) > 40
    for method, path in routes:
        answer = person.client.open(path, method=method, data={"csrf_token": csrf} if method == "POST" else None)
        assert (answer.status_code, answer.location) == (303, CODE), (method, path)
    assert person.client.get("/akun", headers={"Accept": "application/json"}).status_code == 401
    assert str(admin.email) not in person.opens("/").response.text
    assert queries.sessions_of(admin.id) == []
    db.session.rollback()
    assert db.session.get_one(User, admin.id).last_seen_at is None


def test_half_a_session_can_be_left(app: Flask) -> None:
    user = make.user()
    protect(user)
    person = half_way(app, user)
    half = token_of(person)
    assert person.submits("Keluar").path == "/masuk"
    assert queries.visit_of(half) is None
    assert person.opens(CODE).path == "/masuk"


def test_half_a_session_lives_ten_minutes_however_often_it_is_seen(app: Flask) -> None:
    user = make.user()
    secret, _codes = protect(user)
    person = half_way(app, user)
    half, later = token_of(person), now() + timedelta(minutes=10, seconds=1)
    with clock.at(later - timedelta(minutes=1)):
        assert person.opens(CODE).path == CODE
        person.response.close()
    with clock.at(later):
        assert queries.visit_of(half) is None
        with pytest.raises(actions.SignInRefused):
            actions.pass_second_step(half, code_of(secret), address="")
        assert person.opens(CODE).path == "/masuk"


def test_five_wrong_codes_end_the_half_session_and_the_next_one_has_to_wait(app: Flask) -> None:
    user = make.user()
    secret, _codes = protect(user)
    person = half_way(app, user)
    half = token_of(person)
    for _ in range(4):
        assert person.submits("Masuk", code=wrong_code(secret)).status == 422
    assert person.submits("Masuk", code=wrong_code(secret)).path == "/masuk"
    assert person.sees("Terlalu banyak kode yang salah.")
    assert queries.visit_of(half) is None
    assert half_way(app, user).submits("Masuk", code=code_of(secret)).path == "/masuk"
    with clock.at(now() + timedelta(minutes=15, seconds=1)):
        assert half_way(app, user).submits("Masuk", code=code_of(secret)).path == "/"


def test_five_wrong_codes_are_five_from_wherever_they_come_and_at_once(app: Flask) -> None:
    user = make.user()
    secret, _codes = protect(user)
    token, wrong, judged, waiting = actions.begin_session(user, agent="").token, wrong_code(secret), [], Barrier(12)

    def guess(number: int) -> None:
        with app.app_context():
            waiting.wait()
            try:
                actions.pass_second_step(token, wrong, address=f"10.0.0.{number}")
            except TooMany:
                pass
            except Refused:
                judged.append(number)

    threads = [Thread(target=guess, args=(number,)) for number in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(judged) <= 4  # the fifth says that it was the last


def test_the_right_code_forgets_the_wrong_ones(app: Flask, frozen: None) -> None:
    user = make.user()
    secret, _codes = protect(user)
    for steps in (0, 1):
        person = half_way(app, user)
        for _ in range(3):
            person.submits("Masuk", code=wrong_code(secret))
        assert person.submits("Masuk", code=code_of(secret, steps)).path == "/"


@pytest.mark.parametrize("typed", ["", "1", "abcdef", "１２３４５６", "é" * 6, "0" * 20, "-" * 10])
def test_what_is_no_code_is_refused_like_a_wrong_one(app: Flask, typed: str) -> None:
    user = make.user()
    protect(user)
    assert half_way(app, user).submits("Masuk", code=typed).status == 422


def test_a_recovery_code_signs_in_once(app: Flask) -> None:
    user, other = make.user(), make.user()
    _secret, codes = protect(user)
    _secret, foreign = protect(other)
    person = half_way(app, user).follows("Pakai kode pemulihan")
    assert person.submits("Masuk", code=foreign[0]).status == 422
    assert person.submits("Masuk", code=codes[0].upper().replace("-", " ")).path == "/"
    assert person.sees("Sisa 9 kode pemulihan.")
    assert_stated(RecoveryCodeUsed, user_id=user.id, remaining=9)
    assert half_way(app, user).submits("Masuk", code=codes[0]).status == 422
    assert half_way(app, user).submits("Masuk", code=codes[1]).path == "/"
    assert queries.unused_recovery_codes(user.id) == 8


@pytest.mark.parametrize("by", ["password", "code"])
def test_new_recovery_codes_void_the_old_ones(app: Flask, by: str) -> None:
    user = make.user()
    secret, old = protect(user)
    person = Person(app)
    half_way_of = half_way(app, user)
    person = half_way_of.submits("Masuk", code=old[0])
    page = PAGE + "/kode-pemulihan"
    assert person.opens(page).submits("Buat kode", current="salah-sekali").status == 422
    assert person.submits("Buat kode", current=wrong_code(secret)).status == 422
    person.submits("Buat kode", current=PASSWORD if by == "password" else code_of(secret))
    new = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", person.response.text)
    assert len(set(new) - set(old)) == 10
    assert person.response.headers["Cache-Control"] == "no-store"
    assert_stated(RecoveryCodesRenewed, user_id=user.id)
    assert half_way(app, user).submits("Masuk", code=old[1]).status == 422
    assert half_way(app, user).submits("Masuk", code=new[0]).path == "/"


def test_switching_it_off_takes_password_and_code(app: Flask) -> None:
    user = make.user()
    secret, codes = protect(user)
    person = half_way(app, user).submits("Masuk", code=codes[0]).opens(PAGE).follows("Matikan")
    assert person.submits("Matikan", current="salah-sekali", code=code_of(secret)).status == 422
    assert person.submits("Matikan", current=PASSWORD, code=wrong_code(secret)).status == 422
    assert person.submits("Matikan", current=PASSWORD, code=code_of(secret)).sees("Masuk dua langkah dimatikan.")
    assert_stated(TwoFactorDisabled, user_id=user.id)
    assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert Person(app).logs_in(str(user.email)).path == "/"


def test_staff_who_must_have_it_are_led_to_it_and_cannot_switch_it_off(app: Flask) -> None:
    change_institution(two_factor_for_staff=True)
    teacher, learner = make.user(Role.TRAINER), make.user()
    assert Person(app).logs_in(str(learner.email)).path == "/"
    person = Person(app).logs_in(str(teacher.email)).opens("/akun")
    assert person.path == PAGE
    assert person.sees("Lembaga Anda mewajibkan masuk dua langkah untuk staf.")
    assert {person.opens(path).path for path in ("/akun", "/notifikasi", "/akun/perangkat", "/akun/sandi")} == {PAGE}
    assert person.client.get("/akun", headers={"Accept": "application/json"}).status_code == 403
    person.opens(PAGE).submits("Nyalakan", current=PASSWORD)
    secret = two_factor.decrypted(db.session.get_one(TwoFactor, teacher.id).secret)
    person.submits("Nyalakan", code=code_of(secret))
    assert person.opens("/akun").path == "/akun"
    assert "Matikan" not in person.opens(PAGE).links
    with pytest.raises(Refused, match="mewajibkan"):
        actions.turn_off_two_factor(teacher, PASSWORD, code_of(secret, 1), address="")
    assert person.submits("Keluar").path == "/masuk"


def test_staff_who_must_have_it_can_still_leave(app: Flask) -> None:
    change_institution(two_factor_for_staff=True)
    person = Person(app).logs_in(str(make.user(Role.TRAINER).email)).opens(PAGE)
    assert person.submits("Keluar").path == "/masuk"


def test_an_admin_switches_it_off_for_who_lost_the_phone(app: Flask) -> None:
    admin, user = make.admin(), make.user()
    protect(user)
    half = token_of(half_way(app, user))
    actions.disable_two_factor(user, actor=admin)
    assert_stated(TwoFactorDisabled, user_id=user.id)
    assert queries.visit_of(half) is None
    assert Person(app).logs_in(str(user.email)).path == "/"
    with pytest.raises(Refused, match="tidak menyala"):
        actions.disable_two_factor(user, actor=admin)
    protect(admin)
    with pytest.raises(Refused, match="akun Anda sendiri"):
        actions.disable_two_factor(admin, actor=admin)


def test_the_operator_switches_it_off_by_a_command(app: Flask) -> None:
    user = make.admin(username="kepala")
    protect(user)
    run = app.test_cli_runner().invoke
    assert run(args=["disable-two-factor", "KEPALA"]).exit_code == 0
    assert_stated(TwoFactorDisabled, user_id=user.id)
    again = run(args=["disable-two-factor", "kepala"])
    assert (again.exit_code, "tidak menyala" in again.output) == (1, True)
    assert run(args=["disable-two-factor", "siapa"]).exit_code == 1


def test_with_another_totp_key_nobody_passes_and_the_page_says_why(make_app: Callable[..., Flask]) -> None:
    app, other = make_app(), make_app(TOTP_KEY="lain" * 10)
    with app.app_context():
        user = make.user()
        secret, codes = protect(user)
        person = half_way(other, user).submits("Masuk", code=code_of(secret))
        assert (person.status, person.sees("Minta admin lembaga Anda mematikannya.")) == (422, True)
        assert person.submits("Masuk", code=codes[0]).status == 422
        with other.app_context():
            actions.disable_two_factor(db.session.get_one(User, user.id), actor=None)
        assert Person(other).logs_in(str(user.email)).path == "/"


def test_no_fact_holds_a_code_or_a_secret(app: Flask) -> None:
    user = make.user()
    secret, codes = protect(user)
    half_way(app, user).submits("Masuk", code=codes[0])
    said = str([stated(each) for each in (TwoFactorEnabled, RecoveryCodeUsed, SessionStarted)])
    assert not any(each in said for each in (secret, *codes))


def test_a_guest_has_no_second_step(app: Flask) -> None:
    assert Person(app).opens(CODE).path == "/masuk"
    token = actions.start_session(make.user(), agent="")
    with pytest.raises(actions.SignInRefused):
        actions.pass_second_step(token, "123456", address="")


def test_a_suspended_person_does_not_get_through_the_second_step(app: Flask) -> None:
    user = make.user()
    secret, _codes = protect(user)
    half = actions.begin_session(user, agent="").token
    with transaction():
        user.status = UserStatus.SUSPENDED
    with pytest.raises(Refused):
        actions.pass_second_step(half, code_of(secret), address="")
    assert db.session.scalar(select(func.count()).where(UserSession.awaits_code.is_(False))) == 0
