"""What people change about themselves."""

from __future__ import annotations

from app.accounts.events import UserProfileUpdated
from app.accounts.models import Theme, User
from app.core.db import action
from app.events import emit


@action
def update_profile(user: User, *, name: str, timezone: str, locale: str) -> None:
    """The person has this name, zone (IANA) and language. States UserProfileUpdated when that is a change."""
    wanted = {"name": name, "timezone": timezone, "locale": locale}
    fields = [field for field, value in wanted.items() if getattr(user, field) != value]
    for field in fields:
        setattr(user, field, wanted[field])
    if fields:
        emit(UserProfileUpdated(user_id=user.id, fields=fields), actor=user)


@action
def change_theme(user: User, theme: Theme) -> None:
    """The person's pages are light, dark, or as the device says. No fact: nothing follows from it."""
    user.theme = theme
