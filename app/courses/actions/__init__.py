"""Verbs on courses, a module a subject."""

from app.courses.actions.categories import add_category
from app.courses.actions.counters import count_enrollments
from app.courses.actions.courses import CourseFields, create_course, update_course
from app.courses.actions.duplicating import duplicate_course
from app.courses.actions.editing import CourseLocked, EditConflict, OutOfPlace, drop_draft, keep_draft
from app.courses.actions.images import ForeignImage
from app.courses.actions.lessons import (
    LastLesson,
    LessonFields,
    WithoutContent,
    add_lesson,
    delete_lesson,
    restore_lesson,
    update_lesson,
)
from app.courses.actions.media import store_document
from app.courses.actions.outline import (
    add_section,
    delete_section,
    move_lesson,
    move_section,
    place_lesson,
    place_section,
    rename_section,
    restore_section,
)
from app.courses.actions.publishing import (
    NotADraft,
    NotReady,
    archive,
    decline_request,
    publish,
    request_publication,
    unpublish,
    withdraw_request,
)

__all__ = [
    "CourseFields",
    "CourseLocked",
    "EditConflict",
    "ForeignImage",
    "LastLesson",
    "LessonFields",
    "NotADraft",
    "NotReady",
    "OutOfPlace",
    "WithoutContent",
    "add_category",
    "add_lesson",
    "add_section",
    "archive",
    "count_enrollments",
    "create_course",
    "decline_request",
    "delete_lesson",
    "delete_section",
    "drop_draft",
    "duplicate_course",
    "keep_draft",
    "move_lesson",
    "move_section",
    "place_lesson",
    "place_section",
    "publish",
    "rename_section",
    "request_publication",
    "restore_lesson",
    "restore_section",
    "store_document",
    "unpublish",
    "update_course",
    "update_lesson",
    "withdraw_request",
]
