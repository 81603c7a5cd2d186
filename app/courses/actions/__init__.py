"""Verbs on courses, a module a subject."""

from app.courses.actions.attaching import attach
from app.courses.actions.categories import (
    NoSuchCategory,
    NoSuchParent,
    add_category,
    delete_category,
    move_category,
    update_category,
)
from app.courses.actions.collecting import Collected, NotComplete, collected, settle
from app.courses.actions.counters import count_enrollments, count_reviews
from app.courses.actions.courses import CourseFields, create_course, revise_course, update_course
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
from app.courses.actions.media import forget_file, forget_unused, store_file, store_image
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
from app.courses.actions.quota import QuotaFull
from app.courses.actions.tags import (
    MOST_TAGS,
    NoSuchTag,
    TagTaken,
    TooManyTags,
    delete_tag,
    merge_tag,
    rename_tag,
    set_tags,
)
from app.courses.actions.uploads import CHUNK, OutOfStep, UploadGone, WrongSize, forget_upload, receive, start_upload

__all__ = [
    "CHUNK",
    "MOST_TAGS",
    "Collected",
    "CourseFields",
    "CourseLocked",
    "EditConflict",
    "ForeignImage",
    "LastLesson",
    "LessonFields",
    "NoSuchCategory",
    "NoSuchParent",
    "NoSuchTag",
    "NotADraft",
    "NotComplete",
    "NotReady",
    "OutOfPlace",
    "OutOfStep",
    "QuotaFull",
    "TagTaken",
    "TooManyTags",
    "UploadGone",
    "WithoutContent",
    "WrongSize",
    "add_category",
    "add_lesson",
    "add_section",
    "archive",
    "attach",
    "collected",
    "count_enrollments",
    "count_reviews",
    "create_course",
    "decline_request",
    "delete_category",
    "delete_lesson",
    "delete_section",
    "delete_tag",
    "drop_draft",
    "duplicate_course",
    "forget_file",
    "forget_unused",
    "forget_upload",
    "keep_draft",
    "merge_tag",
    "move_category",
    "move_lesson",
    "move_section",
    "place_lesson",
    "place_section",
    "publish",
    "receive",
    "rename_section",
    "rename_tag",
    "request_publication",
    "restore_lesson",
    "restore_section",
    "revise_course",
    "set_tags",
    "settle",
    "start_upload",
    "store_file",
    "store_image",
    "unpublish",
    "update_category",
    "update_course",
    "update_lesson",
    "withdraw_request",
]
