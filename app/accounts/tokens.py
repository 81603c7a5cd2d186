"""Secrets that we hand out once and keep only as a hash: of sessions, of one-time links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import current_app

from app.accounts.models import AccountRequest


def new_token() -> str:
    """256 random bits, fit for a cookie and for an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps. A plain hash is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def request_token(request: AccountRequest) -> str:
    """The token of what somebody asked for. It follows from the row, so that a letter sent again has the same link."""
    said = f"{request.purpose} {request.id} {request.created_at.isoformat()}"
    digest = hmac.digest(current_app.config["SECRET_KEY"].encode(), said.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
