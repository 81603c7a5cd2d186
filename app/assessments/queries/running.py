"""What the page of a running attempt shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.assessments.models import Answer, Attempt
from app.core.clock import now
from app.core.db import db


@dataclass(frozen=True)
class Place:
    """A question in the navigator."""

    number: int
    is_answered: bool
    is_flagged: bool


@dataclass(frozen=True)
class Running:
    """The places of an attempt, and how much time is left."""

    places: tuple[Place, ...]
    deadline_at: datetime | None

    @property
    def seconds_left(self) -> int | None:
        """None where time does not run."""
        return None if self.deadline_at is None else max(0, int((self.deadline_at - now()).total_seconds()))

    @property
    def unanswered(self) -> Sequence[int]:
        return [each.number for each in self.places if not each.is_answered]

    @property
    def flagged(self) -> Sequence[int]:
        return [each.number for each in self.places if each.is_flagged]


def running(attempt: Attempt) -> Running:
    """The attempt's navigator, by one statement that reads no text."""
    rows = db.session.execute(
        select(Answer.position, Answer.response.is_not(None), Answer.media_id.is_not(None), Answer.is_flagged)
        .where(Answer.attempt_id == attempt.id)
        .order_by(Answer.position)
    )
    places = tuple(Place(number, bool(typed or filed), flagged) for number, typed, filed, flagged in rows)
    return Running(places, attempt.deadline_at)
