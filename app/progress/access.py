"""Whose study pages these are, and which lessons open."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import abort

from app.accounts.models import User
from app.courses import access as courses
from app.courses.models import Course, Lesson
from app.courses.queries import lesson_of
from app.enrollments.access import course_for_reader, course_on_trial, is_inside, is_shown
from app.enrollments.models import Enrollment, EnrollmentStatus


@dataclass(frozen=True)
class Study:
    """A course and the reader's enrolment in it, if there is one."""

    course: Course
    reader: User | None
    enrollment: Enrollment | None
    is_trial: bool = False
    """Whether an author looks with the eyes of a learner, whom the enrolment is made up for."""

    @property
    def is_inside(self) -> bool:
        """Whether the reader learns or has learnt here."""
        return is_inside(self.enrollment)

    @property
    def is_dropped(self) -> bool:
        return self.enrollment is not None and self.enrollment.status == EnrollmentStatus.DROPPED

    @property
    def is_recorded(self) -> bool:
        """Whether what the reader does here counts."""
        return self.enrollment is not None and self.enrollment.is_active and not self.is_trial

    @property
    def is_shown(self) -> bool:
        """Whether the page of the course opens for the reader; not for who left a course that is hidden."""
        return is_shown(self.course, self.reader, self.enrollment)

    @property
    def is_guided(self) -> bool:
        """Whether the reader looks in as staff, without learning here."""
        staff = self.reader is not None and self.reader.is_staff
        return staff and not self.is_inside and self.is_shown

    def opens(self, lesson: Lesson) -> bool:
        """Whether the content of the lesson is for this reader."""
        return courses.may_open(lesson, self.course, self.reader, inside=self.is_inside)


def study_for_reader(slug: str, reader: User | None, *, on_trial: bool = False) -> Study:
    """The course as the reader studies it, by one statement; 404 for one that the reader does not know of.

    `on_trial` shows it to its author as to a learner who has just enrolled, and changes nothing for anybody else.
    """
    tried = course_on_trial(slug, reader) if on_trial else None
    if tried is not None:
        return Study(tried[0], reader, tried[1], is_trial=True)
    course, enrollment = course_for_reader(slug, reader)
    return Study(course, reader, enrollment)


def lesson_of_study(study: Study, lesson_id: int) -> Lesson:
    """The lesson; 404 when it is deleted or another course's."""
    lesson = lesson_of(study.course.id, lesson_id)
    if lesson is None:
        abort(HTTPStatus.NOT_FOUND)
    return lesson
