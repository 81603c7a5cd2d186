"""Pantau as a stream: what is sent, when it ends, who is refused, and that those who write come first."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

import config
from app.accounts.models import Role, User, UserStatus
from app.assessments.actions.watching import cancel_attempt
from app.assessments.models import Attempt
from app.assessments.queries.attempts import answers_of
from app.core.db import db, transaction
from app.core.live import NOTHING_NEW, PATIENCE
from tests import make, warm
from tests.assessments.conftest import answer_of, answer_right, begun, right_values
from tests.pages import Person
from tests.servers import free_port
from tests.statements import statements

ENDED = ""


@pytest.fixture
def app(lend_app: Callable[..., Flask]) -> Flask:
    """An app of one stream, which looks all the time."""
    return lend_app(LIVE_STREAMS=1, LIVE_SECONDS=60, LIVE_LOOK=0.01)


@pytest.fixture
def teacher(app: Flask) -> User:
    return make.user(Role.TRAINER)


@pytest.fixture
def attempt(teacher: User) -> Attempt:
    kinds = ("multiple_choice", "true_false")
    return begun(make.assessment(make.course(owner=teacher), kinds=kinds, time_limit_minutes=30))


def path_of(attempt: Attempt) -> str:
    return f"/kelola/asesmen/{attempt.assessment_id}/pantau/aliran"


class Stream:
    """An open answer, read event by event on a thread of its own, as on a server."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self._events = iter(answer.response)

    def reads(self) -> str:
        """The next event; ENDED after the last."""
        with ThreadPoolExecutor(1) as thread:
            return str(thread.submit(next, self._events, ENDED.encode()).result(), "utf-8")


@pytest.fixture
def opens(app: Flask, teacher: User, attempt: Attempt) -> Iterator[Callable[..., Stream]]:
    """Opens the stream of the attempt's assessment, as the teacher."""
    client, opened = Person(app).logs_in(str(teacher.email)).client, []

    def opening(method: str = "GET", **more: Any) -> Stream:
        opened.append(Stream(client.open(path_of(attempt), method=method, **{"multithread": True, **more})))
        return opened[-1]

    yield opening
    for stream in opened:
        stream.answer.close()


def test_the_table_is_sent_at_once_and_nobody_keeps_it(opens: Callable[..., Stream], attempt: Attempt) -> None:
    stream = opens()
    assert (stream.answer.status_code, stream.answer.mimetype) == (200, "text/event-stream")
    assert (stream.answer.headers["Cache-Control"], stream.answer.headers["X-Accel-Buffering"]) == ("no-store", "no")
    first = stream.reads()
    assert first.startswith("retry: ")
    assert first.endswith("\n\n")
    assert {line.partition(":")[0] for line in first.strip().split("\n")} == {"retry", "data"}
    assert attempt.user.name in first
    assert "0 dari 2" in first


def test_it_is_sent_again_when_what_it_shows_has_changed(opens: Callable[..., Stream], attempt: Attempt) -> None:
    stream = opens()
    stream.reads()
    assert stream.reads() == NOTHING_NEW
    answer_right(attempt, "true_false")
    assert "1 dari 2" in stream.reads()
    assert stream.reads() == NOTHING_NEW
    other = begun(attempt.assessment)
    assert other.user.name in stream.reads()
    cancel_attempt(other, reason="Listrik padam", actor=make.user(Role.LMS_ADMIN))
    assert other.user.name not in stream.reads()
    assert stream.reads() == NOTHING_NEW


def test_time_that_passes_is_no_change(opens: Callable[..., Stream], attempt: Attempt) -> None:
    stream = opens()
    left = re.findall(r'data-left="(\d+)"', stream.reads())
    time.sleep(1.1)
    assert stream.reads() == NOTHING_NEW
    assert 1700 < int(left[0]) <= 1800


def test_a_look_is_one_statement_and_holds_no_connection(
    app: Flask, opens: Callable[..., Stream], attempt: Attempt
) -> None:
    stream = opens()
    stream.reads()
    db.session.remove()
    with statements() as seen:
        assert stream.reads() == NOTHING_NEW
    assert len(seen) == 1
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_it_ends_by_itself(app: Flask, opens: Callable[..., Stream], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "LIVE_SECONDS", 0)
    stream = opens()
    assert "data:" in stream.reads()
    assert stream.reads() == ENDED


def test_it_ends_when_the_process_stops(app: Flask, opens: Callable[..., Stream]) -> None:
    stopping: list[bool] = []
    app.extensions["stopping"] = lambda: bool(stopping)
    stream = opens()
    stream.reads()
    assert stream.reads() == NOTHING_NEW
    stopping.append(True)
    assert stream.reads() == ENDED


