"""The people whom rows may mean, found for many rows at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select

from app.accounts.importing.rows import Wanted
from app.accounts.models import User
from app.core.db import db

AT_ONCE = 500
"""Values in one statement."""


class People(NamedTuple):
    """The people who have one of the emails, and one of the user names, that were asked for."""

    by_email: dict[str, User]
    by_username: dict[str, User]

    def meant_by(self, wanted: Wanted) -> tuple[User | None, User | None]:
        """Whoever has the row's email, and whoever has its user name."""
        return self.by_email.get(wanted.email or ""), self.by_username.get(wanted.username or "")


def people_of(rows: Collection[Wanted], *, to_change: bool = False) -> People:
    """The people whom any of the rows may mean: two statements, or two for every AT_ONCE rows.

    With `to_change` they stay as they are until the transaction ends: nobody becomes an admin meanwhile.
    """
    people = People({}, {})
    wanted = select(User).order_by(User.id)
    if to_change:
        wanted = wanted.with_for_update()
    for each in _in_chunks({row.email for row in rows if row.email}):
        found = db.session.scalars(wanted.where(User.email.in_(each)))
        people.by_email.update({str(user.email): user for user in found})
    for each in _in_chunks({row.username for row in rows if row.username}):
        found = db.session.scalars(wanted.where(User.username.in_(each)))
        people.by_username.update({str(user.username): user for user in found})
    return people


def _in_chunks(values: Iterable[str]) -> Iterable[list[str]]:
    remaining = iter(sorted(values))
    while chunk := list(islice(remaining, AT_ONCE)):
        yield chunk
