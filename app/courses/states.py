"""Where a course may go from where it is."""

from collections.abc import Mapping, Set

from app.courses.models import CourseStatus

COURSE: Mapping[str, Set[str]] = {
    CourseStatus.DRAFT: {CourseStatus.PUBLISHED, CourseStatus.ARCHIVED},
    CourseStatus.PUBLISHED: {CourseStatus.DRAFT, CourseStatus.ARCHIVED},
    CourseStatus.ARCHIVED: {CourseStatus.DRAFT, CourseStatus.PUBLISHED},
}
