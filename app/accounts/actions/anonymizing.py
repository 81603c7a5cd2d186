"""Taking a person's name and contacts out of the system, for good. What was done stays, and counts, without them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, or_, select, update

from app.accounts.actions.limits import account_of, digest
from app.accounts.actions.people import keep_an_admin
from app.accounts.events import UserAnonymized
from app.accounts.models import (
    AccountRequest,
    ImportRow,
    KnownDevice,
    LoginFailure,
    RecoveryCode,
    TwoFactor,
    User,
    UserSession,
    UserStatus,
)
from app.core.clock import now
from app.core.db import action, db
from app.events import emit
from app.events.models import StoredDelivery

Eraser = Callable[[User, str | None], None]
"""Takes a person out of a package's rows, in the transaction that anonymizes: the row still says who it was. The text
is the name that stands on papers from now on; None when the person keeps the own name there."""

ERASERS: list[Eraser] = []


def add_eraser(erase: Eraser) -> None:
    """A package above whose rows hold names or addresses of people says here how they leave."""
    if erase not in ERASERS:
        ERASERS.append(erase)


def anonymous_name(user: User) -> str:
    """`Pengguna anonim 12`: in Indonesian whoever asks, for it is kept."""
    return f"Pengguna anonim {user.id}"


@action
def anonymize(user: User, *, keeps_name_on_papers: bool = False, actor: User) -> None:
    """Name, contacts, password and everything that signs in are gone for good, and so is every copy of them.

    The account is suspended and stays so; its row and its history stay. Certificates stay valid, with the name only if
    the person kept it there. States UserAnonymized. Refused for oneself, the last active admin, and a second time.
    """
    keep_an_admin(user, actor)
    name = anonymous_name(user)
    for erase in (_erase_access, _erase_requests, _erase_import, _erase_errors):
        erase(user)
    for eraser in ERASERS:
        eraser(user, None if keeps_name_on_papers else name)
    user.name, user.email, user.username = name, None, _free_username(user)
    user.password_hash = user.initial_key = user.email_verified_at = None
    user.status, user.anonymized_at = UserStatus.SUSPENDED, now()
    emit(UserAnonymized(user_id=user.id), actor=actor)


def _erase_access(user: User) -> None:
    for table in (UserSession, KnownDevice, TwoFactor, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))
    known = [each for each in (user.email, user.username) if each]
    counted = [digest(f"register {each}") for each in known]
    for kind in ("sign-in", "reset"):
        counted += [account_of(kind, user, ""), *(account_of(kind, None, each) for each in known)]
    db.session.execute(delete(LoginFailure).where(LoginFailure.account.in_(counted)))


def _erase_requests(user: User) -> None:
    """Also those of others for this address: they asked for it, or had it before. Letters about them go with them."""
    naming = [AccountRequest.user_id == user.id]
    if user.email:
        naming += [func.lower(each) == user.email for each in (AccountRequest.email, AccountRequest.previous_email)]
    db.session.execute(delete(AccountRequest).where(or_(*naming)), execution_options={"synchronize_session": False})


def _erase_import(user: User) -> None:
    """Empties the rows of imported tables that were this person's, also those that were never imported."""
    email, username = (func.lower(ImportRow.cells[key].as_string()) for key in ("email", "username"))
    own = [ImportRow.user_id == user.id]
    own += [email == user.email] if user.email else []
    own += [username == user.username] if user.username else []
    emptied = update(ImportRow).where(or_(*own)).values(cells={}, problems=[])
    db.session.execute(emptied, execution_options={"synchronize_session": False})


def _erase_errors(user: User) -> None:
    """A mail server's complaint may name the address that it refused."""
    if user.email:
        struck = func.replace(StoredDelivery.last_error, user.email, "•••")
        naming = StoredDelivery.last_error.contains(user.email, autoescape=True)
        db.session.execute(
            update(StoredDelivery).where(naming).values(last_error=struck),
            execution_options={"synchronize_session": False},
        )


def _free_username(user: User) -> str:
    """What stands in the place of the user name; nobody signs in with it, for there is no password."""
    wanted = f"anonim-{user.id}"
    taken = db.session.scalar(select(User.id).where(User.username == wanted, User.id != user.id))
    return f"{wanted}-{now():%Y%m%d%H%M%S}" if taken else wanted
