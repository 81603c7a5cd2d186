"""Who may see and open a course. Whether somebody is inside it, the caller knows (`enrollments` is above)."""

from __future__ import annotations

from app.accounts.models import User
from app.courses.models import Course, CourseStatus, Lesson, Visibility


def may_see(course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the page of the course opens for this person; `inside` means an enrolment that is active or completed.

    Who is inside keeps the course whatever becomes of it. Else drafts and archived courses are for their owner and
    admins, published ones for staff, and for everybody when they are public.
    """
    if inside or _is_own(course, user):
        return True
    if course.status != CourseStatus.PUBLISHED:
        return False
    return course.visibility == Visibility.PUBLIC or (user is not None and user.is_staff)


def may_open_all(course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the content of every lesson opens: for those inside, and for staff who see the course."""
    if inside or _is_own(course, user):
        return True
    return course.status == CourseStatus.PUBLISHED and user is not None and user.is_staff


def may_preview(course: Course) -> bool:
    """Whether anybody may open the lessons that are marked as free preview."""
    return course.status == CourseStatus.PUBLISHED and course.visibility == Visibility.PUBLIC


def may_open(lesson: Lesson, course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the content of this lesson opens."""
    return may_open_all(course, user, inside=inside) or (lesson.is_free_preview and may_preview(course))


def _is_own(course: Course, user: User | None) -> bool:
    return user is not None and (user.is_admin or course.owner_id == user.id)
