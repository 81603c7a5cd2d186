"""What a kind of lesson has to say of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from app.courses.lessons.form import LessonForm
from app.courses.models import Lesson


@dataclass(frozen=True)
class Look:
    """How a lesson is being looked at."""

    playing: bool = False
    """The learner asked for what costs data (`?putar=1`)."""
    is_inside: bool = False
    """The reader learns here, or is staff of the course; not so whoever looks at a free preview."""
    page: int = 1
    """The page that was left open."""
    position: int = 0
    """Seconds into the video or the recording at which it was left."""


@dataclass(frozen=True)
class FileRule:
    """What files a kind takes. `suffixes` are lower-case, with the dot; the type is read from the content."""

    suffixes: tuple[str, ...]
    max_bytes: int


@dataclass(frozen=True)
class LessonKind:
    """A plug-in. To add a kind write its module and `templates/lessons/<name>.html`, and name it in `KINDS`."""

    name: str
    label: LazyString
    icon: str
    has_content: Callable[[Lesson], bool]
    """Whether the lesson has what it cannot be published without."""
    rule: Callable[[Lesson], str]
    """How the lesson is completed, in words for the learner."""
    shown: Callable[[Lesson, Look], Any]
    """What the template knows as `shown`."""
    form: type[LessonForm]
    """What its author fills in."""
    files: FileRule | None = None
    """What file it needs; None for a kind that needs none."""
    reports: bool = False
    """Whether pages or watched seconds are recorded and may complete it."""

    @property
    def template(self) -> str:
        """A part that knows `lesson`, `kind` and `shown`."""
        return f"lessons/{self.name}.html"