def test_a_reader_that_takes_nothing_is_not_waited_for(opens: Callable[..., Stream]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        stream = opens(environ_overrides={"gunicorn.socket": ours})
        assert ours.gettimeout() == PATIENCE
        stream.reads()
        assert stream.reads() == NOTHING_NEW
        theirs.close()
        assert stream.reads() == ENDED


def test_there_are_no_more_than_there_are_places_for(opens: Callable[..., Stream]) -> None:
    first, second = opens(), opens()
    assert (first.answer.status_code, second.answer.status_code) == (200, 204)
    assert (second.answer.data, second.answer.headers["Cache-Control"]) == (b"", "no-store")
    first.answer.close()  # the reader has left
    first.answer.close()  # and is not counted twice
    assert [opens().answer.status_code, opens().answer.status_code] == [200, 204]


def test_a_place_is_given_back_by_an_answer_that_never_began(opens: Callable[..., Stream]) -> None:
    for _ in range(3):
        unread = opens("HEAD").answer
        assert (unread.status_code, unread.data) == (200, b"")
        unread.close()  # as every server does
    assert opens().answer.status_code == 200


def test_where_requests_share_a_thread_nothing_is_streamed(opens: Callable[..., Stream]) -> None:
    assert opens(multithread=False).answer.status_code == 204


@pytest.mark.parametrize("role", [Role.CONTENT_MANAGER, Role.TRAINER, Role.LEARNER])
def test_anothers_assessment_is_not_streamed(app: Flask, attempt: Attempt, role: Role) -> None:
    stranger = Person(app).logs_in(str(make.user(role).email)).client
    status = stranger.get(path_of(attempt), multithread=True).status_code
    assert status == (403 if role == Role.LEARNER else 404)


def test_who_may_read_is_asked_anew_by_the_next_stream(
    app: Flask, opens: Callable[..., Stream], teacher: User, attempt: Attempt
) -> None:
    opens().answer.close()
    with transaction():
        db.session.get_one(User, teacher.id).status = UserStatus.SUSPENDED
    refused = opens().answer
    assert (refused.status_code, refused.location) == (303, f"/masuk?next={path_of(attempt)}")


@pytest.mark.parametrize(("threads", "streams"), [("", 1), ("1", 0), ("3", 0), ("4", 1), ("16", 4)])
def test_a_quarter_of_the_threads_may_stream(monkeypatch: pytest.MonkeyPatch, threads: str, streams: int) -> None:
    monkeypatch.setenv("WEB_THREADS", threads)
    assert config.load()["LIVE_STREAMS"] == streams


class Server:
    """One process of gunicorn with four threads, on the test's database."""

    def __init__(self, app: Flask, instance: Path) -> None:
        self.app, self.port = app, free_port()
        environment = {
            **os.environ, "TUNTAS_PROFILE": "development", "INSTANCE": str(instance), "PORT": str(self.port),
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "WEB_WORKERS": "1", "WEB_THREADS": "4",
            "QUEUE": "embedded",
        }  # fmt: skip
        self.process = warm.start_module("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app", environment=environment)

    def cookie_of(self, user: User) -> str:
        """Of a browser in which that person has signed in."""
        cookie = Person(self.app).logs_in(str(user.email)).client.get_cookie("session")
        assert cookie is not None
        return f"session={cookie.value}"

    def asks(self, cookie: str, path: str, body: object = None, **headers: str) -> http.client.HTTPResponse:
        """The answer, as soon as it begins. On a connection of its own, which closing the answer closes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        sent = {"Cookie": cookie, "Connection": "close", "Accept": "*/*", **headers}
        if body is None:
            connection.request("GET", path, headers=sent)
        else:
            connection.request("POST", path, json.dumps(body), {**sent, "Content-Type": "application/json"})
        return connection.getresponse()


@pytest.fixture
def server(app: Flask, tmp_path: Path) -> Iterator[Server]:
    served = Server(app, tmp_path / "served")
    try:
        for _ in range(150):
            try:
                served.asks("", "/sehat").close()
                break
            except ConnectionError:
                time.sleep(0.1)
        yield served
    finally:
        served.process.kill()
        served.process.join()


def test_however_many_want_to_watch_an_answer_is_saved(server: Server, teacher: User, attempt: Attempt) -> None:
    watching, writing = server.cookie_of(teacher), server.cookie_of(attempt.user)
    stream = server.asks(watching, path_of(attempt))
    assert stream.status == 200
    for _ in range(12):
        refused = server.asks(watching, path_of(attempt))
        assert (refused.status, refused.read()) == (204, b"")
    page = server.asks(writing, f"/percobaan/{attempt.public_id}").read().decode()
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    answer = answer_of(attempt, "true_false")
    given = {"question": str(answer.position), "answer": right_values(answer), "touched": 1, "sequence": 1}
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    assert server.asks(writing, f"/percobaan/{attempt.public_id}/jawab", given, **headers).status == 200
    seen = ""
    while "1 dari 2" not in seen:
        seen = stream.readline().decode()
    db.session.rollback()
    assert [each.response is not None for each in answers_of(attempt)].count(True) == 1


def test_a_reader_that_leaves_makes_room_at_once_and_a_stop_ends_the_stream(
    server: Server, teacher: User, attempt: Attempt
) -> None:
    cookie = server.cookie_of(teacher)
    for _ in range(3):
        stream = server.asks(cookie, path_of(attempt))
        assert stream.status == 200
        stream.readline()
        stream.close()
        time.sleep(0.5)  # less than the pause between two looks
    stream = server.asks(cookie, path_of(attempt))
    stream.readline()
    server.process.terminate()
    assert stream.read().endswith(b"\n\n")  # to its end: a process that has to be killed breaks it off
    assert warm.ended(server.process, 10) == 0
