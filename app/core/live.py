"""Server-sent events: an answer that goes on and tells its reader what has changed, until it ends by itself.

An open one occupies a thread of gunicorn's, so each process keeps only LIVE_STREAMS of them open. Between two looks it
holds nothing but that thread: no context, no session, no connection of the database.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import TypeVar

from flask import Flask, Response, copy_current_request_context, current_app, request

T = TypeVar("T")

BEGINNING = "retry: 1000\n"
"""After how many milliseconds a reader whose stream has ended comes back."""
NOTHING_NEW = "data:\n\n"
"""An empty message rather than a comment: scripts do not see comments, and a page shall notice that it is cut off."""
PATIENCE = 10
"""Seconds in which a reader has to take what is sent."""
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_open: set[object] = set()
_opening = threading.Lock()


def init_app(app: Flask) -> None:
    """A server that can say whether this process is stopping puts a function into `app.extensions["stopping"]`."""
    app.config.setdefault("LIVE_LOOK", 2.0)
    app.config.setdefault("LIVE_SECONDS", 60)
    app.extensions["stopping"] = lambda: False


def stream(look: Callable[[], T], show: Callable[[T], str]) -> Response:
    """Sends `show` of what `look` finds: at once, and again whenever that has changed.

    `look` answers values that can be compared, no rows; both are called in the context of this request, each time in a
    new one. The answer is 204, on which an EventSource gives up for good, where requests share one thread and when
    enough streams are open. Who may read it is asked by the request alone: after LIVE_SECONDS the next one asks anew.
    """
    most = current_app.config["LIVE_STREAMS"] if request.environ["wsgi.multithread"] else 0
    wait, place = _waiting(), _take_place(most)
    if place is None:
        return Response(status=HTTPStatus.NO_CONTENT, headers=HEADERS)

    @copy_current_request_context
    def tell(before: T | None) -> tuple[T, str]:
        found = look()
        return found, NOTHING_NEW if found == before else _message(show(found))

    response = Response(_messages(tell, wait), mimetype="text/event-stream", headers=HEADERS)
    response.call_on_close(lambda: _open.discard(place))
    return response


def _take_place(most: int) -> object | None:
    with _opening:
        if len(_open) >= most:
            return None
        place = object()
        _open.add(place)
        return place


def _messages(tell: Callable[[T | None], tuple[T, str]], wait: Callable[[], bool]) -> Iterator[str]:
    shown, text = tell(None)
    yield BEGINNING + text
    while wait():
        shown, text = tell(shown)
        yield text


def _waiting() -> Callable[[], bool]:
    """Waits until it is time to look again, and answers whether to: not when the process stops, the stream's time is
    over or the reader has left."""
    config, stopping = current_app.config, current_app.extensions["stopping"]
    pause, end = config["LIVE_LOOK"], time.monotonic() + config["LIVE_SECONDS"]
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(PATIENCE)

    def wait() -> bool:
        return not stopping() and time.monotonic() < end and _is_there(connection, pause)

    return wait


def _is_there(connection: socket.socket | None, seconds: float) -> bool:
    """Whether the reader is still there after so many seconds. One that leaves is noticed at once: its connection
    becomes readable, and so the place is free for its next page."""
    if connection is None:
        time.sleep(seconds)
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return not selector.select(seconds)


def _message(text: str) -> str:
    return "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
