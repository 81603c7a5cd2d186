"""The kinds of lessons, a module each."""

from app.courses.lessons import document, text, youtube
from app.courses.lessons.kind import FileRule, LessonKind, Look
from app.courses.models import Lesson

KINDS: dict[str, LessonKind] = {each.KIND.name: each.KIND for each in (text, youtube, document)}


def kind_of(lesson: Lesson) -> LessonKind:
    """The kind of the lesson. Raises KeyError for a lesson of a kind whose module is gone."""
    return KINDS[lesson.kind]


__all__ = ["KINDS", "FileRule", "LessonKind", "Look", "kind_of"]
