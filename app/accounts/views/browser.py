"""What the views know of the browser at the other end."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import access
from app.accounts.tokens import new_token

DEVICE_LIFE = timedelta(days=400)
"""The longest that browsers keep a cookie."""
_TOKEN = re.compile(r"[\w-]{43}")


def browser() -> dict[str, Any]:
    """Where it is, what it calls itself, and the token that it holds so far."""
    return {
        "address": request.remote_addr or "",
        "agent": request.user_agent.string,
        "replacing": access.session_token(),
    }


def device() -> str:
    """What the browser is recognised by after signing out, too: its own token, or a new one (`keep_device`)."""
    held = request.cookies.get(_device_cookie(), "")
    return held if _TOKEN.fullmatch(held) else new_token()


def keep_device(answer: ResponseReturnValue, token: str) -> Response:
    """The answer, with the cookie by which the browser is recognised for 400 days more."""
    response = make_response(answer)
    response.set_cookie(
        _device_cookie(),
        token,
        max_age=DEVICE_LIFE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def keep_secret(name: str, token: str, endpoint: str) -> ResponseReturnValue:
    """Takes the secret of a link out of the address, where a history or a referrer could keep it."""
    session[name] = token[:100]  # a cookie holds no more than a few of them
    response = redirect(url_for(endpoint), HTTPStatus.SEE_OTHER)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"
