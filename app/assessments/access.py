"""Whose assessment, attempt, question and answer this is."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort
from sqlalchemy import ColumnElement, or_, true

from app.accounts.models import User
from app.assessments.models import Answer, Assessment, AssessmentStatus, Attempt, AttemptStatus, Question, Show
from app.assessments.queries.assessments import assessment_by_id, question_by_id
from app.assessments.queries.attempts import answer_by_id, attempt_by_public_id, is_written
from app.assessments.queries.files import answer_with_file, courses_asking
from app.courses.access import course_for_author, is_author
from app.courses.models import Course, Media
from app.courses.queries import media_by_public_id
from app.enrollments.access import is_inside, may_open_file
from app.enrollments.models import Enrollment
from app.enrollments.queries import enrollment_of


def shows(attempt: Attempt, what: str) -> bool:
    """Whether the learner may see it of an ended attempt now: `show_score`, `show_keys` or `show_feedback`.

    The rule is that of the moment when the attempt began; the closing time may have been moved since. Nothing is shown
    while a human still has to grade. What is shown after the close of an assessment that never closes is shown when it
    is archived; one that is a draft again is being mended and comes back, so its keys stay where they are.
    """
    if attempt.status not in (AttemptStatus.GRADED, AttemptStatus.EXPIRED):
        return False
    rule = attempt.policy[what]
    return bool(rule == Show.NOW or (rule == Show.AFTER_CLOSE and _is_over(attempt.assessment)))


def _is_over(assessment: Assessment) -> bool:
    """Closed, and nobody writes any more: neither in an attempt that still runs nor by an extension."""
    return assessment.has_closed and not is_written(assessment.id)


def may_author(assessment: Assessment, user: User) -> bool:
    """Whether this person may look behind the assessment and grade it: its owner, its course's owner, an admin."""
    return user.is_admin or user.id in {assessment.owner_id, assessment.course.owner_id}


def may_change(assessment: Assessment, user: User) -> bool:
    """Whether this person may change its settings and its list of questions now; while published only an admin."""
    return user.is_admin or (may_author(assessment, user) and assessment.status != AssessmentStatus.PUBLISHED)


def authored_by(user: User) -> ColumnElement[bool]:
    """The condition on joined assessments and courses that `may_author` is."""
    if user.is_admin:
        return true()
    return or_(Assessment.owner_id == user.id, Course.owner_id == user.id)


def assessment_for_author(assessment_id: int, user: User) -> Assessment:
    """The assessment, for who may author it; 404 for everybody else."""
    assessment = assessment_by_id(assessment_id)
    if assessment is None or not may_author(assessment, user):
        abort(HTTPStatus.NOT_FOUND)
    return assessment


def question_for_author(slug: str, question_id: int, user: User) -> Question:
    """The question of that course's bank, for who may author the course; 404 for another course's."""
    question = question_by_id(course_for_author(slug, user).id, question_id)
    if question is None:
        abort(HTTPStatus.NOT_FOUND)
    return question


def assessment_for_learner(assessment_id: int, user: User) -> tuple[Assessment, Enrollment | None]:
    """The assessment with the reader's enrolment: drafts for its authors only, others for who is inside the course too.

    404 for everybody else.
    """
    assessment = assessment_by_id(assessment_id)
    if assessment is None:
        abort(HTTPStatus.NOT_FOUND)
    enrollment = enrollment_of(user.id, assessment.course_id)
    if not opens(assessment, user, enrollment):
        abort(HTTPStatus.NOT_FOUND)
    return assessment, enrollment


def opens(assessment: Assessment, user: User, enrollment: Enrollment | None) -> bool:
    """Whether the page of the assessment opens for this person, whose enrolment in its course is given."""
    to_learners = is_inside(enrollment) and assessment.status != AssessmentStatus.DRAFT
    return to_learners or may_author(assessment, user)


def attempt_for_learner(public_id: str, user: User) -> Attempt:
    """The person's own attempt; 404 for anybody else's."""
    attempt = attempt_by_public_id(public_id)
    if attempt is None or attempt.user_id != user.id:
        abort(HTTPStatus.NOT_FOUND)
    return attempt


def attempt_for_author(public_id: str, user: User) -> Attempt:
    """An attempt at an assessment of this author; 404 for another's."""
    attempt = attempt_by_public_id(public_id)
    if attempt is None or not may_author(attempt.assessment, user):
        abort(HTTPStatus.NOT_FOUND)
    return attempt


def media_for_viewer(public_id: str, user: User | None) -> Media:
    """The file, for its owner and whoever may open a lesson that shows it; 404 for everybody else.

    A picture in a question is for who works on the course or has an attempt in which the question stands. A file that
    was handed in is for its learner and the graders.
    """
    media = media_by_public_id(public_id)
    if media is None or not (may_open_file(media, user) or (user is not None and _may_open_here(media, user))):
        abort(HTTPStatus.NOT_FOUND)
    return media


def _may_open_here(media: Media, user: User) -> bool:
    answer = answer_with_file(media.id)
    if answer is not None:
        return user.id == answer.attempt.user_id or may_author(answer.attempt.assessment, user)
    return any(is_author(course, user) or asked for course, asked in courses_asking(media.id, user.id))


def answer_for_grader(answer_id: int, user: User) -> Answer:
    """An answer in an attempt at an assessment of this author; 404 for another's, and before it was handed in."""
    answer = answer_by_id(answer_id)
    if answer is None or answer.attempt.submitted_at is None or not may_author(answer.attempt.assessment, user):
        abort(HTTPStatus.NOT_FOUND)
    return answer
