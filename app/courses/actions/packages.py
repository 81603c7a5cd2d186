"""Importing a course package: uploaded, unpacked by a worker, made into a course whose lessons follow by a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select

from app.accounts.models import User
from app.core.db import action, db, id_of
from app.courses.access import may_archive
from app.courses.actions.collecting import Collected, collected, settle
from app.courses.actions.courses import CourseFields, create_course
from app.courses.actions.outline import add_section
from app.courses.actions.quota import reserve
from app.courses.actions.tags import set_tags
from app.courses.events import CourseImportBegun, CourseImportRefused, CourseImportRequested
from app.courses.file_rules import PACKAGE
from app.courses.models import Course, CourseImport, Difficulty, ImportedLesson, Media, ProgressMode, Upload, Visibility
from app.courses.packages import Package, PackageRefused, read_package
from app.courses.queries.packages import category_like, course_of_package
from app.events import emit
from app.events.tasks import request_task

KIND = "course.import"


class AlreadyHere(PackageRefused):
    """The course of the package is here: it was made here, or imported before."""

    def __init__(self, course: Course, actor: User) -> None:
        oneself = _(
            "Kursus dari paket ini sudah ada: “%(title)s”. Untuk mengimpornya lagi, arsipkan dulu kursus itu.",
            title=course.title,
        )
        by_admin = _(
            "Kursus dari paket ini sudah ada: “%(title)s”. Untuk mengimpornya lagi, minta admin lembaga Anda"
            " mengarsipkannya dulu.",
            title=course.title,
        )
        super().__init__(oneself if may_archive(course, actor) else by_admin)
        self.course = course


class LessonToBe(NamedTuple):
    """A lesson of a package, judged: what `add_lesson` takes, and its file by asset; or why it is left out."""

    title: str
    section: int
    fields: dict[str, Any]
    file: str | None
    problem: str | None


def upload_package(source: Upload | IO[bytes], *, name: str = "", actor: User) -> UUID:
    """Keeps a package that is in order, for a worker to unpack; answers the import's id. States CourseImportRequested.

    `source` is a complete upload of the actor's, or a stream called `name`. A refused package is forgotten. Raises
    PackageRefused, AlreadyHere for a course that is here already, and what `collected` and `settle` do.
    """
    with collected(source, PACKAGE, name=name, owner=actor) as file:
        with file.path.open("rb") as content:
            package = read_package(content)
        _refuse_second(package, actor)
        return settle(file, lambda: _request(file, package, actor))


@action
def _request(file: Collected, package: Package, actor: User) -> UUID:
    title = package.course.title
    made = CourseImport(
        owner_id=id_of(actor),
        file_name=file.name,
        stored_name=file.stored_name,
        title=title,
        origin=package.manifest.course,
    )
    db.session.add(made)
    db.session.flush()
    emit(CourseImportRequested(import_id=str(made.id), course_title=title), actor=actor)
    return made.id


@action
def refuse_import(import_id: UUID, sentence: str) -> None:
    """Nothing of the package is imported, and the sentence says why. States CourseImportRefused, once."""
    upload = db.session.get_one(CourseImport, import_id, with_for_update=True)
    if is_open(upload):
        upload.problem = sentence[:500]
        emit(CourseImportRefused(import_id=str(import_id), course_title=upload.title))


@action
def begin_course(import_id: UUID, package: Package, media: Mapping[str, Media], lessons: Sequence[LessonToBe]) -> None:
    """The course is there with its sections, a draft of whoever brought the package; its lessons follow by a task.

    `media` are the rows of the kept files by asset. Happens once. States CourseImportBegun and what `create_course`,
    `set_tags`, `add_section` and `request_task` do. Raises AlreadyHere, QuotaFull.
    """
    # Of two packages of one course only the first makes it.
    same = select(CourseImport).where(CourseImport.origin == package.manifest.course).order_by(CourseImport.id)
    uploads = db.session.scalars(same.with_for_update().execution_options(populate_existing=True)).all()
    upload = next(each for each in uploads if each.id == import_id)
    if not is_open(upload):
        return
    actor = db.session.get_one(User, upload.owner_id)
    _refuse_second(package, actor)
    reserve(sum(each.size for each in media.values()))
    db.session.add_all(media.values())
    course = create_course(package.course.title, actor=actor, **_course_fields(package))
    set_tags(course, package.course.tags, actor=actor)
    sections = [add_section(course, each.title, actor=actor).id for each in package.course.sections]
    rows = [_row(import_id, number, each, sections, media) for number, each in enumerate(lessons, 1)]
    if rows:
        db.session.execute(insert(ImportedLesson), rows)
    total = sum(each.problem is None for each in lessons)
    task = request_task(KIND, total=total, actor=actor, params={"import_id": str(import_id)})
    upload.course_id, upload.task_id = course.id, task.id
    emit(CourseImportBegun(import_id=str(import_id), course_id=course.id, course_title=course.title))


def is_open(upload: CourseImport) -> bool:
    """Whether nothing has become of the package yet."""
    return upload.task_id is None and upload.problem is None


def _refuse_second(package: Package, actor: User) -> None:
    here = course_of_package(package.manifest.course)
    if here is not None:
        raise AlreadyHere(here, actor)


def _course_fields(package: Package) -> CourseFields:
    said = package.course
    category = category_like(package.manifest.category)
    return CourseFields(
        short_description=said.short_description,
        description=said.description,
        objectives=list(said.objectives),
        prerequisites=list(said.prerequisites),
        category_id=category.id if category else None,
        visibility=Visibility(said.visibility),
        difficulty=Difficulty(said.difficulty),
        progress_mode=ProgressMode(said.progress_mode) if said.progress_mode else None,
        manual_duration_minutes=said.manual_duration_minutes,
        imported_from=package.manifest.course,
    )


def _row(
    import_id: UUID, number: int, lesson: LessonToBe, sections: Sequence[int], media: Mapping[str, Media]
) -> dict[str, Any]:
    file = media[lesson.file].id if lesson.file and lesson.problem is None else None
    return {
        "import_id": import_id,
        "number": number,
        "title": lesson.title,
        "fields": {**lesson.fields, "section_id": sections[lesson.section], "media_id": file},
        "problem": lesson.problem,
    }
