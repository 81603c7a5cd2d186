"""A password is judged before the transaction: what it was judged against may be gone when the change is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import argon2
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import actions, queries
from app.accounts.initial_passwords import initial_password, new_key
from app.accounts.models import LoginFailure, RecoveryCode, TwoFactor, User, UserSession
from app.accounts.passwords import matches
from app.core.db import db, transaction
from app.core.errors import Refused
from tests import make
from tests.accounts.test_two_factor import code_of, protect
from tests.pages import PASSWORD
from tests.progress.test_races import at_once

HERE, NEW, OTHER = "10.0.0.1", "sepeda merah tua", "perahu kayu jati"


@contextmanager
def meanwhile(app: Flask, act: Callable[[], object], *, run: str = "verify") -> Iterator[None]:
    """`act` happens at another browser as soon as the hasher has run once inside the block."""
    original = getattr(argon2.PasswordHasher, run)
    done: list[bool] = []

    def elsewhere() -> None:
        with app.app_context():
            act()

    def running(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        finally:
            if not done:
                done.append(True)
                thread = threading.Thread(target=elsewhere)
                thread.start()
                thread.join()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argon2.PasswordHasher, run, running)
        yield
    db.session.rollback()
    assert done


def changing(user: User) -> Callable[[], object]:
    """Somebody who knows the password changes it."""
    user_id = user.id

    def change() -> None:
        owner = db.session.get_one(User, user_id)
        actions.change_password(owner, PASSWORD, OTHER, address="10.0.0.2", token="x")

    return change


def new_slip(user: User, boss: User) -> Callable[[], object]:
    ids = (user.id, boss.id)
    return lambda: actions.set_initial_password(
        db.session.get_one(User, ids[0]), actor=db.session.get_one(User, ids[1])
    )


def sessions() -> int:
    return db.session.scalars(select(func.count()).select_from(UserSession)).one()


def assert_password(user: User, password: str) -> None:
    db.session.rollback()
    db.session.refresh(user)
    assert matches(password, user.password_hash)


def test_no_session_begins_with_a_password_that_was_changed_meanwhile(app: Flask) -> None:
    user = make.user()
    with meanwhile(app, changing(user)), pytest.raises(actions.SignInRefused):
        actions.sign_in(str(user.email), PASSWORD, address=HERE, agent="")
    assert sessions() == 0
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 1
    assert actions.sign_in(str(user.email), OTHER, address=HERE, agent="")


def test_no_session_begins_with_a_slip_that_was_replaced_meanwhile(app: Flask) -> None:
    user, boss = make.user(username="0012345678"), make.admin()
    with transaction():
        user.password_hash, user.initial_key = None, new_key()
    printed = initial_password(user)
    with meanwhile(app, new_slip(user, boss)), pytest.raises(actions.SignInRefused):
        actions.sign_in("0012345678", printed, address=HERE, agent="")
    assert sessions() == 0


def test_of_two_who_change_the_password_at_once_one_does(app: Flask) -> None:
    user = make.user()
    token = actions.start_session(user, agent="")
    with meanwhile(app, changing(user)), pytest.raises(Refused, match="yang sekarang salah") as refused:
        actions.change_password(user, PASSWORD, NEW, address=HERE, token=token)
    assert refused.value.field == "current"
    assert_password(user, OTHER)
    assert queries.visit_of(token) is None


def test_a_first_password_is_chosen_with_the_slip_that_still_holds(app: Flask) -> None:
    user, boss = make.user(), make.admin()
    with transaction():
        user.password_hash, user.initial_key = None, new_key()
    before = user.initial_key
    with meanwhile(app, new_slip(user, boss), run="hash"), pytest.raises(Refused, match="sudah dipilih"):
        actions.choose_first_password(user, NEW, token="x")
    assert user.password_hash is None
    assert user.initial_key not in {None, before}


def test_no_second_step_begins_with_a_password_that_was_changed_meanwhile(app: Flask) -> None:
    user = make.user()
    with meanwhile(app, changing(user)), pytest.raises(Refused, match="yang sekarang salah"):
        actions.begin_two_factor(user, PASSWORD, address=HERE)
    assert db.session.get(TwoFactor, user.id) is None


def test_recovery_codes_stay_when_the_password_was_changed_meanwhile(app: Flask) -> None:
    user = make.user()
    protect(user)
    kept = set(db.session.scalars(select(RecoveryCode.code_hash)))
    with meanwhile(app, changing(user)), pytest.raises(Refused, match="yang sekarang salah"):
        actions.renew_recovery_codes(user, PASSWORD, address=HERE)
    assert set(db.session.scalars(select(RecoveryCode.code_hash))) == kept


def test_the_second_step_stays_when_the_password_was_changed_meanwhile(app: Flask) -> None:
    user = make.user()
    secret, _codes = protect(user)
    with meanwhile(app, changing(user)), pytest.raises(Refused, match="yang sekarang salah"):
        actions.turn_off_two_factor(user, PASSWORD, code_of(secret), address=HERE)
    assert queries.confirmed_two_factor(user.id) is not None


def test_whoever_signs_in_while_the_password_changes_is_out_afterwards(app: Flask) -> None:
    acts: list[Callable[[], object]] = []

    def act() -> None:
        with suppress(actions.SignInRefused):
            acts.pop()()

    for _round in range(5):
        user = make.user()
        sign_in = partial(actions.sign_in, str(user.email), PASSWORD, agent="")
        acts += [changing(user), *(partial(sign_in, address=each) for each in "abcdefg")]
        db.session.rollback()
        assert at_once(app, 8, act) == []
        assert sessions() == 0
