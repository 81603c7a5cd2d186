"""What learners do at an assessment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.assessments.models.assessments import Assessment
from app.assessments.models.questions import QuestionVersion
from app.core.clock import now
from app.core.db import Model
from app.core.ids import public_id
from app.courses.models import Media
from app.enrollments.models import Enrollment


class AttemptStatus(StrEnum):
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    GRADED = "graded"
    EXPIRED = "expired"
    """The time ran out with no answer at all: counts as 0."""
    CANCELLED = "cancelled"
    """By staff: does not count."""


class Attempt(Model):
    """The server's own record of an attempt: order, answers, deadline, and the rules it began under (`policy`)."""

    __tablename__ = "assessment_attempts"
    __table_args__ = (
        UniqueConstraint("assessment_id", "user_id", "number"),
        Index(
            "uq_assessment_attempts_open",
            "assessment_id",
            "user_id",
            unique=True,
            sqlite_where=text("status = 'in_progress'"),
            postgresql_where=text("status = 'in_progress'"),
        ),
        Index(None, "assessment_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id", ondelete="RESTRICT"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="RESTRICT"), index=True)
    number: Mapped[int]
    status: Mapped[AttemptStatus] = mapped_column(String(20), default=AttemptStatus.IN_PROGRESS)
    started_at: Mapped[datetime] = mapped_column(default=now)
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    score: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    max_score: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(0))
    percentage: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    passed: Mapped[bool | None]
    policy: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """`passing_score`, `show_score`, `show_keys`, `show_feedback` of the assessment when the attempt began."""

    assessment: Mapped[Assessment] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    enrollment: Mapped[Enrollment] = relationship()
    answers: Mapped[list[Answer]] = relationship(order_by="Answer.position", back_populates="attempt")

    @property
    def is_open(self) -> bool:
        return self.status == AttemptStatus.IN_PROGRESS

    @property
    def takes_grades(self) -> bool:
        """Whether a human may give its answers their scores, or other ones."""
        return self.status in (AttemptStatus.SUBMITTED, AttemptStatus.GRADED)


class Answer(Model):
    """A question of an attempt and what was answered. The row is made at the start, with everything still empty."""

    __tablename__ = "attempt_answers"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("score >= 0 AND score <= points", name="score_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("assessment_attempts.id", ondelete="CASCADE"))
    position: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id", ondelete="RESTRICT"), index=True)
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    drawn: Mapped[dict[str, list[tuple[str, int]]]] = mapped_column(JSON, default=dict)
    """Random ids of this attempt for the options, in the order in which they are shown: side → (id, option id)s."""
    response: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """As its type writes it; None while nothing is answered."""
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="RESTRICT"), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    """The number that the browser gave the last save: an older one that comes late changes nothing."""
    saved_at: Mapped[datetime | None]
    is_flagged: Mapped[bool] = mapped_column(default=False)
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """None until it is graded."""
    feedback: Mapped[str] = mapped_column(Text, default="")
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who gave the score; None where the key did. What a human gave stays when the key is corrected."""
    graded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every grade: who grades what somebody graded meanwhile is told so."""
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    claimed_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    asked: Mapped[QuestionVersion] = relationship()
    media: Mapped[Media | None] = relationship()
    grader: Mapped[User | None] = relationship(foreign_keys=graded_by)

    @property
    def is_answered(self) -> bool:
        return self.response is not None or self.media_id is not None


class GradeChange(Model):
    """A grade that took the place of another one, or was the first by a human."""

    __tablename__ = "grade_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("attempt_answers.id", ondelete="CASCADE"), index=True)
    previous: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    score: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    reason: Mapped[str] = mapped_column(String(500), default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Phrase(Model):
    """A sentence that a grader uses again and again."""

    __tablename__ = "grading_phrases"
    __table_args__ = (UniqueConstraint("user_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
