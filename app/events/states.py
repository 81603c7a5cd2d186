"""Declared states: a change is one conditional UPDATE and one fact."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app.core.db import HasId, db
from app.core.errors import Refused
from app.events.facts import event
from app.events.outbox import emit


@event("state.transitioned", aggregate=(None, "aggregate_id"))
class StateTransitioned:
    """The state of a thing changed; stands beside the fact that says what happened."""

    aggregate_type: str
    aggregate_id: int
    from_state: str
    to_state: str


class TransitionRefused(Refused):
    """The thing is in a state from which the wanted one cannot be reached, or somebody was first."""


def transition(
    row: Any,
    to: str,
    allowed: Mapping[str, Set[str]],
    *,
    actor: HasId | None = None,
    **also: Any,
) -> None:
    """Brings `row.status` to `to`, with the columns in `also`, and states `StateTransitioned`.

    `allowed` names the targets of every state. Raises TransitionRefused when the present state does not lead there,
    also when it changed a moment ago.
    """
    model, before = type(row), row.status
    if to not in allowed.get(before, frozenset()):
        raise TransitionRefused(_("Perubahan ini tidak mungkin dari keadaan sekarang. Muat ulang halaman ini."))
    moved = db.session.execute(
        update(model).where(model.id == row.id, model.status == before).values(status=to, **also),
        execution_options={"synchronize_session": False},
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise TransitionRefused(_("Keadaannya baru saja berubah. Muat ulang halaman ini, lalu coba lagi."))
    db.session.refresh(row)
    thing = model.__tablename__.removesuffix("s")
    emit(
        StateTransitioned(aggregate_type=thing, aggregate_id=row.id, from_state=before, to_state=str(to)),
        actor=actor,
    )
