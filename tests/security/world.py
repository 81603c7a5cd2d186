"""A school with one person for every way to stand to a course, and a browser for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.test import Client, TestResponse

from app.accounts.models import Role, User, UserStatus
from app.core.db import db, transaction
from tests import make
from tests.pages import PASSWORD
from tests.security.rows import Rows, Witness, all_rows, changes

ACTORS = ("guest", "suspended", "outsider", "dropped", "other", "enrolled", "trainer", "staff", "owner", "admin")
"""`enrolled`, `dropped` and `owner` stand so to the courses of the world; `other` learns elsewhere, `staff` is another
content manager, `outsider` has not enrolled anywhere. `suspended` still has the cookie from before."""
ROLES = {"trainer": Role.TRAINER, "staff": Role.CONTENT_MANAGER, "owner": Role.CONTENT_MANAGER, "admin": Role.LMS_ADMIN}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Browser:
    """What a browser keeps of this site."""

    cookie: str = ""
    token: str = ""


@dataclass
class World:
    """`people` and `browsers` by actor; `places`: for what a route takes, the objects that there are."""

    app: Flask
    people: dict[str, User] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    places: dict[frozenset[str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    kept: Rows = field(default_factory=dict)
    _witness: Witness = field(default_factory=Witness)
    _mark: object = None
    _addresses: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(self, actor: str, method: str, path: str, *, token: bool = True, **more: Any) -> TestResponse:
        """One request of that actor's browser, from an address of its own; a write carries its CSRF token.

        The answer is read whole, and its cookies are not kept: every request starts from the same browser.
        """
        path, _, asked = path.partition("?")
        more["query_string"] = {**dict(parse_qsl(asked)), **more.get("query_string", {})}
        headers = dict(more.pop("headers", {}))
        browser = self.browsers[actor]
        if browser.cookie:
            headers.setdefault("Cookie", browser.cookie)
        if method != "GET" and token:
            headers.setdefault("X-CSRFToken", browser.token)
        number = next(self._addresses)
        more.setdefault("environ_base", {"REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"})
        more.setdefault("multithread", True)  # as under gunicorn's threads
        client = Client(self.app, response_wrapper=self.app.test_client().response_wrapper, use_cookies=False)
        with self.app.app_context():
            answer = client.open(path, method=method, headers=headers, buffered=True, **more)
            answer.get_data()
            answer.close()
        db.session.rollback()
        return answer

    def path(self, endpoint: str, method: str, values: dict[str, Any]) -> str:
        """The address of a route."""
        return str(self.app.url_map.bind("localhost").build(endpoint, values, method=method))

    def keep(self) -> None:
        """From now on `reset` comes back here."""
        self.kept = all_rows()
        self._witness.keep()
        self._mark = self._witness.mark()

    def changed(self) -> list[str]:
        """What differs from what is kept, a line each. Costs next to nothing as long as nobody has written."""
        return [] if self._mark == self._witness.mark() else changes(self.kept, self.rows())

    def rows(self) -> Rows:
        """What the tables hold now."""
        return self._witness.rows(self.kept)

    def reset(self) -> None:
        """Puts the rows back, if anybody has written."""
        if self._mark != self._witness.mark():
            self._witness.put_back(self.kept)
            self._mark = self._witness.mark()

    def close(self) -> None:
        """Lets the database go."""
        self._witness.close()


def email_of(actor: str) -> str:
    """With which the actor signs in; the guest's belongs to nobody."""
    return f"{actor}@contoh.test"


def settle(app: Flask) -> World:
    """People who have signed in through the page."""
    world = World(app)
    for actor in ACTORS:
        world.browsers[actor] = Browser()
        if actor != "guest":
            role = ROLES.get(actor, Role.LEARNER)
            world.people[actor] = make.user(role, name=f"Orang {actor}", email=email_of(actor))
        world.browsers[actor] = sign_in(world, actor)
    with transaction():
        db.session.get_one(User, world.people["suspended"].id).status = UserStatus.SUSPENDED
    return world


def sign_in(world: World, actor: str, page: str = "/kursus") -> Browser:
    """A new session of that person in a new browser, which then opens `page`; the guest's has only opened Masuk."""
    browser = opened(world, "/masuk", "")
    if actor == "guest":
        return browser
    person = world.people[actor]
    sent = {"login": person.email or person.username, "password": PASSWORD, "csrf_token": browser.token}
    answer = world.ask("guest", "POST", "/masuk", data=sent, headers={"Cookie": browser.cookie}, token=False)
    assert answer.status_code == 303, answer.text
    return opened(world, page, cookie_of(answer))


def opened(world: World, path: str, cookie: str) -> Browser:
    """The browser with that cookie, once it has seen a page with a form."""
    page = world.ask("guest", "GET", path, headers={"Cookie": cookie})
    return Browser(cookie_of(page) or cookie, _token(page))


def cookie_of(answer: TestResponse) -> str:
    """What an answer gives a browser to keep."""
    return "; ".join(each.split(";")[0] for each in answer.headers.getlist("Set-Cookie"))


def _token(page: TestResponse) -> str:
    found = TOKEN.search(page.text)
    assert found, page.text
    return found.group(1)
