"""The second step's arithmetic: secrets as they are kept, codes of an authenticator app, recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app.accounts.initial_passwords import LETTERS
from app.accounts.models import User
from app.core.clock import now

STEP = 30
"""Seconds in which a code is the app's current one (RFC 6238)."""
DRIFT = 1
"""Steps that the phone's clock may be ahead or behind."""
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
"""Ten codes of 49 bits."""


class SecretUnreadable(Exception):
    """The secret was encrypted with another TOTP_KEY."""


def new_secret() -> str:
    """160 random bits in the letters that an authenticator app takes."""
    return pyotp.random_base32()


def encrypted(secret: str) -> str:
    """What the database keeps of a secret."""
    return _fernet().encrypt(secret.encode()).decode()


def decrypted(kept: str) -> str:
    """The secret again. Raises SecretUnreadable when TOTP_KEY is another one now."""
    try:
        return _fernet().decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def step_of(secret: str, code: str) -> int | None:
    """The 30-second step whose code this is: the present one, the one before or the one after; else None."""
    app, present = pyotp.TOTP(secret, interval=STEP), int(now().timestamp()) // STEP
    steps = range(present - DRIFT, present + DRIFT + 1)
    fitting = [step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())]
    return max(fitting, default=None)


def address_of(secret: str, user: User, issuer: str) -> str:
    """The `otpauth://` address by which an app learns the secret."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=user.email or user.username, issuer_name=issuer)


def picture_of(address: str) -> str:
    """That address as a QR code: a PNG of four pixels a module, as a `data:` address."""
    return segno.make(address, error="m", micro=False).png_data_uri(scale=4, border=3)


def new_recovery_codes() -> list[str]:
    """Ten codes like `k7mpx-3dq9w`."""
    drawn = ("".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return [f"{each[:5]}-{each[5:]}" for each in drawn]


def recovery_hash(user_id: int, code: str) -> str:
    """What the database keeps of a recovery code. Keyed: a copy of the database is not enough to find it by trying."""
    said = f"recovery code {user_id} {plain(code)}"
    return hmac.digest(_key(), said.encode(), hashlib.sha256).hex()


def plain(code: str) -> str:
    """A code as it was typed, without what only parts it."""
    return code.replace("-", "").replace(" ", "").lower()


def is_app_code(code: str) -> bool:
    """Whether it looks like the code of an app; else it can only be a recovery code. Expects a `plain` one."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(_key(), b"two-factor secret", hashlib.sha256)))


def _key() -> bytes:
    key: str = current_app.config["TOTP_KEY"]
    return key.encode()
