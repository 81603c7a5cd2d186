"""What videos and recordings share: a stored file that plays in the page, from where it was left."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from app.core.i18n import format_percent
from app.core.markdown import render
from app.courses.lessons.kind import Look
from app.courses.models import Lesson

NEAR_THE_END = 5
"""Seconds before the end at which nobody wants to go on."""


@dataclass(frozen=True)
class Player:
    """`seconds` is None where the file does not tell its length; `position` is where it was left, else 0."""

    public_id: str
    name: str
    type: str
    mime: str
    size: int
    seconds: int | None
    position: int
    note: Markup


def has_content(lesson: Lesson) -> bool:
    return lesson.media_id is not None


def shown(lesson: Lesson, look: Look) -> Player | None:
    """The file and where to go on; None while a draft has none."""
    media = lesson.media
    if media is None:
        return None
    resumes = media.seconds is not None and look.position < media.seconds - NEAR_THE_END
    return Player(
        public_id=media.public_id,
        name=media.original_name,
        type=media.type,
        mime=media.mime,
        size=media.size,
        seconds=media.seconds,
        position=look.position if resumes else 0,
        note=render(lesson.body),
    )


def enough() -> str:
    """How much of it completes the lesson: `90%`."""
    return format_percent(current_app.config["WATCHED_ENOUGH"])


def is_measured(lesson: Lesson) -> bool:
    """Whether the length is known, so that the watched share can be."""
    return lesson.media is not None and lesson.media.seconds is not None
