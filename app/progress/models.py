"""What a learner has done."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model


class LessonProgress(Model):
    """One learner's way through one lesson. Furthest page and watched share only grow; `completed_at` stays."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("enrollment_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    current_page: Mapped[int] = mapped_column(default=1)
    highest_page_reached: Mapped[int] = mapped_column(default=1)
    total_pages: Mapped[int] = mapped_column(default=1)
    time_spent_seconds: Mapped[int] = mapped_column(default=0)
    media_position_seconds: Mapped[int] = mapped_column(default=0)
    media_percentage: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))
    completed_at: Mapped[datetime | None]
    last_viewed_at: Mapped[datetime | None]
