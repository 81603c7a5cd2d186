"""What happens to assessments and at them."""

from __future__ import annotations

from datetime import datetime

from app.events import event


@event("assessment.created", aggregate=("assessment", "assessment_id"))
class AssessmentCreated:
    """A course has a new assessment, a draft."""

    assessment_id: int
    course_id: int
    title: str


@event("assessment.updated", aggregate=("assessment", "assessment_id"))
class AssessmentUpdated:
    """The settings or the questions of an assessment were changed. `fields` names what."""

    assessment_id: int
    course_id: int
    title: str
    fields: list[str]


@event("assessment.published", aggregate=("assessment", "assessment_id"))
class AssessmentPublished:
    """Learners may take the assessment; a required one counts for the course from now on."""

    assessment_id: int
    course_id: int
    title: str
    is_required: bool


@event("assessment.unpublished", aggregate=("assessment", "assessment_id"))
class AssessmentUnpublished:
    """Nobody begins the assessment any more, and it does not count for the course."""

    assessment_id: int
    course_id: int
    title: str
    is_required: bool


@event("question.changed", aggregate=("question", "question_id"))
class QuestionChanged:
    """A question has a new version, or is new. Attempts that have begun keep the one that they have."""

    question_id: int
    course_id: int
    number: int


@event("assessment.attempt.started", aggregate=("assessment_attempt", "attempt_id"))
class AttemptStarted:
    """A learner has begun an attempt."""

    attempt_id: int
    assessment_id: int
    course_id: int
    enrollment_id: int
    user_id: int
    assessment_title: str
    attempt_number: int
    started_at: datetime
    deadline_at: datetime | None


@event("assessment.attempt.extended", aggregate=("assessment_attempt", "attempt_id"))
class AttemptExtended:
    """Somebody of the staff has given a running attempt more time."""

    attempt_id: int
    assessment_id: int
    user_id: int
    minutes: int
    reason: str
    deadline_at: datetime | None


@event("assessment.attempt.cancelled", aggregate=("assessment_attempt", "attempt_id"))
class AttemptCancelled:
    """Somebody of the staff has ended an attempt: it does not count."""

    attempt_id: int
    assessment_id: int
    enrollment_id: int
    user_id: int
    reason: str


@event("assessment.attempt.ended", aggregate=("assessment_attempt", "attempt_id"))
class AttemptEnded:
    """Somebody of the staff has handed in an attempt for its learner: what was saved counts."""

    attempt_id: int
    assessment_id: int
    user_id: int
    reason: str


@event("assessment.extended", aggregate=("assessment", "assessment_id"))
class ExtensionGiven:
    """A person may have more minutes, more attempts or another end than the rules of an assessment say."""

    assessment_id: int
    user_id: int
    minutes: int
    attempts: int
    closes_at: datetime | None
    reason: str


@event("assessment.submitted", aggregate=("assessment_attempt", "attempt_id"))
class AssessmentSubmitted:
    """An attempt has ended: handed in, or closed at its deadline. `status` is what it is now."""

    attempt_id: int
    assessment_id: int
    course_id: int
    enrollment_id: int
    user_id: int
    assessment_title: str
    status: str
    requires_manual_grading: bool


@event("assessment.answer.graded", aggregate=("assessment_attempt", "attempt_id"))
class AnswerGraded:
    """A human has graded an answer, for the first time or anew."""

    attempt_id: int
    answer_id: int
    user_id: int
    score: float
    max_score: float
    graded_by: int


@event("assessment.graded", aggregate=("assessment_attempt", "attempt_id"))
class AssessmentGraded:
    """An attempt has its result, or another one than before. One that expired has earned nothing."""

    attempt_id: int
    assessment_id: int
    course_id: int
    enrollment_id: int
    user_id: int
    assessment_title: str
    score: float
    max_score: float
    percentage: float
    passed: bool
    graded_by: int | None
    """None: by the server."""
