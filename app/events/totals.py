"""What became of deliveries whose rows say it no more, since they were pruned or tried again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.core.db import db
from app.core.once import insert_once
from app.events.models import ReceiverTotal


def add_to_totals(receiver: str, **counts: Any) -> None:
    """Adds to the named columns of `receiver_totals`, inside the open transaction."""
    insert_once(ReceiverTotal, receiver=receiver)
    db.session.execute(
        update(ReceiverTotal)
        .where(ReceiverTotal.receiver == receiver)
        .values({name: getattr(ReceiverTotal, name) + (count or 0) for name, count in counts.items()}),
        execution_options={"synchronize_session": False},
    )
