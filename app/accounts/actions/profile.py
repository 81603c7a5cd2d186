"""What people change about themselves."""

from __future__ import annotations

from app.accounts.models import Theme, User
from app.core.db import action


@action
def change_theme(user: User, theme: Theme) -> None:
    """The person's pages are light, dark, or as the device says. No fact: nothing follows from it."""
    user.theme = theme
