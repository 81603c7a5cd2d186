"""Why an account action may be refused."""

from __future__ import annotations

from app.core.errors import Refused


class SignInRefused(Refused):
    """Nobody has this login and password; which of the two is wrong is not said."""


class NameTaken(Refused):
    """Somebody else signs in with this email or user name."""


class LinkExpired(Refused):
    """The one-time link is unknown, used, replaced by a newer one, or past its life."""


class CodeRefused(Refused):
    """The code of the second step is wrong, or was used before."""
