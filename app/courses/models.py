"""What is taught: categories, courses, sections, lessons and the files that belong to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Model


class CourseStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    PUBLIC = "public"
    RESTRICTED = "restricted"
    HIDDEN = "hidden"


class Difficulty(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class ProgressMode(StrEnum):
    LESSON_BASED = "lesson_based"
    WEIGHTED = "weighted"
    ASSESSMENT_INCLUSIVE = "assessment_inclusive"


class Category(Model):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)


class Course(Model):
    """A course. The two counters are kept by `enrollments`, which calls down in its own transaction."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    slug: Mapped[str] = mapped_column(String(255), unique=True)
    short_description: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    prerequisites: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[CourseStatus] = mapped_column(String(20), default=CourseStatus.DRAFT, index=True)
    visibility: Mapped[Visibility] = mapped_column(String(20), default=Visibility.PUBLIC)
    difficulty: Mapped[Difficulty] = mapped_column(String(20), default=Difficulty.BEGINNER)
    progress_mode: Mapped[ProgressMode | None] = mapped_column(String(20))
    manual_duration_minutes: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    active_enrollments_count: Mapped[int] = mapped_column(default=0)
    completed_enrollments_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)

    owner: Mapped[User] = relationship(foreign_keys=owner_id)
    category: Mapped[Category | None] = relationship()
    sections: Mapped[list[Section]] = relationship(back_populates="course", order_by="Section.position")


class Section(Model):
    __tablename__ = "course_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    position: Mapped[int]

    course: Mapped[Course] = relationship(back_populates="sections")
    lessons: Mapped[list[Lesson]] = relationship(
        back_populates="section",
        order_by="Lesson.position",
        primaryjoin="and_(Lesson.section_id == Section.id, Lesson.deleted_at.is_(None))",
    )


class Lesson(Model):
    """A lesson. What `body`, `data` and `media` mean is up to its kind (`courses/lessons/<kind>.py`)."""

    __tablename__ = "lessons"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("course_sections.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="RESTRICT"), index=True)
    minutes: Mapped[int] = mapped_column(default=0)
    is_free_preview: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    deleted_at: Mapped[datetime | None]

    section: Mapped[Section] = relationship(back_populates="lessons")
    media: Mapped[Media | None] = relationship()


class Media(Model):
    """A stored file. Its bytes lie in the private storage under `stored_name`; the type was read from them."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    stored_name: Mapped[str] = mapped_column(String(100), unique=True)
    original_name: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
