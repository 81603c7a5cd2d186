"""The question bank of a course. A question is changed by a new version: attempts keep the one that they began with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import Model
from app.courses.models import Course


class Question(Model):
    """What stays the same over all versions of a question."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"), index=True)
    type: Mapped[str] = mapped_column(String(20))
    """One of `assessments.questions.TYPES`."""
    number: Mapped[int] = mapped_column(default=1)
    """That of the version which new attempts get."""
    archived_at: Mapped[datetime | None]
    """Since when it is not used in anything new."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    course: Mapped[Course] = relationship()
    tags: Mapped[list[QuestionTag]] = relationship(cascade="all, delete-orphan", order_by="QuestionTag.tag")
    current: Mapped[QuestionVersion] = relationship(
        primaryjoin="and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.number)",
        viewonly=True,
        uselist=False,
    )


class QuestionTag(Model):
    """A word by which questions are drawn from the bank."""

    __tablename__ = "question_tags"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), primary_key=True)


class QuestionVersion(Model):
    """A question as it is asked. It never changes; what `data` and `options` mean is up to the type."""

    __tablename__ = "question_versions"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("points >= 1", name="points_worth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    type: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    """Markdown."""
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(1))
    feedback: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    question: Mapped[Question] = relationship()
    options: Mapped[list[Option]] = relationship(order_by="Option.position", cascade="all, delete-orphan")


class Option(Model):
    """A choice, an accepted text, or one side of a pair with its `partner`."""

    __tablename__ = "question_options"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    is_key: Mapped[bool] = mapped_column(default=False)
    partner: Mapped[str | None] = mapped_column(String(1000))


class QuestionStatistic(Model):
    """How a version fared in one assessment, over all graded attempts; kept by a receiver."""

    __tablename__ = "question_statistics"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("question_versions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answers: Mapped[int] = mapped_column(default=0)
    difficulty: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    """The average share of the points that was earned, 0 to 1: the higher, the easier."""
    discrimination: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    """Pearson's correlation of that share with the share earned in the rest of the attempt, −1 to 1."""
    choices: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Option id → how often it was chosen."""
    counted_at: Mapped[datetime] = mapped_column(default=now)


class QuestionImage(Model):
    """A picture that stands in the text of a question."""

    __tablename__ = "question_images"

    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id", ondelete="RESTRICT"), primary_key=True, index=True)
