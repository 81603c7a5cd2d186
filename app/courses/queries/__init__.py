"""Reads of courses."""

from app.courses.queries.catalogue import SORTS, CataloguePage, CourseCard, catalogue, listed_categories
from app.courses.queries.course import duration_minutes, lesson_of, media_by_public_id
from app.courses.queries.outline import Outline, OutlineLesson, OutlineSection, first_lesson, outline
from app.courses.queries.publishing import Missing, lacks_outline, missing_for_publishing, publish_checks

__all__ = [
    "SORTS",
    "CataloguePage",
    "CourseCard",
    "Missing",
    "Outline",
    "OutlineLesson",
    "OutlineSection",
    "catalogue",
    "duration_minutes",
    "first_lesson",
    "lacks_outline",
    "lesson_of",
    "listed_categories",
    "media_by_public_id",
    "missing_for_publishing",
    "outline",
    "publish_checks",
]
