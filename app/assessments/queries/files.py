"""Where in assessments a file stands."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.assessments.models import Answer, Assessment, Attempt, Question, QuestionImage, QuestionVersion
from app.core.db import db
from app.courses.models import Course


def answer_with_file(media_id: int) -> Answer | None:
    """The answer that the file is, with its attempt and the course of that."""
    to_course = joinedload(Attempt.assessment, innerjoin=True).joinedload(Assessment.course, innerjoin=True)
    return db.session.scalar(
        select(Answer)
        .where(Answer.media_id == media_id)
        .options(joinedload(Answer.attempt, innerjoin=True).options(to_course))
    )


def courses_asking(media_id: int, user_id: int) -> list[tuple[Course, bool]]:
    """The courses in whose questions the picture stands, and whether this person has an attempt with that version."""
    mine = (Answer.version_id == QuestionImage.version_id) & (Attempt.user_id == user_id)
    rows = db.session.execute(
        select(Course, exists().where(Answer.attempt_id == Attempt.id, mine))
        .join(Question, Question.course_id == Course.id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(QuestionImage, QuestionImage.version_id == QuestionVersion.id)
        .where(QuestionImage.media_id == media_id)
    )
    return [(course, asked) for course, asked in rows]
