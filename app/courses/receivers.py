"""What courses do when something happened: the search follows."""

from __future__ import annotations

from app.courses.events import CourseCreated, CourseUpdated, TagDeleted, TagMerged, TagRenamed, TagsChanged
from app.courses.search import index_course
from app.events import Delivery, receiver


@receiver(CourseCreated, CourseUpdated, TagsChanged)
def index_for_search(event: CourseCreated | CourseUpdated | TagsChanged, delivery: Delivery) -> None:
    index_course(event.course_id)


@receiver(TagRenamed, TagMerged, TagDeleted, queue="default")
def index_tagged_courses(event: TagRenamed | TagMerged | TagDeleted, delivery: Delivery) -> None:
    for course_id in event.course_ids:
        index_course(course_id)
