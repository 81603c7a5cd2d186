"""Who is inside a course, and which step is open to whom."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus

from flask import abort

from app.accounts.models import User
from app.core.clock import now
from app.courses.access import is_author, may_open, may_see
from app.courses.models import Course, CourseStatus, Media, Visibility
from app.courses.queries import course_by_slug
from app.enrollments import queries
from app.enrollments.models import Enrollment, EnrollmentStatus, Review


class Offer(StrEnum):
    """The one right step of a viewer at a course."""

    ENROLL = "enroll"
    SIGN_IN = "sign_in"
    CONTINUE = "continue"
    REVIEW = "review"
    REENROLL = "reenroll"
    INVITATION = "invitation"
    CLOSED = "closed"


def is_inside(enrollment: Enrollment | None) -> bool:
    """Whether the enrolment opens the content: active, or completed."""
    return enrollment is not None and enrollment.status in queries.INSIDE


def may_review(enrollment: Enrollment | None) -> bool:
    """Whether somebody with that enrolment may say what the course is worth."""
    return is_inside(enrollment)


def takes_learners(course: Course) -> bool:
    """Whether anybody may enrol now. Restricted courses are entered by invitation only."""
    return course.status == CourseStatus.PUBLISHED and course.visibility == Visibility.PUBLIC


def is_shown(course: Course, user: User | None, enrollment: Enrollment | None) -> bool:
    """Whether the page of the course opens for this person, whose enrolment there is given."""
    return may_see(course, user, inside=is_inside(enrollment))


def course_for_reader(slug: str, user: User | None) -> tuple[Course, Enrollment | None]:
    """The course with the reader's enrolment; the same 404 for hidden, foreign and unknown.

    Who was ever enrolled knows of the course, also after leaving one that is no longer shown.
    """
    found = queries.course_with_enrollment(slug, user)
    if found is None or (found[1] is None and not is_shown(found[0], user, None)):
        abort(HTTPStatus.NOT_FOUND)
    return found


def course_for_viewer(slug: str, user: User | None) -> tuple[Course, Enrollment | None]:
    """The course whose page the viewer may see, with the viewer's enrolment; else 404."""
    course, enrollment = course_for_reader(slug, user)
    if not is_shown(course, user, enrollment):
        abort(HTTPStatus.NOT_FOUND)
    return course, enrollment


def course_for_learner(slug: str, user: User) -> tuple[Course, Enrollment]:
    """The course and the viewer's enrolment in it, in any state; 404 when there is none."""
    course, enrollment = course_for_reader(slug, user)
    if enrollment is None:
        abort(HTTPStatus.NOT_FOUND)
    return course, enrollment


def course_on_trial(slug: str, user: User | None) -> tuple[Course, Enrollment] | None:
    """The course for its author, with an enrolment that is in no table: as who has just enrolled sees it.

    None for everybody else, and for what there is not.
    """
    course = course_by_slug(slug)
    if course is None or user is None or not is_author(course, user):
        return None
    state = {"status": EnrollmentStatus.ACTIVE, "progress_percentage": Decimal(0), "enrolled_at": now()}
    return course, Enrollment(user_id=user.id, course_id=course.id, **state)


def review_to_remove(slug: str, review_id: int, user: User) -> Review:
    """The review of a course that the person sees, for its author and for admins; 404 for everybody else."""
    course, _enrollment = course_for_viewer(slug, user)
    review = queries.review_at(course, review_id)
    if review is None or not (user.is_admin or review.user_id == user.id):
        abort(HTTPStatus.NOT_FOUND)
    return review


def may_open_file(media: Media, user: User | None) -> bool:
    """Whether this person may open a lesson that shows the file, or owns it."""
    if user is not None and user.id == media.owner_id:
        return True
    uses = queries.uses_of_media(media, user)
    return any(may_open(lesson, course, user, inside=is_inside(enrollment)) for lesson, course, enrollment in uses)


def offer(course: Course, user: User | None, enrollment: Enrollment | None) -> Offer:
    """What the course page offers this viewer."""
    if enrollment is not None and enrollment.status == EnrollmentStatus.ACTIVE:
        return Offer.CONTINUE
    if enrollment is not None and enrollment.status == EnrollmentStatus.COMPLETED:
        return Offer.REVIEW
    if course.status != CourseStatus.PUBLISHED:
        return Offer.CLOSED
    if not takes_learners(course):
        return Offer.INVITATION
    if user is None:
        return Offer.SIGN_IN
    return Offer.REENROLL if enrollment is not None else Offer.ENROLL
