"""What happens to courses and their lessons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.events import event


@event("course.created", aggregate=("course", "course_id"))
class CourseCreated:
    """There is a new course, a draft."""

    course_id: int
    title: str


@event("course.updated", aggregate=("course", "course_id"))
class CourseUpdated:
    """What is said of a course, or its outline, was changed. `changes` holds the new values by field."""

    course_id: int
    changes: dict[str, Any]


@event("course.published", aggregate=("course", "course_id"))
class CoursePublished:
    """A course can be entered from now on."""

    course_id: int
    course_title: str
    previous_status: str
    publisher_id: int


@event("course.unpublished", aggregate=("course", "course_id"))
class CourseUnpublished:
    """A course is a draft again: nobody new comes in, those who are in go on."""

    course_id: int
    course_title: str
    previous_status: str
    active_enrollments_count: int


@event("course.archived", aggregate=("course", "course_id"))
class CourseArchived:
    """A course was put away: nobody new comes in, those who are in go on."""

    course_id: int
    course_title: str
    previous_status: str
    total_enrollments: int
    completed_enrollments: int


@event("lesson.added", aggregate=("course", "course_id"))
class LessonAdded:
    """A course has one more lesson."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("lesson.updated", aggregate=("course", "course_id"))
class LessonUpdated:
    """A lesson was changed. `fields` names what; `is_required` and `minutes` are the new ones."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int
    fields: list[str]


@event("lesson.deleted", aggregate=("course", "course_id"))
class LessonDeleted:
    """A lesson was taken out of its course. What learners did in it is kept."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("lesson.restored", aggregate=("course", "course_id"))
class LessonRestored:
    """A deleted lesson is back at its place."""

    course_id: int
    lesson_id: int
    title: str
    is_required: bool
    minutes: int


@event("course.publication_requested", aggregate=("course", "course_id"))
class PublicationRequested:
    """An author asks the admins to publish a course. Stated once until it is answered or withdrawn."""

    course_id: int
    course_title: str


@event("course.publication_withdrawn", aggregate=("course", "course_id"))
class PublicationWithdrawn:
    """The author does not ask any more."""

    course_id: int
    course_title: str


@event("course.publication_declined", aggregate=("course", "course_id"))
class PublicationDeclined:
    """An admin has given a course back to its author, with a reason."""

    course_id: int
    course_title: str
    author_id: int
    reason: str


@event("course.tags_changed", aggregate=("course", "course_id"))
class TagsChanged:
    """A course has other tags. `tags` are the names of all that it has now."""

    course_id: int
    tags: list[str]


@event("tag.renamed", aggregate=("tag", "tag_id"))
class TagRenamed:
    """A tag is called otherwise, on all courses that have it."""

    tag_id: int
    name: str
    previous_name: str
    course_ids: list[int]


@event("tag.merged", aggregate=("tag", "tag_id"))
class TagMerged:
    """A tag is no more; the courses that had it have another one."""

    tag_id: int
    name: str
    into_id: int
    into_name: str
    course_ids: list[int]


@event("tag.deleted", aggregate=("tag", "tag_id"))
class TagDeleted:
    """A tag is no more; the courses that had it are without it."""

    tag_id: int
    name: str
    course_ids: list[int]


@event("category.added", aggregate=("category", "category_id"))
class CategoryAdded:
    """There is a new category."""

    category_id: int
    name: str


@event("category.updated", aggregate=("category", "category_id"))
class CategoryUpdated:
    """A category was changed, or moved in the tree. `changes` holds the new values by field."""

    category_id: int
    name: str
    changes: dict[str, Any]


@event("category.deleted", aggregate=("category", "category_id"))
class CategoryDeleted:
    """A category is no more: what was below it moved up, and so did its courses."""

    category_id: int
    name: str
    course_ids: list[int]


@event("upload.started", aggregate=("upload", "upload_id"), audited=False)
class UploadStarted:
    """A file is on its way. When nothing of it has come until `abandoned_at`, it is forgotten."""

    upload_id: str
    stored_name: str
    size: int
    purpose: str
    abandoned_at: datetime


@event("upload.continued", aggregate=("upload", "upload_id"), audited=False)
class UploadContinued:
    """A file still comes, or waits for its form. Without a byte more at `abandoned_at`, it is forgotten."""

    upload_id: str
    received: int
    abandoned_at: datetime


@event("upload.forgotten", aggregate=("upload", "upload_id"), audited=False)
class UploadForgotten:
    """An upload was given up, refused or never finished; what there is of its bytes goes."""

    upload_id: str
    stored_name: str


@event("media.forgotten", aggregate=("media", "media_id"))
class MediaForgotten:
    """A file that no lesson uses has no row any more; its bytes go."""

    media_id: int
    stored_name: str


@event("course_import.requested", aggregate=("course_import", "import_id"))
class CourseImportRequested:
    """Somebody has uploaded a package of a course; its files may be taken out."""

    import_id: str
    course_title: str


@event("course_import.begun", aggregate=("course_import", "import_id"))
class CourseImportBegun:
    """The files of a package are kept and its course is there, a draft; its lessons follow by a task."""

    import_id: str
    course_id: int
    course_title: str


@event("course_import.refused", aggregate=("course_import", "import_id"))
class CourseImportRefused:
    """Nothing of an uploaded package was imported."""

    import_id: str
    course_title: str
