"""What a kind of lesson has to say of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from app.courses.models import Lesson


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
    shown: Callable[[Lesson, bool], Any]
    """What the template knows as `shown`. The flag says that the learner asked for what costs data (`?putar=1`)."""

    @property
    def template(self) -> str:
        """A part that knows `lesson`, `kind` and `shown`."""
        return f"lessons/{self.name}.html"
