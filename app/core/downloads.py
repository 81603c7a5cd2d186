"""A stored file as an answer: whole or in a range, from whatever store it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import Flask, Response, abort, current_app, request, send_file

from app.core import storage


class _Pieces:
    """The file from wherever a range begins: nothing is read and thrown away to get there."""

    def __init__(self, name: str) -> None:
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self._name = name
        self._start = 0
        self._source: Iterator[bytes] | None = None

    def seekable(self) -> bool:
        return True

    def seek(self, start: int) -> None:
        self._start = start

    def tell(self) -> int:
        return self._start

    def __iter__(self) -> _Pieces:
        return self

    def __next__(self) -> bytes:
        if self._source is not None:
            return next(self._source)
        with self._app.app_context():  # a server asks for the body when the request is over
            self._source = storage.pieces(self._name, self._start)
            return next(self._source)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()  # type: ignore[attr-defined]


LONGEST_PART = 4_000_000
"""Bytes; whoever asks for a range may be given a part of it (RFC 9110, 15.3.7)."""


def send(
    name: str, *, mime: str, download_name: str, etag: str, as_attachment: bool = False, in_parts: bool = False
) -> Response:
    """The file of that name in the storage, as a whole or in ranges; `etag` changes with its content.

    The browser may keep it, but asks every time whether it still may show it.
    With `in_parts` whoever asks for a range, as players do, gets at most LONGEST_PART bytes of it, and asks again.
    Raises NotFound, StorageAway.
    """
    try:
        size = storage.size(name)
    except FileNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    # Werkzeug writes the headers; the body is ours, for gunicorn's file wrapper cannot seek.
    response = send_file(
        BytesIO(), mime, as_attachment=as_attachment, download_name=download_name, conditional=False, etag=False,
        max_age=0,
    )  # fmt: skip
    response.response = _Pieces(name)  # type: ignore[assignment]
    response.content_length = size
    response.set_etag(etag)
    response.make_conditional(_bounded() if in_parts else request.environ, accept_ranges=True, complete_length=size)
    response.cache_control.private = True
    return response


def _bounded() -> dict[str, Any]:
    """The request, with a long range cut short: a player reads only as fast as it plays, and would hold a thread."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or asked.ranges[0][0] < 0:
        return request.environ
    start, stop = asked.ranges[0]
    longest = start + LONGEST_PART
    stop = longest if stop is None else min(stop, longest)
    return {**request.environ, "HTTP_RANGE": f"bytes={start}-{stop - 1}"}
