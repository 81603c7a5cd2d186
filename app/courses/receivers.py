"""What courses do when something happened: the search follows, files that nobody wants go, packages are opened."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import storage
from app.core.i18n import format_number
from app.courses.actions.media import forget_unused
from app.courses.actions.package_steps import import_lessons
from app.courses.actions.packages import KIND, refuse_import
from app.courses.actions.unpacking import clear_package, unpack_package
from app.courses.actions.uploads import forget_stalled, path_of
from app.courses.events import (
    CourseCreated,
    CourseImportBegun,
    CourseImportRefused,
    CourseImportRequested,
    CourseUpdated,
    MediaForgotten,
    TagDeleted,
    TagMerged,
    TagRenamed,
    TagsChanged,
    UploadContinued,
    UploadForgotten,
    UploadStarted,
)
from app.courses.search import index_course
from app.events import Delivery, receiver
from app.events.models import Task
from app.events.tasks import TaskKind, add_kind


@receiver(CourseCreated, CourseUpdated, TagsChanged)
def index_for_search(event: CourseCreated | CourseUpdated | TagsChanged, delivery: Delivery) -> None:
    index_course(event.course_id)


@receiver(TagRenamed, TagMerged, TagDeleted, queue="default")
def index_tagged_courses(event: TagRenamed | TagMerged | TagDeleted, delivery: Delivery) -> None:
    for course_id in event.course_ids:
        index_course(course_id)


@receiver(UploadStarted, UploadContinued, queue="default", at=lambda fact: fact.abandoned_at)
def forget_abandoned(event: UploadStarted | UploadContinued, delivery: Delivery) -> None:
    """The upload, unless more of it has come, and while we are at it what no lesson uses."""
    forget_stalled(UUID(event.upload_id), event.received if isinstance(event, UploadContinued) else 0)
    forget_unused()


@receiver(UploadForgotten, MediaForgotten, queue="default", effect="external")
def delete_forgotten(event: UploadForgotten | MediaForgotten, delivery: Delivery) -> None:
    if isinstance(event, UploadForgotten):
        path_of(UUID(event.upload_id)).unlink(missing_ok=True)
    storage.delete(event.stored_name)


def give_up_import(event: CourseImportRequested, delivery: Delivery) -> None:
    refuse_import(UUID(event.import_id), _("Server tidak dapat membuka paket ini. Unggah lagi, atau hubungi admin."))


@receiver(CourseImportRequested, queue="default", effect="external", timeout=900, failed=give_up_import)
def unpack(event: CourseImportRequested, delivery: Delivery) -> None:
    unpack_package(UUID(event.import_id))


@receiver(CourseImportBegun, CourseImportRefused, queue="default", effect="external")
def clear_import(event: CourseImportBegun | CourseImportRefused, delivery: Delivery) -> None:
    clear_package(UUID(event.import_id))


def summary(task: Task) -> list[str]:
    return [_("%(n)s materi diimpor.", n=format_number(task.total))]


def onward(task: Task) -> tuple[str, str]:
    return _("Lihat hasil impor"), url_for("courses.package_import", package_id=task.params["import_id"])


add_kind(TaskKind(KIND, _l("Impor kursus"), import_lessons, summary, onward))
