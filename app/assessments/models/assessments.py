"""Quizzes and exams."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.assessments.models.questions import Question
from app.core.clock import now
from app.core.db import Model
from app.courses.models import Course, Edited


class AssessmentStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class AssessmentKind(StrEnum):
    QUIZ = "quiz"
    EXAM = "exam"


class Show(StrEnum):
    """When a learner sees it: as soon as the attempt is graded, after the assessment has closed, or never."""

    NOW = "now"
    AFTER_CLOSE = "after_close"
    NEVER = "never"


class Assessment(Edited, Model):
    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("time_limit_minutes BETWEEN 1 AND 360", name="time_limit_range"),
        CheckConstraint("passing_score BETWEEN 0 AND 100", name="passing_score_range"),
        CheckConstraint("max_attempts BETWEEN 0 AND 10", name="max_attempts_range"),
        CheckConstraint("opens_at < closes_at", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[AssessmentKind] = mapped_column(String(10), default=AssessmentKind.QUIZ)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(String(500), default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    time_limit_minutes: Mapped[int | None]
    passing_score: Mapped[int] = mapped_column(default=70)
    """Percent."""
    max_attempts: Mapped[int] = mapped_column(default=1)
    """0: as many as one likes."""
    shuffle_questions: Mapped[bool] = mapped_column(default=False)
    shuffle_options: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=True)
    show_score: Mapped[Show] = mapped_column(String(20), default=Show.NOW)
    show_keys: Mapped[Show] = mapped_column(String(20), default=Show.AFTER_CLOSE)
    show_feedback: Mapped[Show] = mapped_column(String(20), default=Show.NOW)
    status: Mapped[AssessmentStatus] = mapped_column(String(20), default=AssessmentStatus.DRAFT, index=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    course: Mapped[Course] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=owner_id)
    items: Mapped[list[Item]] = relationship(order_by="Item.position", cascade="all, delete-orphan")

    @property
    def has_closed(self) -> bool:
        """Archived, or past its closing time; somebody may still write by an extension."""
        ended = self.closes_at is not None and now() >= self.closes_at
        return ended or self.status == AssessmentStatus.ARCHIVED


class Item(Model):
    """A place in an assessment: a question, or as many as are drawn from the bank by a tag."""

    __tablename__ = "assessment_items"
    __table_args__ = (
        UniqueConstraint("assessment_id", "question_id"),
        UniqueConstraint("assessment_id", "tag"),
        CheckConstraint("(question_id IS NULL) <> (tag IS NULL)", name="question_or_tag"),
        CheckConstraint("draw BETWEEN 1 AND 200", name="draw_range"),
        CheckConstraint("points >= 1", name="points_worth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id", ondelete="CASCADE"))
    position: Mapped[int]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"), index=True)
    tag: Mapped[str | None] = mapped_column(String(50))
    draw: Mapped[int] = mapped_column(default=1)
    """How many questions are drawn; 1 for a question of its own."""
    points: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """What each question here is worth; None: what it says itself."""

    question: Mapped[Question | None] = relationship()


class Extension(Model):
    """What one person may have beyond the rules of an assessment."""

    __tablename__ = "assessment_extensions"
    __table_args__ = (
        UniqueConstraint("assessment_id", "user_id"),
        CheckConstraint("minutes BETWEEN 0 AND 360", name="minutes_range"),
        CheckConstraint("attempts BETWEEN 0 AND 10", name="attempts_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    minutes: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None]
    """Instead of the assessment's own end."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    given_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(foreign_keys=user_id)
