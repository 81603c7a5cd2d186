"""What is taught: categories, courses, sections, lessons and the files that belong to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Model
from app.core.ids import public_id


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


course_tags = Table(
    "course_tags",
    Model.metadata,
    Column("course_id", ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Model):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(50))


class Edited:
    """Columns of what several people may edit: every saved edit is a new version, so that a stale form is noticed."""

    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)


class Course(Edited, Model):
    """A course. The counters are kept by `enrollments`: of people in its own transaction, of ratings by a receiver."""

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
    submitted_at: Mapped[datetime | None]
    """Since when its author asks for it to be published; None when nobody does."""
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    active_enrollments_count: Mapped[int] = mapped_column(default=0)
    completed_enrollments_count: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    """What a package of the course is known by, here and in other schools."""
    imported_from: Mapped[str | None] = mapped_column(String(32), index=True)
    """The `public_id` in the package that the course was made from."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    owner: Mapped[User] = relationship(foreign_keys=owner_id)
    category: Mapped[Category | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=course_tags, order_by="Tag.name")
    sections: Mapped[list[Section]] = relationship(
        back_populates="course",
        order_by="Section.position",
        primaryjoin="and_(Section.course_id == Course.id, Section.deleted_at.is_(None))",
    )

    @property
    def rating(self) -> float | None:
        """The average of its reviews, 1 to 5; None while there is none."""
        return self.rating_sum / self.rating_count if self.rating_count else None


class Section(Model):
    __tablename__ = "course_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    position: Mapped[int]
    deleted_at: Mapped[datetime | None]
    """Set together with that of the lessons that were in it."""

    course: Mapped[Course] = relationship(back_populates="sections")
    lessons: Mapped[list[Lesson]] = relationship(
        back_populates="section",
        order_by="Lesson.position",
        primaryjoin="and_(Lesson.section_id == Section.id, Lesson.deleted_at.is_(None))",
    )


class Lesson(Edited, Model):
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
    """A stored file. Its bytes lie in the private storage under `stored_name`; what it is was read from them."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    stored_name: Mapped[str] = mapped_column(String(100), unique=True)
    original_name: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    """Of a PDF; None where that has no meaning or could not be read."""
    seconds: Mapped[int | None]
    """Of a video or a recording; None where that has no meaning or could not be read."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def type(self) -> str:
        """A word such as PDF or XLSX, from its name; empty where that has no ending."""
        return PurePath(self.original_name).suffix.removeprefix(".").upper()

    @property
    def is_pdf(self) -> bool:
        return self.mime == "application/pdf"

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")


class LessonImage(Model):
    """A picture that stands in the text of a lesson: who may open the lesson sees it."""

    __tablename__ = "lesson_images"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id", ondelete="RESTRICT"), primary_key=True, index=True)


class Upload(Model):
    """A large file on its way, piece by piece. Its bytes so far lie beside the storage, under the id."""

    __tablename__ = "uploads"
    __table_args__ = (CheckConstraint("received BETWEEN 0 AND size", name="received_range"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    """The lesson kind that the file is for, or `package`."""
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class EditDraft(Model):
    """What somebody has typed into a form and not saved yet.

    `subject` is `course` or `lesson`, or `section` for a new lesson of it.
    """

    __tablename__ = "edit_drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    """The version that the form was opened on (`queries.last_saved`)."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class CourseImport(Model):
    """A course package that was uploaded, and what became of it."""

    __tablename__ = "course_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(32), index=True)
    """The `public_id` of the course that the package was made of."""
    problem: Mapped[str | None] = mapped_column(String(500))
    """Why nothing of it was imported; None as long as nothing speaks against it."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="SET NULL"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ImportedLesson(Model):
    """A lesson of an uploaded package: what it will be, then what it has become."""

    __tablename__ = "course_import_lessons"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("course_imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place among all lessons of the package, counted from 1."""
    title: Mapped[str] = mapped_column(String(255))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What `add_lesson` takes; empty once that has happened."""
    problem: Mapped[str | None] = mapped_column(String(500))
    """Why it was left out; None for a lesson that was or will be made."""
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
