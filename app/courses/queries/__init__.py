"""Reads of courses."""

from app.courses.queries.archive import Archive, ArchivedLesson, ArchivedSection, archive_of
from app.courses.queries.catalogue import SORTS, CataloguePage, CourseCard, catalogue
from app.courses.queries.course import (
    any_lesson_of,
    course_by_slug,
    duration_minutes,
    gone_with,
    lesson_minutes,
    lesson_of,
    section_of,
)
from app.courses.queries.drafts import draft_of, subject_of
from app.courses.queries.media import media_by_public_id, media_uses, space_used, upload_by_id
from app.courses.queries.outline import Outline, OutlineLesson, OutlineSection, first_lesson, outline
from app.courses.queries.publishing import (
    Missing,
    Publication,
    lacks_outline,
    missing_for_publishing,
    publication,
    publish_checks,
)
from app.courses.queries.topics import (
    Branch,
    TagUse,
    category_of,
    category_tree,
    courses_with,
    listed_categories,
    listed_tags,
    tag_of,
    tag_uses,
)
from app.courses.queries.workshop import (
    WORKSHOP_TABS,
    Requests,
    WorkshopCourse,
    WorkshopPage,
    publication_requests,
    workshop,
)

__all__ = [
    "SORTS",
    "WORKSHOP_TABS",
    "Archive",
    "ArchivedLesson",
    "ArchivedSection",
    "Branch",
    "CataloguePage",
    "CourseCard",
    "Missing",
    "Outline",
    "OutlineLesson",
    "OutlineSection",
    "Publication",
    "Requests",
    "TagUse",
    "WorkshopCourse",
    "WorkshopPage",
    "any_lesson_of",
    "archive_of",
    "catalogue",
    "category_of",
    "category_tree",
    "course_by_slug",
    "courses_with",
    "draft_of",
    "duration_minutes",
    "first_lesson",
    "gone_with",
    "lacks_outline",
    "lesson_minutes",
    "lesson_of",
    "listed_categories",
    "listed_tags",
    "media_by_public_id",
    "media_uses",
    "missing_for_publishing",
    "outline",
    "publication",
    "publication_requests",
    "publish_checks",
    "section_of",
    "space_used",
    "subject_of",
    "tag_of",
    "tag_uses",
    "upload_by_id",
    "workshop",
]
