"""The import of a checked table, some rows at a time. Each row is judged again: the world may have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.actions.emails import tell_of_moves
from app.accounts.actions.refusals import NameTaken
from app.accounts.actions.registering import create_user
from app.accounts.actions.sessions import drop_sessions
from app.accounts.events import (
    InitialPasswordSet,
    UserInvited,
    UserProfileUpdated,
    UserRoleChanged,
)  # fmt: skip
from app.accounts.importing import Judgement, Wanted, judge_stored, people_of, read_row
from app.accounts.initial_passwords import new_key
from app.accounts.models import AccountRequest, ImportRow, Purpose, Role, User, Verdict
from app.core import mail
from app.core.clock import now
from app.core.db import action, db
from app.core.i18n import addressed_to
from app.events import emit
from app.events.models import Task
from app.events.tasks import STEP_ROWS


@action
def import_rows(task: Task) -> None:
    """Imports the next rows of the task's table and counts what became of them in `task.report`.

    States the facts of every account that is made or changed, as done by whoever asked for the import. Rows that were
    wrong, or that have become so, change nothing and say why.
    """
    rows = _next_rows(UUID(task.params["import_id"]))
    actor = db.session.get_one(User, task.requested_by)
    with addressed_to(actor), db.session.no_autoflush:
        sound = [row for row in rows if row.verdict != Verdict.ERROR]
        wanted = [read_row(row.cells)[0] for row in sound]
        people = people_of(wanted, to_change=True)
        judged = [(row, judge_stored(row, each, people)) for row, each in zip(sound, wanted, strict=True)]
        _change([each for _row, each in judged if each.verdict == Verdict.CHANGED], actor)
        _create([pair for pair in judged if pair[1].verdict == Verdict.NEW], actor, task.params["send_links"])
    for row, each in judged:
        row.problems = each.problems or each.notes
        row.outcome = each.verdict if row.outcome is None else row.outcome
        row.user_id = each.user.id if each.user else row.user_id
    for row in rows:
        row.outcome = row.outcome or Verdict.ERROR
    counts = Counter(task.report) + Counter(str(row.outcome) for row in rows)
    task.report = dict(counts)
    # A table that is gone leaves nothing to do.
    task.done = task.done + len(rows) if rows else task.total


def _next_rows(import_id: UUID) -> Sequence[ImportRow]:
    left = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.outcome.is_(None))
    return db.session.scalars(left.order_by(ImportRow.line).limit(STEP_ROWS)).all()


def _create(judged: Sequence[tuple[ImportRow, Judgement]], actor: User, send_links: bool) -> None:
    made: list[User] = []
    for row, each in judged:
        try:
            each.user = _created(each.wanted, actor)
        except NameTaken:  # by somebody who registered since the people were read
            each.problems = [_("Email atau nama pengguna ini baru saja dipakai akun lain.")]
            continue
        row.outcome = Verdict.NEW
        made.append(each.user)
    linked = [user for user in made if send_links and user.email and mail.is_configured()]
    for user in made:
        if user not in linked:
            user.initial_key = new_key()
            emit(InitialPasswordSet(user_id=user.id), actor=actor)
    if linked:
        _send_links(linked, actor)


def _created(wanted: Wanted, actor: User) -> User:
    return create_user(
        name=wanted.name,
        email=wanted.email,
        username=wanted.username,
        role=wanted.role or Role.LEARNER,
        timezone=wanted.timezone or "Asia/Jakarta",
        actor=actor,
    )


def _send_links(people: Sequence[User], actor: User) -> None:
    requests = [AccountRequest(user_id=user.id, purpose=Purpose.INVITE, email=str(user.email)) for user in people]
    db.session.add_all(requests)
    db.session.flush()
    for request in requests:
        emit(UserInvited(user_id=request.user_id, request_id=request.id), actor=actor)


def _change(judged: Sequence[Judgement], actor: User) -> None:
    other_role: list[int] = []
    moves: list[tuple[User, str | None]] = []
    for each in judged:
        user, changes = each.user, each.changes
        assert user is not None  # noqa: S101 - somebody new is not changed
        previous_role, previous_email = user.role, user.email if user.email_verified_at else None
        for field, value in changes.items():
            setattr(user, field, value)
        if fields := sorted({"name", "username", "timezone"} & changes.keys()):
            emit(UserProfileUpdated(user_id=user.id, fields=fields), actor=actor)
        if "email" in changes:
            user.email_verified_at = now()
            moves.append((user, previous_email))
        if "role" in changes:
            other_role.append(user.id)
            emit(UserRoleChanged(user_id=user.id, previous_role=previous_role, role=changes["role"]), actor=actor)
    if other_role:
        drop_sessions(*other_role)
    if moves:
        tell_of_moves(moves, actor=actor)
