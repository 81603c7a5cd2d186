"""What courses do when something happened: the search follows, and files that nobody wants go."""

from __future__ import annotations

from uuid import UUID

from app.core import storage
from app.courses.actions.media import forget_unused
from app.courses.actions.uploads import forget_upload, path_of
from app.courses.events import (
    CourseCreated,
    CourseUpdated,
    MediaForgotten,
    TagDeleted,
    TagMerged,
    TagRenamed,
    TagsChanged,
    UploadForgotten,
    UploadStarted,
)
from app.courses.search import index_course
from app.events import Delivery, receiver


@receiver(CourseCreated, CourseUpdated, TagsChanged)
def index_for_search(event: CourseCreated | CourseUpdated | TagsChanged, delivery: Delivery) -> None:
    index_course(event.course_id)


@receiver(TagRenamed, TagMerged, TagDeleted, queue="default")
def index_tagged_courses(event: TagRenamed | TagMerged | TagDeleted, delivery: Delivery) -> None:
    for course_id in event.course_ids:
        index_course(course_id)


@receiver(UploadStarted, queue="default", at=lambda fact: fact.abandoned_at)
def forget_abandoned(event: UploadStarted, delivery: Delivery) -> None:
    """A day later: the upload, unless it was finished, and while we are at it what no lesson uses."""
    forget_upload(UUID(event.upload_id))
    forget_unused()


@receiver(UploadForgotten, MediaForgotten, queue="default", effect="external")
def delete_forgotten(event: UploadForgotten | MediaForgotten, delivery: Delivery) -> None:
    if isinstance(event, UploadForgotten):
        path_of(UUID(event.upload_id)).unlink(missing_ok=True)
    storage.delete(event.stored_name)
