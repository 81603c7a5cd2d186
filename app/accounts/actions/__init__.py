"""Verbs on accounts, a module a subject."""

from app.accounts.actions.limits import record_failure
from app.accounts.actions.profile import change_theme
from app.accounts.actions.refusals import LinkExpired, NameTaken, SignInRefused
from app.accounts.actions.registering import create_admin_link, create_user, register, set_up_admin
from app.accounts.actions.sessions import SEEN_EVERY, sign_out, sign_out_everywhere, start_session, touch_session
from app.accounts.actions.signing_in import sign_in

__all__ = [
    "SEEN_EVERY",
    "LinkExpired",
    "NameTaken",
    "SignInRefused",
    "change_theme",
    "create_admin_link",
    "create_user",
    "record_failure",
    "register",
    "set_up_admin",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "start_session",
    "touch_session",
]
