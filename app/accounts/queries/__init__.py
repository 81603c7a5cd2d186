"""Reads of people, a module a subject; those of the list of people and of imports are asked for by their module."""

from app.accounts.queries.requests import (
    INVITATION_LIFE,
    REQUEST_LIFE,
    count_requests,
    is_open,
    open_conditions,
    open_request,
    waiting_request,
    was_registered_again,
)
from app.accounts.queries.sessions import (
    HALF_LIFE,
    SESSION_LIFE,
    Entry,
    Visit,
    entry_of,
    living_sessions,
    sessions_of,
    visit_of,
)
from app.accounts.queries.signing_in import (
    FAILURE_WINDOW,
    LINK_LIFE,
    Failures,
    failures_of,
    is_open_link,
    user_by_login,
)
from app.accounts.queries.two_factor import (
    SETUP_LIFE,
    confirmed_two_factor,
    pending_two_factor,
    two_factor_of,
    unused_recovery_codes,
)

__all__ = [
    "FAILURE_WINDOW",
    "HALF_LIFE",
    "INVITATION_LIFE",
    "LINK_LIFE",
    "REQUEST_LIFE",
    "SESSION_LIFE",
    "SETUP_LIFE",
    "Entry",
    "Failures",
    "Visit",
    "confirmed_two_factor",
    "count_requests",
    "entry_of",
    "failures_of",
    "is_open",
    "is_open_link",
    "living_sessions",
    "open_conditions",
    "open_request",
    "pending_two_factor",
    "sessions_of",
    "two_factor_of",
    "unused_recovery_codes",
    "user_by_login",
    "visit_of",
    "waiting_request",
    "was_registered_again",
]
