"""Who may see, open and change a course. Whether somebody is inside it, the caller knows (`enrollments` is above)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import abort

from app.accounts.models import User
from app.courses.models import Course, CourseStatus, Lesson, Section, Upload, Visibility
from app.courses.queries import any_lesson_of, course_by_slug, section_of, upload_by_id
from app.courses.queries.packages import Import, import_by_id


def is_author(course: Course, user: User | None) -> bool:
    """Whether this person works on the course: its owner, and every admin."""
    return user is not None and (user.is_admin or course.owner_id == user.id)


def may_see(course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the page of the course opens for this person; `inside` means an enrolment that is active or completed.

    Who is inside keeps the course whatever becomes of it. Else drafts and archived courses are for their owner and
    admins, published ones for staff, and for everybody when they are public.
    """
    if inside or is_author(course, user):
        return True
    if course.status != CourseStatus.PUBLISHED:
        return False
    return course.visibility == Visibility.PUBLIC or (user is not None and user.is_staff)


def may_open_all(course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the content of every lesson opens: for those inside, and for staff who see the course."""
    if inside or is_author(course, user):
        return True
    return course.status == CourseStatus.PUBLISHED and user is not None and user.is_staff


def may_preview(course: Course) -> bool:
    """Whether anybody may open the lessons that are marked as free preview."""
    return course.status == CourseStatus.PUBLISHED and course.visibility == Visibility.PUBLIC


def may_open(lesson: Lesson, course: Course, user: User | None, *, inside: bool = False) -> bool:
    """Whether the content of this lesson opens."""
    return may_open_all(course, user, inside=inside) or (lesson.is_free_preview and may_preview(course))


def may_change(course: Course, user: User) -> bool:
    """Whether this person may change the course now: an admin always, its owner as long as it is a draft."""
    return user.is_admin or (course.owner_id == user.id and course.status == CourseStatus.DRAFT)


def may_archive(course: Course, user: User) -> bool:
    """Whether this person may put the course away and take it out again: an admin, its owner if it never was published.

    What learners were once offered is the institution's: else an author could undo what an admin has put away.
    """
    return user.is_admin or (course.owner_id == user.id and course.published_at is None)


def course_for_author(slug: str, user: User) -> Course:
    """The course, for its owner and for admins; 404 for everybody else. Whether it may be changed: `may_change`."""
    course = course_by_slug(slug)
    if course is None or not is_author(course, user):
        abort(HTTPStatus.NOT_FOUND)
    return course


def section_for_author(slug: str, section_id: int, user: User) -> Section:
    """The section of that course, deleted or not, for its author; 404 for another course's."""
    section = section_of(course_for_author(slug, user).id, section_id)
    if section is None:
        abort(HTTPStatus.NOT_FOUND)
    return section


def lesson_for_author(slug: str, lesson_id: int, user: User) -> Lesson:
    """The lesson of that course, deleted or not, for its author; 404 for another course's."""
    lesson = any_lesson_of(course_for_author(slug, user).id, lesson_id)
    if lesson is None:
        abort(HTTPStatus.NOT_FOUND)
    return lesson


def upload_for_owner(upload_id: UUID, user: User) -> Upload:
    """The upload on its way, for the person who began it; 404 for everybody else, admins too."""
    upload = upload_by_id(upload_id)
    if upload is None or upload.owner_id != user.id:
        abort(HTTPStatus.NOT_FOUND)
    return upload


def import_for_viewer(import_id: UUID, user: User) -> Import:
    """The import of a package, for whoever brought it and for admins; 404 for everybody else."""
    found = import_by_id(import_id)
    if found is None or not (user.is_admin or found.package.owner_id == user.id):
        abort(HTTPStatus.NOT_FOUND)
    return found
