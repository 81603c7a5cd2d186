"""What admins do with the accounts of others, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import actions, queries
from app.accounts.actions.refusals import NameTaken
from app.accounts.actions.requests import add_request
from app.accounts.events import (
    InitialPasswordSet,
    PasswordResetRequested,
    SessionsEnded,
    UserEmailChanged,
    UserInvited,
    UserProfileUpdated,
    UserReactivated,
    UserRegistered,
    UserRoleChanged,
    UserSuspended,
)
from app.accounts.initial_passwords import initial_password
from app.accounts.models import Purpose, Role, User, UserSession, UserStatus
from app.accounts.queries.people import access_of, person
from app.core import clock
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Refused
from tests import make
from tests.facts import assert_stated

NEW = {"name": "Ani", "username": None, "role": Role.LEARNER, "timezone": "Asia/Makassar", "locale": "en"}
SAME = {"timezone": "Asia/Jakarta", "locale": "id"}


@pytest.fixture
def boss(app: Flask) -> User:
    return make.admin()


def fresh(user: User) -> User:
    db.session.rollback()
    return db.session.get_one(User, user.id)


def browsers(user: User) -> int:
    return db.session.scalar(select(func.count()).where(UserSession.user_id == user.id)) or 0


def test_without_a_mail_server_a_new_person_has_a_first_password(boss: User) -> None:
    user = actions.add_person(**NEW, email="ani@contoh.test", actor=boss)
    assert (user.role, user.timezone, user.locale) == (Role.LEARNER, "Asia/Makassar", "en")
    assert user.email_verified_at is not None
    assert actions.sign_in("ani@contoh.test", initial_password(user), address="10.0.0.1", agent="x")
    assert_stated(UserRegistered, times=1, user_id=user.id)
    assert_stated(InitialPasswordSet, times=1, user_id=user.id)
    assert_stated(UserInvited, times=0)


def test_with_a_mail_server_a_new_person_gets_a_letter(make_app: Callable[..., Flask]) -> None:
    with make_app(MAIL_SERVER="surat.contoh.test").app_context():
        user = actions.add_person(**NEW, email="ani@contoh.test", actor=make.admin())
        assert (user.initial_key, user.password_hash) == (None, None)
        assert_stated(UserInvited, times=1, user_id=user.id)
        assert_stated(InitialPasswordSet, times=0)


def test_nobody_gets_what_somebody_else_signs_in_with(boss: User) -> None:
    make.user(email="ani@contoh.test", username="ani")
    before = db.session.scalar(select(func.count()).select_from(User))
    with pytest.raises(NameTaken) as refused:
        actions.add_person(**NEW, email="Ani@contoh.test", actor=boss)
    assert refused.value.field == "email"
    with pytest.raises(NameTaken) as refused:
        actions.add_person(**{**NEW, "username": "ANI"}, email=None, actor=boss)
    assert refused.value.field == "username"
    assert db.session.scalar(select(func.count()).select_from(User)) == before
    assert_stated(UserRegistered, times=0)


def test_a_changed_profile_names_its_fields(boss: User) -> None:
    user = make.user(name="Ani", email="ani@contoh.test")
    actions.update_person(user, name="Ani L.", email="ani@contoh.test", username="ani", **SAME, actor=boss)
    assert (fresh(user).name, user.username) == ("Ani L.", "ani")
    assert_stated(UserProfileUpdated, times=1, user_id=user.id, fields=["name", "username"])
    assert_stated(UserEmailChanged, times=0)


def test_an_unchanged_profile_states_nothing(boss: User) -> None:
    user = make.user(name="Ani", email="ani@contoh.test")
    actions.update_person(user, name="Ani", email="ani@contoh.test", username=None, **SAME, actor=boss)
    assert_stated(UserProfileUpdated, times=0)
    assert_stated(UserEmailChanged, times=0)


def test_staff_vouch_for_another_address_and_links_to_the_old_one_are_void(boss: User) -> None:
    user = make.user(name="Ani", email="lama@contoh.test", email_verified_at=None)
    actions.request_reset(user, actor=boss)
    with transaction():
        request = add_request(user, Purpose.RESET, "lama@contoh.test")
        token = actions.arm_request(request)
    assert queries.open_request(token, Purpose.RESET) is not None
    actions.update_person(user, name="Ani", email="baru@contoh.test", username=None, **SAME, actor=boss)
    assert fresh(user).email_verified_at is not None
    assert queries.open_request(token, Purpose.RESET) is None
    assert_stated(UserEmailChanged, times=1, user_id=user.id, request_id=None)


def test_a_taken_address_is_refused_at_its_field_and_nothing_is_changed(boss: User) -> None:
    make.user(email="ani@contoh.test", username="ani")
    user = make.user(name="Budi", email="budi@contoh.test")
    for field, values in {
        "email": {"email": "ani@contoh.test", "username": None},
        "username": {"email": "budi@contoh.test", "username": "ani"},
    }.items():
        with pytest.raises(NameTaken) as refused:
            actions.update_person(user, name="Lain", **values, **SAME, actor=boss)
        assert refused.value.field == field
    assert (fresh(user).name, user.email) == ("Budi", "budi@contoh.test")


def test_the_own_address_takes_the_own_password(boss: User) -> None:
    profile = {"name": boss.name, "username": "bos", **SAME}
    with pytest.raises(Refused, match="halaman Akun"):
        actions.update_person(boss, **profile, email="lain@contoh.test", actor=boss)
    actions.update_person(boss, **profile, email=boss.email, actor=boss)
    assert fresh(boss).username == "bos"


def test_a_person_keeps_something_to_sign_in_with(boss: User) -> None:
    user = make.user(name="Budi")
    with pytest.raises(Refused):
        actions.update_person(user, name="Budi", email=None, username="", **SAME, actor=boss)
    assert fresh(user).email


def test_another_role_ends_every_session(boss: User) -> None:
    user = make.user()
    actions.start_session(user, agent="x")
    actions.change_role(user, Role.TRAINER, actor=boss)
    assert (fresh(user).role, browsers(user)) == (Role.TRAINER, 0)
    assert_stated(UserRoleChanged, times=1, user_id=user.id, previous_role="learner", role="trainer")
    with pytest.raises(Refused):
        actions.change_role(user, Role.TRAINER, actor=boss)


def test_a_suspended_person_is_out_at_once_and_may_come_back(boss: User) -> None:
    user = make.user()
    token = actions.start_session(user, agent="x")
    actions.suspend(user, actor=boss)
    assert queries.visit_of(token) is None
    assert_stated(UserSuspended, times=1, user_id=user.id)
    with pytest.raises(Refused):
        actions.suspend(user, actor=boss)
    actions.reactivate(user, actor=boss)
    assert actions.start_session(user, agent="x")
    assert queries.visit_of(token) is None
    assert_stated(UserReactivated, times=1, user_id=user.id)
    with pytest.raises(Refused):
        actions.reactivate(user, actor=boss)


@pytest.mark.parametrize(
    "act",
    [
        lambda boss: actions.suspend(boss, actor=boss),
        lambda boss: actions.change_role(boss, Role.LEARNER, actor=boss),
        lambda boss: actions.anonymize(boss, actor=boss),
        lambda boss: actions.set_initial_password(boss, actor=boss),
        lambda boss: actions.end_sessions(boss, actor=boss),
    ],
)
def test_nobody_does_these_things_to_the_own_account(boss: User, act: Callable[[User], object]) -> None:
    make.admin()
    with pytest.raises(Refused, match="akun Anda sendiri"):
        act(boss)
    assert (fresh(boss).role, boss.status, boss.initial_key) == (Role.LMS_ADMIN, UserStatus.ACTIVE, None)


@pytest.mark.parametrize(
    "act",
    [
        lambda last, other: actions.suspend(last, actor=other),
        lambda last, other: actions.change_role(last, Role.TRAINER, actor=other),
        lambda last, other: actions.anonymize(last, actor=other),
    ],
)
def test_the_last_active_admin_stays(boss: User, act: Callable[[User, User], object]) -> None:
    gone = make.admin(status=UserStatus.SUSPENDED)
    with pytest.raises(Refused, match="satu-satunya admin"):
        act(boss, gone)
    assert (fresh(boss).role, boss.status) == (Role.LMS_ADMIN, UserStatus.ACTIVE)


def test_a_first_password_replaces_the_old_one_and_ends_sessions_and_links(boss: User) -> None:
    user = make.user()
    token = actions.start_session(user, agent="x")
    actions.set_initial_password(user, actor=boss)
    assert queries.visit_of(token) is None
    assert fresh(user).password_hash is None
    first = initial_password(user)
    actions.set_initial_password(user, actor=boss)
    assert initial_password(fresh(user)) != first
    assert_stated(InitialPasswordSet, times=2, user_id=user.id)


def test_letters_go_only_where_they_can_be_read(make_app: Callable[..., Flask]) -> None:
    with make_app().app_context(), pytest.raises(Refused, match="Server email belum diatur"):
        actions.send_password_link(make.user(), actor=make.admin())
    with make_app(MAIL_SERVER="surat.contoh.test").app_context():
        boss = make.admin()
        with pytest.raises(Refused, match="tidak punya email"):
            actions.send_password_link(make.user(email=None, username="budi"), actor=boss)
        with pytest.raises(Refused, match="nonaktif"):
            actions.send_password_link(make.user(status=UserStatus.SUSPENDED), actor=boss)
        actions.send_password_link(make.user(), actor=boss)
        assert_stated(PasswordResetRequested, times=1)


def test_ending_sessions_counts_them(boss: User) -> None:
    user = make.user()
    for _ in range(2):
        actions.start_session(user, agent="x")
    assert access_of(user.id).sessions == 2
    actions.end_sessions(user, actor=boss)
    assert access_of(user.id).sessions == 0
    assert_stated(SessionsEnded, times=1, user_id=user.id, count=2)


def test_sessions_that_open_nothing_are_not_counted_when_they_end(boss: User) -> None:
    user = make.user()
    with clock.at(now() - timedelta(days=31)):
        actions.start_session(user, agent="x")
    with transaction() as session:
        session.add(UserSession(token_hash="a", user_id=user.id, awaits_code=True))
    with pytest.raises(Refused, match="tidak sedang masuk"):
        actions.end_sessions(user, actor=boss)
    with transaction() as session:
        session.add(UserSession(token_hash="b", user_id=user.id))
    assert actions.end_sessions(user, actor=boss) == 1
    assert db.session.scalars(select(UserSession)).all() == []
    assert_stated(SessionsEnded, times=1, user_id=user.id, count=1)


def test_of_many_those_are_left_out_for_whom_it_is_refused(boss: User) -> None:
    people = [make.user(), make.user(status=UserStatus.SUSPENDED), boss, make.user()]
    outcome = actions.for_each(people, lambda user: actions.suspend(user, actor=boss))
    assert outcome.done == 2
    assert [each.user.id for each in outcome.left_out] == [people[1].id, boss.id]
    assert_stated(UserSuspended, times=2)


def test_there_is_nobody_with_an_impossible_number(app: Flask) -> None:
    assert person(10**30) is None


def together(app: Flask, *acts: Callable[[], object]) -> list[BaseException]:
    """Does the acts in threads that start at once; answers what they raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the test looks at all of them
                raised.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    return raised


