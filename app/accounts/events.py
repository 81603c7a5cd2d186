"""What happens to accounts. Nothing personal stands in a fact: ids, roles, names of fields."""

from __future__ import annotations

from app.events import event


@event("user.registered", aggregate=("user", "user_id"))
class UserRegistered:
    """A person has an account now: by registering, or because staff made it."""

    user_id: int
    role: str


@event("session.started", aggregate=("user", "user_id"))
class SessionStarted:
    """Somebody signed in, with the right password, from one browser."""

    user_id: int
    session_id: int
