"""Facts: documented frozen dataclasses of ids and primitive values, and their stored form."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast, dataclass_transform
from uuid import UUID

from blinker import Signal

T = TypeVar("T", bound=type)

PRIMITIVES = {int, str, float, bool, datetime, type(None), dict, list, Any}


@dataclass(frozen=True)
class EventType:
    """What is known of a kind of fact: its fixed name, the thing it is about, and the signal under it."""

    cls: type
    name: str
    aggregate_type: str | None
    aggregate_field: str
    version: int
    severity: str
    audited: bool
    moments: frozenset[str]
    signal: Signal = field(compare=False)

    def decode(self, payload: dict[str, Any]) -> Any:
        """The fact again, from its stored payload."""
        return self.cls(
            **{
                key: datetime.fromisoformat(value) if key in self.moments and value is not None else value
                for key, value in payload.items()
            }
        )


EVENTS: dict[str, EventType] = {}
_by_class: dict[type, EventType] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(
    name: str,
    *,
    aggregate: tuple[str | None, str],
    version: int = 1,
    severity: str = "info",
    audited: bool = True,
) -> Callable[[T], T]:
    """Makes the class a fact: a frozen, keyword-only dataclass, known as `name` (`{entity}.{past participle}`).

    `aggregate` is (type, field holding its id); type None: the fact's own field `aggregate_type` tells. A field
    `user_id` names the person whom the fact is about: it stands in that person's timeline. Raises TypeError for a
    name that is taken or malformed, a missing docstring, or an annotation that JSON cannot carry.
    """

    def declare(cls: T) -> T:
        fact: Any = dataclass(frozen=True, kw_only=True)(cls)
        hints = typing.get_type_hints(fact)
        _check(name, fact, hints, aggregate[1])
        kind = EventType(
            cls=fact,
            name=name,
            aggregate_type=aggregate[0],
            aggregate_field=aggregate[1],
            version=version,
            severity=severity,
            audited=audited,
            moments=frozenset(key for key, hint in hints.items() if datetime in _atoms(hint)),
            signal=Signal(f"{name}: {cls.__doc__}"),
        )
        EVENTS[name] = _by_class[fact] = kind
        fact.signal = kind.signal
        return cast(T, fact)

    return declare


def _check(name: str, fact: Any, hints: dict[str, Any], aggregate_field: str) -> None:
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name) or name in EVENTS:
        raise TypeError(f"event name {name!r} is malformed or taken")
    if not fact.__doc__ or fact.__doc__.startswith(f"{fact.__name__}("):
        raise TypeError(f"{fact.__name__} needs a docstring: when is it stated?")
    if aggregate_field not in hints:
        raise TypeError(f"{fact.__name__} has no field {aggregate_field!r}")
    for key, hint in hints.items():
        if not _atoms(hint) <= PRIMITIVES:
            raise TypeError(f"{fact.__name__}.{key}: {hint} is not primitive")


def event_type(cls: type) -> EventType:
    """The declaration of a fact's class. Raises TypeError for anything else."""
    try:
        return _by_class[cls]
    except KeyError:
        raise TypeError(f"{cls!r} is not an @event") from None


def _atoms(hint: Any) -> set[Any]:
    """The plain types of an annotation: `dict[str, int | None]` has dict, str, int and NoneType."""
    origin = typing.get_origin(hint)
    if origin is None:
        return {hint}
    own = set() if origin in {typing.Union, types.UnionType} else {origin}
    return own.union(*(_atoms(part) for part in typing.get_args(hint)))


class RecordedEvent(NamedTuple):
    """A fact with everything that is known of its stating. `payload` is JSON-ready."""

    event_id: UUID
    event_name: str
    version: int
    aggregate_type: str
    aggregate_id: str
    actor_id: int | None
    actor_type: str
    occurred_at: datetime
    correlation_id: UUID
    causation_id: UUID | None
    payload: dict[str, Any]

    @property
    def fact(self) -> Any:
        """The typed fact. Raises KeyError when its class is gone from the code."""
        return EVENTS[self.event_name].decode(self.payload)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for logs and exports; times as ISO 8601, ids as text, the payload as `metadata`."""
        return {
            "event_id": str(self.event_id),
            "event_name": self.event_name,
            "version": self.version,
            "aggregate_type": self.aggregate_type,
            "aggregate_id": self.aggregate_id,
            "actor_id": self.actor_id,
            "actor_type": self.actor_type,
            "occurred_at": self.occurred_at.isoformat(),
            "correlation_id": str(self.correlation_id),
            "causation_id": str(self.causation_id) if self.causation_id else None,
            "metadata": self.payload,
        }


def payload_of(fact: Any, kind: EventType) -> dict[str, Any]:
    """The fact's fields as JSON values."""
    values = dict(vars(fact))
    for key in kind.moments:
        moment = values[key]
        values[key] = moment.isoformat() if moment is not None else None
    return values


def fields_of(kind: EventType) -> list[str]:
    """The names of a fact's fields, for the documentation."""
    return [each.name for each in dataclasses.fields(kind.cls)]
