"""Reads for course packages: what one is made of, and what became of those that were uploaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.core import storage
from app.core.db import db
from app.core.errors import Refused
from app.core.forms import clean_line, clean_text
from app.courses.models import (
    Category,
    Course,
    CourseImport,
    CourseStatus,
    ImportedLesson,
    Lesson,
    LessonImage,
    Media,
    Section,
)
from app.courses.packages import (
    CONTENT,
    MANIFEST,
    MAX_ENTRIES,
    MAX_JSON,
    MAX_PACKAGE,
    Listed,
    Manifest,
    Packed,
    PackedCourse,
    PackedLesson,
    PackedSection,
    Shelf,
    asset_name,
    with_assets,
    written,
)
from app.events.models import Task

RECENT = 20


class CannotPack(Refused):
    """No package can be made of the course as it is."""


class Contents(NamedTuple):
    """How many lessons and files there are, and the bytes of the files."""

    lessons: int
    files: int
    size: int


class Import(NamedTuple):
    """An uploaded package, who brought it, the course that came of it, and its task once that has begun."""

    package: CourseImport
    owner: User
    course: Course | None
    task: Task | None

    @property
    def is_over(self) -> bool:
        return self.package.problem is not None or (self.task is not None and self.task.finished_at is not None)


def contents(course: Course) -> Contents:
    """What a package of the course would hold. Two statements."""
    living = Section.course_id == course.id, Section.deleted_at.is_(None), Lesson.deleted_at.is_(None)
    lessons = db.session.scalar(select(func.count(Lesson.id)).join(Lesson.section).where(*living)) or 0
    used = select(Lesson.media_id).join(Lesson.section).where(*living, Lesson.media_id.is_not(None))
    shown = select(LessonImage.media_id).join(Lesson, Lesson.id == LessonImage.lesson_id).join(Lesson.section)
    files = select(func.count(), func.coalesce(func.sum(Media.size), 0)).where(
        or_(Media.id.in_(used), Media.id.in_(shown.where(*living)))
    )
    count, size = db.session.execute(files).one()
    return Contents(lessons, count, int(size))


def packed(course: Course) -> Packed:
    """The course as a package: what is living in it, and the files of that. Reads files without a known checksum.

    Raises CannotPack for a file that is gone, and for what no school would import.
    """
    sections = _sections(course)
    lessons = [lesson for section in sections for lesson in section.lessons]
    pictures = _pictures(course)
    media = {each.id: each for each in [*(lesson.media for lesson in lessons), *pictures] if each is not None}
    names = {each.id: _asset(each) for each in media.values()}
    content = written(_course(course, sections, pictures, names))
    files = {names[each.id]: each for each in reversed(media.values())}
    manifest = written(_manifest(course, content, files))
    texts = {MANIFEST: manifest, CONTENT: content}
    made = Packed(f"{course.slug}.zip", texts, {name: (each.size, each.stored_name) for name, each in files.items()})
    if made.size > MAX_PACKAGE or len(content) > MAX_JSON or len(files) + len(texts) > MAX_ENTRIES:
        raise CannotPack(_("Kursus ini terlalu besar untuk satu paket: paling besar 1 GB dan 2.000 berkas."))
    return made


def course_of_package(public_id: str) -> Course | None:
    """The course here that a package with that id was made of, or that was made of one; not in the archive."""
    same = or_(Course.public_id == public_id, Course.imported_from == public_id)
    return db.session.scalar(select(Course).where(same, Course.status != CourseStatus.ARCHIVED).limit(1))


def category_like(shelf: Shelf | None) -> Category | None:
    """The category here that has the address, or else the name, of the one in a package."""
    if shelf is None:
        return None
    same = or_(Category.slug == shelf.slug, func.lower(Category.name) == shelf.name.lower())
    return db.session.scalar(select(Category).where(same).order_by(Category.slug != shelf.slug, Category.id).limit(1))


def recent_imports(viewer: User) -> Sequence[Import]:
    """The newest imports first: one's own, everybody's for admins. One statement."""
    wanted = _imports().order_by(CourseImport.created_at.desc(), CourseImport.id).limit(RECENT)
    if not viewer.is_admin:
        wanted = wanted.where(CourseImport.owner_id == viewer.id)
    return [Import(*row) for row in db.session.execute(wanted)]


def import_by_id(import_id: UUID) -> Import | None:
    """The import with that id. One statement."""
    row = db.session.execute(_imports().where(CourseImport.id == import_id)).one_or_none()
    return Import(*row) if row else None


def lesson_counts(import_id: UUID) -> tuple[int, int]:
    """How many lessons of the package were left out, and how many there are. One statement."""
    counted = select(func.count(ImportedLesson.problem), func.count()).where(ImportedLesson.import_id == import_id)
    left_out, total = db.session.execute(counted).one()
    return left_out, total


def left_out(import_id: UUID) -> Sequence[ImportedLesson]:
    """The lessons of the package that were not imported, in its order. One statement."""
    wanted = select(ImportedLesson).where(ImportedLesson.import_id == import_id, ImportedLesson.problem.is_not(None))
    return db.session.scalars(wanted.order_by(ImportedLesson.number)).all()


def _imports() -> Select[tuple[CourseImport, User, Course, Task]]:
    return (
        select(CourseImport, User, Course, Task)
        .join(User, User.id == CourseImport.owner_id)
        .outerjoin(Course, Course.id == CourseImport.course_id)
        .outerjoin(Task, Task.id == CourseImport.task_id)
    )


def _sections(course: Course) -> Sequence[Section]:
    return db.session.scalars(
        select(Section)
        .where(Section.course_id == course.id, Section.deleted_at.is_(None))
        .order_by(Section.position, Section.id)
        .options(selectinload(Section.lessons).joinedload(Lesson.media))
        .execution_options(populate_existing=True)
    ).all()


def _pictures(course: Course) -> Sequence[Media]:
    """The pictures that the texts of living lessons show."""
    living = (
        select(Media)
        .join(LessonImage, LessonImage.media_id == Media.id)
        .join(Lesson, Lesson.id == LessonImage.lesson_id)
        .join(Lesson.section)
        .where(Section.course_id == course.id, Lesson.deleted_at.is_(None), Section.deleted_at.is_(None))
    )
    return db.session.scalars(living.order_by(Section.position, Lesson.position, Media.id)).unique().all()


def _asset(media: Media) -> str:
    if not storage.exists(media.stored_name):
        raise CannotPack(_("Berkas “%(name)s” tidak ada lagi di server. Unggah lagi di materinya.",
                           name=media.original_name))  # fmt: skip
    return asset_name(media, media.sha256 or _digest(storage.pieces(media.stored_name)))


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _course(
    course: Course, sections: Sequence[Section], pictures: Sequence[Media], names: dict[int, str]
) -> PackedCourse:
    addresses = {each.public_id: names[each.id] for each in pictures}
    media = [*(lesson.media for section in sections for lesson in section.lessons), *pictures]
    files = {names[each.id]: _line(each.original_name) for each in reversed(media) if each is not None}
    return PackedCourse(
        title=_line(course.title),
        short_description=_text(course.short_description),
        description=_text(course.description),
        objectives=tuple(map(_line, course.objectives)),
        prerequisites=tuple(map(_line, course.prerequisites)),
        difficulty=course.difficulty,
        visibility=course.visibility,
        progress_mode=course.progress_mode,
        manual_duration_minutes=course.manual_duration_minutes,
        tags=tuple(sorted(tag.name for tag in course.tags)),
        sections=tuple(
            PackedSection(_line(section.title), tuple(_lesson(each, names, addresses) for each in section.lessons))
            for section in sections
        ),
        files=files,
    )


def _lesson(lesson: Lesson, names: dict[int, str], addresses: dict[str, str]) -> PackedLesson:
    return PackedLesson(
        title=_line(lesson.title),
        kind=lesson.kind,
        body=with_assets(_text(lesson.body), addresses),
        data=lesson.data,
        file=names[lesson.media_id] if lesson.media_id else None,
        minutes=lesson.minutes,
        is_required=lesson.is_required,
        is_free_preview=lesson.is_free_preview,
    )


def _manifest(course: Course, content: bytes, files: dict[str, Media]) -> Manifest:
    listed = {name: Listed(name.removeprefix("assets/").partition(".")[0], each.size) for name, each in files.items()}
    own = Listed(hashlib.sha256(content).hexdigest(), len(content))
    shelf = Shelf(course.category.slug, _line(course.category.name)) if course.category else None
    return Manifest(course.public_id, shelf, {CONTENT: own, **listed})


def _line(value: str) -> str:
    return clean_line(value) or ""


def _text(value: str) -> str:
    return clean_text(value) or ""
