"""What the views know of the browser at the other end."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from app.accounts import access


def browser() -> dict[str, Any]:
    """Where it is, what it calls itself, and the token that it holds so far."""
    return {
        "address": request.remote_addr or "",
        "agent": request.user_agent.string,
        "replacing": access.session_token(),
    }


def registration_open() -> bool:
    """Whether people may make their own account."""
    return bool(current_app.config["REGISTRATION_OPEN"])
