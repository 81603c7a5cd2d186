"""What arrived in a mailbox, and the link in it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

import argon2
import pytest
from flask import Flask

from tests.facts import drain_all
from tests.fakes import Postbox

BASE_URL = "https://belajar.contoh.test"
LINK = re.compile(rf"{BASE_URL}(/(?:verifikasi|atur-sandi)/[\w-]+)")


def settings(box: Postbox) -> dict[str, Any]:
    """Of an app whose mails go to that mailbox."""
    return {
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": box.port, "MAIL_USE_TLS": False, "MAIL_TIMEOUT": 0.5,
        "MAIL_RATE": 6000, "BASE_URL": BASE_URL, "SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_NAME": "session",
    }  # fmt: skip


def arrived(box: Postbox) -> list[EmailMessage]:
    """Every letter so far, once what is due was done."""
    drain_all()
    parsed = [email.message_from_bytes(each, policy=default) for each in box.letters]
    return [each for each in parsed if isinstance(each, EmailMessage)]


def part(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage, kind: str = "plain") -> str:
    """The path of the link with a secret."""
    (found,) = set(LINK.findall(part(message, kind)))
    return str(found)


def newest_link(box: Postbox) -> str:
    """Of the last letter that has one."""
    return link_in([each for each in arrived(box) if LINK.search(part(each))][-1])


@contextmanager
def hashing() -> Iterator[list[str]]:
    """Every run of the password hasher inside the block, whether to make or to check a hash."""
    runs: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("hash", "verify"):
            patch.setattr(argon2.PasswordHasher, name, _counting(name, runs))
        yield runs


def _counting(name: str, runs: list[str]) -> Any:
    original = getattr(argon2.PasswordHasher, name)

    def run(*args: object, **kwargs: object) -> object:
        runs.append(name)
        return original(*args, **kwargs)

    return run


def answer(app: Flask, path: str, fields: dict[str, str]) -> tuple[object, ...]:
    """All that somebody at a new browser can see of the answer to a form: status, body, headers, cookies."""
    client = app.test_client()
    page = client.get(path).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    response = client.post(path, data={**fields, "csrf_token": token})
    body = response.get_data(as_text=True).replace(token, "…")
    for value in fields.values():
        body = body.replace(value, "…")
    shown = sorted((name, value) for name, value in response.headers if name not in {"Date", "Set-Cookie"})
    cookies = sorted(each.split("=")[0] for each in response.headers.getlist("Set-Cookie"))
    return response.status_code, body, shown, cookies
