"""Reads of enrolments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, and_, case, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Course, Lesson, LessonImage, Media, Section
from app.enrollments.models import Enrollment, EnrollmentStatus, Review

INSIDE = (EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED)
"""With these an enrolment opens the content of its course."""
REVIEWS = 20
"""On a page."""


def enrollment_of(user_id: int, course_id: int) -> Enrollment | None:
    """The enrolment of that person in that course, whatever its state."""
    return db.session.scalar(select(Enrollment).where(Enrollment.user_id == user_id, Enrollment.course_id == course_id))


def enrollments_of_user(user_id: int) -> Sequence[Enrollment]:
    """Every enrolment of the person with its course, the latest first, by one statement."""
    return db.session.scalars(
        select(Enrollment)
        .where(Enrollment.user_id == user_id)
        .options(joinedload(Enrollment.course, innerjoin=True))
        .order_by(Enrollment.enrolled_at.desc(), Enrollment.id.desc())
    ).all()


def enrollments_by_course(user: User | None) -> dict[int, Enrollment]:
    """The enrolments of the viewer that open their course, by course id; none for a guest."""
    if user is None:
        return {}
    inside = select(Enrollment).where(Enrollment.user_id == user.id, Enrollment.status.in_(INSIDE))
    return {each.course_id: each for each in db.session.scalars(inside)}


def course_with_enrollment(slug: str, user: User | None) -> tuple[Course, Enrollment | None] | None:
    """The course with its owner and category, and the viewer's enrolment in it, by one statement."""
    row = db.session.execute(
        select(Course, Enrollment)
        .outerjoin(Enrollment, and_(Enrollment.course_id == Course.id, Enrollment.user_id == _id(user)))
        .where(Course.slug == slug)
        .options(joinedload(Course.owner, innerjoin=True), joinedload(Course.category))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def uses_of_media(media: Media, user: User | None) -> Sequence[Row[tuple[Lesson, Course, Enrollment | None]]]:
    """Every living lesson that shows the file, alone or in its text, with its course and the viewer's enrolment."""
    in_text = select(LessonImage.lesson_id).where(LessonImage.media_id == media.id)
    return db.session.execute(
        select(Lesson, Course, Enrollment)
        .join(Lesson.section)
        .join(Section.course)
        .outerjoin(Enrollment, and_(Enrollment.course_id == Course.id, Enrollment.user_id == _id(user)))
        .where(or_(Lesson.media_id == media.id, Lesson.id.in_(in_text)), Lesson.deleted_at.is_(None))
    ).all()


def reviews_of(course: Course, viewer: User | None, *, page: int = 1, size: int = REVIEWS) -> Sequence[Review]:
    """The reviews of the course with their authors, the viewer's own first, then the newest, by one statement."""
    own = case((Review.user_id == _id(viewer), 0), else_=1)
    return db.session.scalars(
        select(Review)
        .where(Review.course_id == course.id)
        .options(joinedload(Review.user, innerjoin=True))
        .order_by(own, Review.created_at.desc(), Review.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()


def review_of(course: Course, user: User) -> Review | None:
    """What that person says of the course."""
    return db.session.scalar(select(Review).where(Review.course_id == course.id, Review.user_id == user.id))


def review_at(course: Course, review_id: int) -> Review | None:
    """The review; None for another course's."""
    return db.session.scalar(select(Review).where(Review.id == review_id, Review.course_id == course.id))


def _id(user: User | None) -> int:
    return user.id if user is not None else 0
