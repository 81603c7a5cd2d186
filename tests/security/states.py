"""People on the way in, or with something to do first; and what every route answers to them.

They are not actors of `EXPECT`: each is like one of those but for a few routes, which stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from werkzeug.test import TestResponse

from app.accounts import two_factor
from app.accounts.actions import arm_request
from app.accounts.models import AccountRequest, AdminLink, Purpose, RecoveryCode, Role, TwoFactor, UserSession
from app.accounts.tokens import new_token, token_hash
from app.core.clock import now
from app.core.db import transaction
from app.core.settings import change_institution
from tests import make
from tests.security.bodies import RECOVERY, SECRET
from tests.security.expectations import EXPECT, REFUSED, sign_of
from tests.security.walk import Route, Visit
from tests.security.world import Browser, World, cookie_of, email_of, opened, sign_in

STATES = ("half", "protected", "owing", "unverified", "first", "links")
"""`half` has typed the right password and no code yet. `protected` is a learner with the second step on. Three have an
errand: `owing` is staff without the second step where staff must have it (and has begun to set it up), `unverified`
has not opened the letter, `first` has the password of a slip. `links` is a guest who has opened live links of letters.
"""
LIKE = {
    "half": "guest",
    "protected": "outsider",
    "owing": "staff",
    "unverified": "outsider",
    "first": "outsider",
    "links": "guest",
}
"""Whose row in EXPECT holds for them, where nothing else is said here."""
LED_TO = {
    "half": "/masuk/kode",
    "owing": "/akun/dua-langkah",
    "unverified": "/verifikasi-email",
    "first": "/sandi-baru",
}
"""Where they have to go first: sign `E`."""
PERSONAL = {"courses.catalogue", "courses.detail", "courses.media", "courses.reviews", "progress.lesson", "site.home"}
"""Open to guests, but behind the errand of who is signed in."""
LATER = timedelta(hours=1)
"""So young are the sessions, links and set-ups that must not end before the tests do."""
DIFFERENT: dict[Route, dict[str, str]] = {
    ("accounts.email", "GET"): {"owing": "+", "unverified": "+", "first": "+"},
    ("accounts.email", "POST"): {"owing": ">", "unverified": ">", "first": ">"},
    ("accounts.first_password", "GET"): {"owing": ">", "unverified": ">", "first": "+"},
    ("accounts.first_password", "POST"): {"owing": ">", "unverified": ">", "first": ">"},
    ("accounts.login", "POST"): {"half": "E"},
    ("accounts.recovery_codes", "GET"): {"protected": "+"},
    ("accounts.recovery_codes", "POST"): {"protected": "+"},
    ("accounts.reset", "GET"): {"links": "+"},
    ("accounts.reset", "POST"): {"links": ">"},
    ("accounts.second_step", "GET"): {"half": "+"},
    ("accounts.send_verification", "POST"): {"owing": ">", "unverified": "E", "first": ">"},
    ("accounts.set_up", "GET"): {"links": "+"},
    ("accounts.set_up", "POST"): {"links": ">"},
    ("accounts.turn_off_two_factor", "GET"): {"protected": "+"},
    ("accounts.two_factor", "GET"): {"owing": "+", "unverified": "+", "first": "+"},
    ("accounts.two_factor", "POST"): {"owing": ">", "unverified": ">", "first": ">", "protected": "2"},
    ("accounts.two_factor_setup", "GET"): {"owing": "+", "unverified": ">", "first": ">"},
    ("accounts.two_factor_setup", "POST"): {"owing": "+", "unverified": ">", "first": ">"},
    ("accounts.unverified", "GET"): {"owing": ">", "unverified": "+", "first": ">"},
    ("accounts.verification", "GET"): {"links": "+"},
}
"""The pages of errands, of the second step and of letters."""


def expected(state: str, visit: Visit) -> str:
    """The sign of the answer to somebody in that state."""
    usual = EXPECT[visit.route]
    like, guest = usual[LIKE[state]][visit.place], usual["guest"][visit.place]
    if state in DIFFERENT.get(visit.route, {}):
        return DIFFERENT[visit.route][state]
    if state == "half":
        return "E" if guest == "L" else guest
    if state not in LED_TO or like == "3":
        return like
    return "E" if guest == "L" or visit.endpoint in PERSONAL else like


def is_refused(state: str, visit: Visit, sign: str) -> bool:
    """Whether nothing was done: who is led away where the table has no word of its own was not let in."""
    return sign in REFUSED or (sign == "E" and state not in DIFFERENT.get(visit.route, {}))


def sign_for(state: str, answer: TestResponse) -> str:
    """The sign of an answer; `E` where it leads to what this person has to do first."""
    first = LED_TO.get(state)
    return "E" if first and answer.status_code == 303 and answer.location == first else sign_of(answer)


def stand(world: World) -> None:
    """Makes them, each with a browser."""
    fields: dict[str, dict[str, Any]] = {
        "owing": {"role": Role.CONTENT_MANAGER},
        "unverified": {"email_verified_at": None},
        "first": {"email": None, "username": "pertama.1", "initial_key": "0" * 32},
    }
    for state in STATES[:-1]:
        world.people[state] = make.user(**{"name": f"Orang {state}", "email": email_of(state), **fields.get(state, {})})
    for state in ("protected", "owing", "unverified"):
        world.browsers[state] = sign_in(world, state)
    _second_steps(world)
    world.browsers["half"] = sign_in(world, "half", page="/masuk/kode")
    world.browsers["first"] = sign_in(world, "first", page="/sandi-baru")
    world.browsers["links"] = _with_links(world)
    with transaction() as session:
        session.execute(update(UserSession).where(UserSession.awaits_code).values(created_at=now() + LATER))


def _second_steps(world: World) -> None:
    """All with the same app; that of `owing` waits for its first code."""
    with transaction() as session:
        for state in ("half", "protected", "owing"):
            number = world.people[state].id
            row = TwoFactor(user_id=number, secret=two_factor.encrypted(SECRET), created_at=now() + LATER)
            row.confirmed_at = None if state == "owing" else now()
            session.add(row)
            session.add(RecoveryCode(user_id=number, code_hash=two_factor.recovery_hash(number, RECOVERY)))


def _with_links(world: World) -> Browser:
    """What `outsider` was sent, and the link for the first admin."""
    setup = new_token()
    addresses = [f"/siapkan/{setup}"]
    with transaction() as session:
        session.add(AdminLink(token_hash=token_hash(setup)))
        for purpose, page in ((Purpose.RESET, "atur-sandi"), (Purpose.VERIFY, "verifikasi")):
            asked = AccountRequest(user_id=world.people["outsider"].id, purpose=purpose, email=email_of("outsider"))
            asked.created_at = now() + LATER
            session.add(asked)
            session.flush()
            addresses.append(f"/{page}/{arm_request(asked)}")
    cookie = ""
    for address in addresses:
        answer = world.ask("guest", "GET", address, headers={"Cookie": cookie})
        assert answer.status_code == 303, address
        cookie = cookie_of(answer)
    return opened(world, "/masuk", cookie)


@contextmanager
def second_step_for_staff(world: World) -> Iterator[None]:
    """The institution wants it inside the block; only then `owing` owes it."""
    change_institution(two_factor_for_staff=True)
    world.keep()
    yield
    world.reset()
    change_institution(two_factor_for_staff=False)
    world.keep()
