"""Linimasa: everything that happened to one person, and everything the person did, with its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.words import role_name
from app.admin import words
from app.admin.queries import course_titles, people
from app.core.i18n import format_percent
from app.events.facts import EVENTS
from app.events.models import StoredEvent
from app.events.queries import PAGE, EventFilter, causes_of, stream

ECHOES = ("notification.created", "state.transitioned")
"""Facts that only stand beside another one, which says more."""


class Moment(NamedTuple):
    """One fact. `subject` is whom it is about when that is somebody else; `cause` the fact that led to it."""

    event: StoredEvent
    detail: str
    actor: User | None
    subject: User | None
    cause: StoredEvent | None

    @property
    def is_warning(self) -> bool:
        kind = EVENTS.get(self.event.name)
        return kind is not None and kind.severity == "warning"


@dataclass(frozen=True)
class Timeline:
    """The newest first; `older` is the seq to go on from, None on the last page."""

    moments: list[Moment]
    older: int | None


def timeline_of(user_id: int, before: int | None = None) -> Timeline:
    """A page of the person's timeline. Four statements at most."""
    found = stream(EventFilter(person=user_id, before=before))
    events = found[:PAGE]
    causes = causes_of(events)
    known = people(each for event in events for each in (event.actor_id, event.subject_id))
    courses = course_titles(event.aggregate_id for event in events if event.aggregate_type == "course")
    moments = [
        Moment(
            event,
            _detail(event, courses),
            known.get(event.actor_id or 0),
            known.get(event.subject_id or 0) if event.subject_id != user_id else None,
            causes.get(event.causation_id) if event.causation_id else None,
        )
        for event in events
        if event.name not in ECHOES
    ]
    return Timeline(moments, events[-1].seq if len(found) > PAGE else None)


def _detail(event: StoredEvent, courses: Mapping[str, str]) -> str:
    """What the fact is about, in words: a title, the roles, the fields. `courses`: titles by number."""
    payload = event.payload
    if event.name == "user.role_changed":
        return f"{role_name(payload['previous_role'])} → {role_name(payload['role'])}"
    if event.name == "user.profile_updated":
        return ", ".join(words.profile_field(each) for each in payload["fields"])
    if event.name == "progress.updated":
        return _("%(percent)s selesai", percent=format_percent(payload["course_progress"]))
    if event.aggregate_type == "course":
        return words.title(payload) or courses.get(event.aggregate_id, "")
    return words.title(payload)
