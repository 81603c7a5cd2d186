"""What admins do with accounts. What takes power or access away is not done to oneself; an anonymous one is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import queries
from app.accounts.actions.emails import tell_of_moves
from app.accounts.actions.passwords import request_reset
from app.accounts.actions.refusals import NameTaken
from app.accounts.actions.registering import create_user
from app.accounts.actions.requests import letters_are_read, void_requests
from app.accounts.actions.sessions import drop_sessions
from app.accounts.events import (
    InitialPasswordSet,
    SessionsEnded,
    UserProfileUpdated,
    UserReactivated,
    UserRoleChanged,
    UserSuspended,
)
from app.accounts.initial_passwords import new_key
from app.accounts.models import Purpose, Role, User, UserStatus
from app.core.clock import now
from app.core.db import action, db, id_of, lock
from app.core.errors import Refused
from app.events import emit

PROFILE = ("name", "username", "timezone", "locale")


class LeftOut(NamedTuple):
    user: User
    reason: str


class Outcome(NamedTuple):
    """What became of an act on many people: how many it was done to, and whom it was refused for."""

    done: int
    left_out: list[LeftOut]


@action
def for_each(people: Sequence[User], act: Callable[[User], object]) -> Outcome:
    """Acts on everybody for whom it is not refused, in one transaction. `act` refuses before it changes anything."""
    left_out = []
    for user in people:
        try:
            act(user)
        except Refused as refusal:
            left_out.append(LeftOut(user, refusal.sentence))
    return Outcome(len(people) - len(left_out), left_out)


@action
def add_person(
    *,
    name: str,
    email: str | None,
    username: str | None,
    role: Role,
    timezone: str,
    locale: str,
    actor: User,
) -> User:
    """A new account that staff vouch for. States UserRegistered. Raises NameTaken at the field that somebody else has.

    The person chooses a password by the link in a letter; who has no email, or where no mail goes out, has a first
    password to be printed (`initial_key`).
    """
    _refuse_taken(email, username)
    user = create_user(name=name, email=email, username=username, role=role, timezone=timezone, actor=actor)
    user.locale = locale
    user.email_verified_at = now() if email else None
    db.session.flush()  # a lock reads the row again
    if email and letters_are_read():
        send_password_link(user, actor=actor)
    else:
        set_initial_password(user, actor=actor)
    return user


@action
def update_person(user: User, *, actor: User, **profile: Any) -> None:
    """Sets name, email, username, timezone and locale; what is empty becomes None.

    States UserProfileUpdated with the fields that are new, UserEmailChanged for another address: staff vouch for it,
    the one before is told, and links sent to it are void. Raises NameTaken; refused without email and user name, and
    for another address of one's own, which takes the password.
    """
    _open(user)
    email, username = profile["email"] or None, profile["username"] or None
    if not email and not username:
        raise Refused(_("Isi email atau nama pengguna: salah satunya dipakai untuk masuk."), "username")
    wanted = {**{field: profile[field] for field in PROFILE}, "username": username}
    _refuse_taken(email, username, besides=user)
    changed = [field for field in PROFILE if getattr(user, field) != wanted[field]]
    moved, previous = user.email != email, user.email if user.email_verified_at else None
    if moved and user.id == id_of(actor):
        raise Refused(_("Ini akun Anda sendiri. Ganti email lewat halaman Akun, dengan kata sandi Anda."), "email")
    try:
        with db.session.begin_nested():
            for field in changed:
                setattr(user, field, wanted[field])
            if moved:
                user.email, user.email_verified_at = email, now() if email else None
    except IntegrityError as error:  # somebody took it a moment ago
        raise NameTaken(_("Email atau nama pengguna ini baru saja dipakai akun lain."), "email") from error
    if changed:
        emit(UserProfileUpdated(user_id=user.id, fields=sorted(changed)), actor=actor)
    if moved:
        tell_of_moves([(user, previous)], actor=actor)


@action
def change_role(user: User, role: Role, *, actor: User) -> None:
    """The person may do other things from the next sign-in on; every session ends. States UserRoleChanged.

    Refused for the own role, for the one that the person has, and for the last active admin.
    """
    keep_an_admin(user, actor)
    if user.role == role:
        raise Refused(_("Orang ini sudah mempunyai peran itu."), "role")
    previous, user.role = user.role, role
    _sign_out(user)
    emit(UserRoleChanged(user_id=user.id, previous_role=previous, role=role), actor=actor)


@action
def suspend(user: User, *, actor: User) -> None:
    """The person cannot sign in any more, and every session ends; what was done stays. States UserSuspended.

    Refused for oneself, for the last active admin, and for who is suspended already.
    """
    keep_an_admin(user, actor)
    if user.status == UserStatus.SUSPENDED:
        raise Refused(_("Akun ini sudah nonaktif."))
    user.status = UserStatus.SUSPENDED
    _sign_out(user)
    emit(UserSuspended(user_id=user.id), actor=actor)


@action
def reactivate(user: User, *, actor: User) -> None:
    """The person may sign in again. States UserReactivated. Refused for who is active."""
    _open(user)
    if user.status == UserStatus.ACTIVE:
        raise Refused(_("Akun ini sudah aktif."))
    user.status = UserStatus.ACTIVE
    emit(UserReactivated(user_id=user.id), actor=actor)


@action
def end_sessions(user: User, *, actor: User) -> int:
    """Every browser of the person has to sign in again; answers how many. States SessionsEnded, refused for none.

    Refused for oneself: the page Akun does that.
    """
    _refuse_oneself(user, actor)
    if not queries.sessions_of(user.id):
        raise Refused(_("Orang ini tidak sedang masuk di perangkat mana pun."))
    count = drop_sessions(user.id)
    emit(SessionsEnded(user_id=user.id, count=count), actor=actor)
    return count


@action
def send_password_link(user: User, *, actor: User) -> None:
    """The person gets a letter with a link to choose a password; until then the old one holds.

    States PasswordResetRequested. Refused for a suspended person, without an address, and where no mail goes out.
    """
    _open(user)
    if user.status != UserStatus.ACTIVE:
        raise Refused(_("Akun ini sedang nonaktif."))
    if not user.email:
        raise Refused(_("Orang ini tidak punya email. Buat kata sandi awal untuknya."))
    if not letters_are_read():
        raise Refused(_("Server email belum diatur, sehingga surat tidak terkirim. Buat kata sandi awal."))
    request_reset(user, actor=actor)


@action
def set_initial_password(user: User, *, actor: User) -> None:
    """The person has a new first password, to be printed and replaced at the next sign-in; the old one is gone.

    Every session ends, links to choose a password are void. States InitialPasswordSet. Refused for oneself.
    """
    _open(user)
    _refuse_oneself(user, actor)
    replaces = user.password_hash is not None
    user.initial_key, user.password_hash = new_key(), None
    _sign_out(user)
    void_requests(user, *Purpose)
    emit(InitialPasswordSet(user_id=user.id, replaces=replaces), actor=actor)


def keep_an_admin(user: User, actor: User) -> None:
    """Locks the person, before a role or a status changes, so that at least one active admin remains.

    Of two admins who act on each other at once the first wins: the admins' rows are locked in one order, and whoever
    is not an active admin any more is refused. Refused for oneself and for an anonymous account.
    """
    _refuse_oneself(user, actor)
    if user.is_admin:
        active = select(User.id).where(User.role == Role.LMS_ADMIN, User.status == UserStatus.ACTIVE)
        remaining = set(db.session.scalars(active.order_by(User.id).with_for_update())) - {user.id}
        if not remaining:
            raise Refused(_("Ini satu-satunya admin yang aktif. Angkat admin lain lebih dulu."))
        if id_of(actor) not in remaining:
            raise Refused(_("Anda bukan admin aktif lagi. Masuk lagi, lalu coba sekali lagi."))
    _open(user)


def _open(user: User) -> None:
    lock(user)
    if user.anonymized_at is not None:
        raise Refused(_("Akun ini sudah dianonimkan dan tidak dapat diubah lagi."))


def _refuse_oneself(user: User, actor: User) -> None:
    if user.id == id_of(actor):
        raise Refused(_("Ini akun Anda sendiri. Minta admin lain melakukannya."))


def _refuse_taken(email: str | None, username: str | None, *, besides: User | None = None) -> None:
    """Raises NameTaken at the field whose value somebody else has."""
    others = User.id != (besides.id if besides else 0)
    if email and db.session.scalar(select(User.id).where(User.email == email.lower(), others)):
        raise NameTaken(_("Email ini sudah dipakai akun lain."), "email")
    if username and db.session.scalar(select(User.id).where(User.username == username.lower(), others)):
        raise NameTaken(_("Nama pengguna ini sudah dipakai akun lain."), "username")


def _sign_out(user: User) -> None:
    drop_sessions(user.id)
