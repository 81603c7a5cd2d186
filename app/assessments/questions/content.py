"""A question as its author writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.assessments.models import QuestionVersion


@dataclass(frozen=True)
class Choice:
    """A choice, an accepted text, or the two sides of a pair."""

    text: str
    is_key: bool = False
    partner: str | None = None


@dataclass(frozen=True)
class Content:
    """What an author says of a question; what `data` and `options` mean is up to its type."""

    text: str
    points: Decimal = Decimal(1)
    feedback: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    options: tuple[Choice, ...] = ()


def content_of(version: QuestionVersion) -> Content:
    """What the author has said, as it is stored."""
    options = tuple(Choice(each.text, each.is_key, each.partner) for each in version.options)
    return Content(version.text, version.points, version.feedback, version.data, options)