def active_admins() -> int:
    wanted = User.role == Role.LMS_ADMIN, User.status == UserStatus.ACTIVE
    return db.session.scalar(select(func.count()).select_from(User).where(*wanted)) or 0


@pytest.mark.parametrize(
    "act",
    [
        lambda user, actor: actions.suspend(user, actor=actor),
        lambda user, actor: actions.change_role(user, Role.LEARNER, actor=actor),
        lambda user, actor: actions.anonymize(user, actor=actor),
    ],
)
def test_of_two_admins_who_act_on_each_other_at_once_one_remains(
    app: Flask, act: Callable[[User, User], object]
) -> None:
    for _ in range(5):
        for admin in db.session.scalars(select(User).where(User.role == Role.LMS_ADMIN)).all():
            with transaction():
                db.session.get_one(User, admin.id).status = UserStatus.SUSPENDED
        first, second = make.admin().id, make.admin().id

        def one_on_the_other(user_id: int, actor_id: int) -> Callable[[], object]:
            return lambda: act(db.session.get_one(User, user_id), db.session.get_one(User, actor_id))

        raised = together(app, one_on_the_other(first, second), one_on_the_other(second, first))
        assert [type(each) for each in raised] == [Refused]
        assert active_admins() == 1


def test_of_two_who_take_the_same_address_at_once_one_has_it(app: Flask) -> None:
    boss = make.admin().id
    people = [make.user().id, make.user().id]

    def take(user_id: int) -> Callable[[], object]:
        values = {"name": "Sama", "email": "sama@contoh.test", "username": None, **SAME}
        return lambda: actions.update_person(
            db.session.get_one(User, user_id), **values, actor=db.session.get_one(User, boss)
        )

    raised = together(app, *(take(each) for each in people))
    assert [type(each) for each in raised] == [NameTaken]
    assert raised[0].field == "email"  # type: ignore[attr-defined]
    assert db.session.scalar(select(func.count()).where(User.email == "sama@contoh.test")) == 1
