"""A stored file as an answer: whole or in a range, from whatever store it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO

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


def send(name: str, *, mime: str, download_name: str, etag: str, as_attachment: bool = False) -> Response:
    """The file of that name in the storage, as a whole or in ranges; `etag` changes with its content.

    The browser may keep it, but asks every time whether it still may show it.
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
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.cache_control.private = True
    return response
