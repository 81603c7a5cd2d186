"""Verbs on accounts, a module a subject."""

from app.accounts.actions.anonymizing import add_eraser, anonymize
from app.accounts.actions.codes import secret_of
from app.accounts.actions.emails import change_email, confirm_email, request_address, request_verification
from app.accounts.actions.import_steps import import_rows
from app.accounts.actions.importing import ImportStarted, NothingToImport, start_import, upload_people
from app.accounts.actions.passwords import (
    change_password,
    choose_first_password,
    forget_password,
    request_reset,
    reset_password,
)
from app.accounts.actions.people import (
    add_person,
    change_role,
    end_sessions,
    for_each,
    reactivate,
    send_password_link,
    set_initial_password,
    suspend,
    update_person,
)
from app.accounts.actions.profile import change_theme, update_profile
from app.accounts.actions.refusals import CodeRefused, LinkExpired, NameTaken, SignInRefused
from app.accounts.actions.registering import create_admin_link, create_user, register, set_up_admin
from app.accounts.actions.requests import arm_request, letters_are_read
from app.accounts.actions.sessions import (
    SEEN_EVERY,
    begin_session,
    drop_sessions,
    end_all_sessions,
    end_session,
    sign_out,
    start_session,
    touch_session,
)
from app.accounts.actions.signing_in import sign_in
from app.accounts.actions.two_factor import (
    begin_two_factor,
    confirm_two_factor,
    disable_two_factor,
    is_required_of,
    pass_second_step,
    renew_recovery_codes,
    turn_off_two_factor,
)

__all__ = [
    "SEEN_EVERY",
    "CodeRefused",
    "ImportStarted",
    "LinkExpired",
    "NameTaken",
    "NothingToImport",
    "SignInRefused",
    "add_eraser",
    "add_person",
    "anonymize",
    "arm_request",
    "begin_session",
    "begin_two_factor",
    "change_email",
    "change_password",
    "change_role",
    "change_theme",
    "choose_first_password",
    "confirm_email",
    "confirm_two_factor",
    "create_admin_link",
    "create_user",
    "disable_two_factor",
    "drop_sessions",
    "end_all_sessions",
    "end_session",
    "end_sessions",
    "for_each",
    "forget_password",
    "import_rows",
    "is_required_of",
    "letters_are_read",
    "pass_second_step",
    "reactivate",
    "register",
    "renew_recovery_codes",
    "request_address",
    "request_reset",
    "request_verification",
    "reset_password",
    "secret_of",
    "send_password_link",
    "set_initial_password",
    "set_up_admin",
    "sign_in",
    "sign_out",
    "start_import",
    "start_session",
    "suspend",
    "touch_session",
    "turn_off_two_factor",
    "update_person",
    "update_profile",
    "upload_people",
]
