"""Whose study pages these are, and which lessons open."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import abort
from sqlalchemy import and_, select

from app.accounts.models import User
from app.core.db import db
from app.courses import access as courses
from app.courses.models import Course, Lesson
from app.courses.queries import lesson_of
from app.enrollments.models import Enrollment, EnrollmentStatus


@dataclass(frozen=True)
class Study:
    """A course and the reader's enrolment in it, if there is one."""

    course: Course
    reader: User | None
    enrollment: Enrollment | None

    @property
    def is_inside(self) -> bool:
        """Whether the reader learns or has learnt here."""
        return self.enrollment is not None and self.enrollment.status != EnrollmentStatus.DROPPED

    @property
    def is_dropped(self) -> bool:
        return self.enrollment is not None and self.enrollment.status == EnrollmentStatus.DROPPED

    @property
    def is_recorded(self) -> bool:
        """Whether what the reader does here counts."""
        return self.enrollment is not None and self.enrollment.is_active

    def opens(self, lesson: Lesson) -> bool:
        """Whether the content of the lesson is for this reader."""
        return courses.may_open(lesson, self.course, self.reader, inside=self.is_inside)


def study_for_reader(slug: str, reader: User | None) -> Study:
    """The course as the reader studies it, by one statement; 404 for one that the reader does not know of."""
    mine = and_(Enrollment.course_id == Course.id, Enrollment.user_id == (reader.id if reader else None))
    found = db.session.execute(
        select(Course, Enrollment).outerjoin(Enrollment, mine).where(Course.slug == slug)
    ).one_or_none()
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    course, enrollment = found
    if enrollment is None and not courses.may_see(course, reader):
        abort(HTTPStatus.NOT_FOUND)
    return Study(course, reader, enrollment)


def enrollment_for_learner(slug: str, learner: User) -> tuple[Course, Enrollment]:
    """The course and the learner's enrolment, of whatever status; 404 for whoever never was in it."""
    study = study_for_reader(slug, learner)
    if study.enrollment is None:
        abort(HTTPStatus.NOT_FOUND)
    return study.course, study.enrollment


def lesson_of_study(study: Study, lesson_id: int) -> Lesson:
    """The lesson; 404 when it is deleted or another course's."""
    lesson = lesson_of(study.course.id, lesson_id)
    if lesson is None:
        abort(HTTPStatus.NOT_FOUND)
    return lesson
