"""Where a course may go from where it is."""

from app.courses.models import CourseStatus

COURSE = {
    CourseStatus.DRAFT: {CourseStatus.PUBLISHED, CourseStatus.ARCHIVED},
    CourseStatus.PUBLISHED: {CourseStatus.DRAFT, CourseStatus.ARCHIVED},
    CourseStatus.ARCHIVED: {CourseStatus.DRAFT, CourseStatus.PUBLISHED},
}
