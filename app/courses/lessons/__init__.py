"""The kinds of lessons, a module each."""

from app.courses.lessons import audio, conference, document, text, video, youtube
from app.courses.lessons.kind import FileRule, LessonKind, Look
from app.courses.models import Lesson

_MODULES = (text, video, audio, document, youtube, conference)
KINDS: dict[str, LessonKind] = {each.KIND.name: each.KIND for each in _MODULES}


def kind_of(lesson: Lesson) -> LessonKind:
    """The kind of the lesson. Raises KeyError for a lesson of a kind whose module is gone."""
    return KINDS[lesson.kind]


__all__ = ["KINDS", "FileRule", "LessonKind", "Look", "kind_of"]
