"""Refusals, and what a browser sees of every error.

A rule that says no raises `Refused` with a sentence for the user. Under a form `core.forms.save` puts it at its field;
behind a bare button the handler here turns it into a flash and a redirect. Unknown and foreign objects are
werkzeug's `NotFound`, forbidden acts its `Forbidden`.
"""

from __future__ import annotations

import errno
import sqlite3
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.core.db import db
from app.core.security import SAFE_METHODS, came_from

POSTGRES_FULL = "53100"
"""disk_full, in the appendix of its manual on error codes."""

SENTENCES = {
    HTTPStatus.BAD_REQUEST: _l("Permintaan tidak dapat dibaca. Muat ulang halaman, lalu coba lagi."),
    HTTPStatus.UNAUTHORIZED: _l("Anda belum masuk. Masuk dahulu, lalu coba lagi."),
    HTTPStatus.FORBIDDEN: _l("Akun Anda tidak memiliki izin untuk tindakan ini."),
    HTTPStatus.NOT_FOUND: _l("Yang Anda minta tidak ditemukan."),
    HTTPStatus.METHOD_NOT_ALLOWED: _l("Alamat ini hanya bekerja lewat tombol atau formulir di suatu halaman."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _l("Berkas yang Anda kirim melebihi batas ukuran."),
    HTTPStatus.TOO_MANY_REQUESTS: _l("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
}
"""What an error is in JSON: the scripts that upload show it as it comes."""
BROKEN = "Terjadi kesalahan pada sistem. Tunggu sebentar, lalu coba lagi."
"""Like its page in Indonesian only: choosing a language may itself need the database."""


class Refused(Exception):
    """A rule said no. `sentence` is fit for the user; `field` names the form field that is meant, if one is."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Conflict(Refused):
    """Refused because somebody was faster; a second try may do."""

    status = HTTPStatus.CONFLICT


class TooMany(Refused):
    """Refused only for now: there were too many tries."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class StorageFull(Refused):
    """No space is left; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(_("Ruang simpan server penuh. Hubungi admin lembaga Anda."))


def is_full(error: BaseException | None) -> bool:
    """Whether no space was left, for a file or for the database."""
    cause = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver has raised
    if isinstance(cause, OSError):
        return cause.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode == sqlite3.SQLITE_FULL
    return isinstance(cause, StorageFull) or getattr(cause, "sqlstate", None) == POSTGRES_FULL


def init_app(app: Flask) -> None:
    """Answers every refusal and every error in the look, or the format, of the request."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _server_error)
    app.log_exception = _log_on_one_line  # type: ignore[method-assign, assignment]


def wants_json() -> bool:
    """Whether this request would rather be answered in JSON than in HTML."""
    accepted = request.accept_mimetypes
    return request.is_json or accepted["application/json"] > accepted["text/html"]


def _refused(refusal: Refused) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=refusal.sentence, field=refusal.field), refusal.status
    flash(refusal.sentence, "danger")
    if request.method in SAFE_METHODS:
        return _page(refusal.status)
    return redirect(came_from(), HTTPStatus.SEE_OTHER)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code
    if error.response is not None or code is None or code < HTTPStatus.BAD_REQUEST:
        return error  # a redirect of the router, or an answer that somebody has prepared
    if isinstance(error, SecurityError):
        # An unknown Host: no address can be built for it, so there is no page either.
        return Response("400 Bad Request\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    response = jsonify(error=_sentence(code)) if wants_json() else _page(code)
    response.status_code = code
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value  # Allow, Retry-After
    return response


def _log_on_one_line(exc_info: Any) -> None:
    # Flask writes the path as it came: a line break or an escape sequence in it would forge lines of the log.
    current_app.logger.error("Exception on %r [%s]", request.path, request.method, exc_info=exc_info)


def _server_error(error: InternalServerError) -> ResponseReturnValue:
    db.session.rollback()
    try:
        return _full() if is_full(error.original_exception) else _http_error(error)
    except SQLAlchemyError:  # the page's frame needs the database, and that is what broke
        return Response("500 Internal Server Error\n", HTTPStatus.INTERNAL_SERVER_ERROR, mimetype="text/plain")


def _full() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=StorageFull().sentence), HTTPStatus.SERVICE_UNAVAILABLE
    return render_template("errors/full.html"), HTTPStatus.SERVICE_UNAVAILABLE


def _page(code: int) -> Response:
    """The page of an error: `errors/<code>.html`, or the nearest that there is."""
    nearest = "errors/400.html" if code < HTTPStatus.INTERNAL_SERVER_ERROR else "errors/500.html"
    return make_response(render_template([f"errors/{code}.html", nearest], code=int(code)), code)


def _sentence(code: int) -> str:
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return BROKEN
    return str(SENTENCES.get(HTTPStatus(code), SENTENCES[HTTPStatus.BAD_REQUEST]))
