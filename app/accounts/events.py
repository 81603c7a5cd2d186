"""What happens to accounts. Nothing personal stands in a fact: ids, roles, names of fields.

What a letter needs beyond that (an address, a token) stands in the row of `account_requests` that `request_id` names.
"""

from __future__ import annotations

from app.events import event


@event("user.registered", aggregate=("user", "user_id"))
class UserRegistered:
    """A person has an account now: by registering, or because staff made it."""

    user_id: int
    role: str


@event("user.registration_repeated", aggregate=("user", "user_id"))
class RegistrationRepeated:
    """Somebody tried to register with the address of this account; its owner is told, the page says nothing."""

    user_id: int
    request_id: int


@event("user.email_verification_requested", aggregate=("user", "user_id"))
class EmailVerificationRequested:
    """An address, the first or a new one, is to be confirmed by a letter."""

    user_id: int
    request_id: int


@event("user.email_verified", aggregate=("user", "user_id"))
class EmailVerified:
    """The person has shown that letters to the account's address arrive."""

    user_id: int


@event("user.email_changed", aggregate=("user", "user_id"))
class UserEmailChanged:
    """The account has another address. `request_id` names the row with both; None when there was none before."""

    user_id: int
    request_id: int | None


@event("user.password_reset_requested", aggregate=("user", "user_id"))
class PasswordResetRequested:
    """A letter with a link to choose a new password was asked for, by the person or by staff."""

    user_id: int
    request_id: int


@event("user.invited", aggregate=("user", "user_id"))
class UserInvited:
    """Staff have brought the person in; a letter with a link to choose the first password is to be sent."""

    user_id: int
    request_id: int


@event("user.password_changed", aggregate=("user", "user_id"))
class PasswordChanged:
    """The person has chosen another password; every other session has ended."""

    user_id: int


@event("user.initial_password_set", aggregate=("user", "user_id"))
class InitialPasswordSet:
    """The account has a first password to be printed and handed over; it has to be replaced at the first sign-in.

    `replaces`: the person had chosen a password, which is no good any more.
    """

    user_id: int
    replaces: bool = False


@event("user.profile_updated", aggregate=("user", "user_id"))
class UserProfileUpdated:
    """Other words or settings stand in the profile; `fields` names which."""

    user_id: int
    fields: list[str]


@event("user.role_changed", aggregate=("user", "user_id"), severity="warning")
class UserRoleChanged:
    """The person may do other things now; every session has ended."""

    user_id: int
    previous_role: str
    role: str


@event("user.suspended", aggregate=("user", "user_id"), severity="warning")
class UserSuspended:
    """The person cannot sign in any more; every session has ended, everything done stays."""

    user_id: int


@event("user.reactivated", aggregate=("user", "user_id"))
class UserReactivated:
    """The person may sign in again."""

    user_id: int


@event("user.anonymized", aggregate=("user", "user_id"), severity="warning")
class UserAnonymized:
    """Name and contacts of the person are gone for good; what was done stays, and counts, without a name."""

    user_id: int


@event("user.two_factor_enabled", aggregate=("user", "user_id"))
class TwoFactorEnabled:
    """Signing in takes a code of the person's authenticator app from now on."""

    user_id: int


@event("user.two_factor_disabled", aggregate=("user", "user_id"), severity="warning")
class TwoFactorDisabled:
    """The password alone signs in again: the person, or an admin for somebody who lost the phone, switched it off."""

    user_id: int


@event("user.recovery_codes_renewed", aggregate=("user", "user_id"))
class RecoveryCodesRenewed:
    """The person has ten new recovery codes; the old ones are void."""

    user_id: int


@event("user.recovery_code_used", aggregate=("user", "user_id"), severity="warning")
class RecoveryCodeUsed:
    """Somebody signed in with a recovery code in the place of the app's."""

    user_id: int
    remaining: int


@event("user.sign_in_limited", aggregate=("user", "user_id"), severity="warning")
class SignInLimited:
    """So many wrong passwords came for this account that signing in pauses; stated once a day at most."""

    user_id: int


@event("user.sessions_ended", aggregate=("user", "user_id"))
class SessionsEnded:
    """Sessions of the person were ended by hand, one or all."""

    user_id: int
    count: int


@event("session.started", aggregate=("user", "user_id"))
class SessionStarted:
    """Somebody signed in, from one browser. `new_device`: the person was not seen in that browser before."""

    user_id: int
    session_id: int
    new_device: bool = False
