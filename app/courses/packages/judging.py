"""Whether a lesson of a package can be imported: its kind's own form decides, as it does for an author."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Protocol

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from app.core.i18n import format_filesize
from app.courses.lessons import KINDS, LessonKind
from app.courses.lessons.form import LessonForm
from app.courses.models import Lesson
from app.courses.packages.assets import assets_in, with_addresses
from app.courses.packages.content import PackedCourse, PackedLesson
from app.courses.packages.refusals import LessonSkipped


class Kept(Protocol):
    """A file that was taken out of the package and kept."""

    @property
    def public_id(self) -> str: ...

    @property
    def mime(self) -> str: ...

    @property
    def size(self) -> int: ...


def needed_assets(course: PackedCourse) -> list[str]:
    """The files that lessons of known kinds have or show, in the order of the lessons; nothing else is unpacked."""
    known = [lesson for _place, lesson in course.lessons if lesson.kind in KINDS]
    found = dict.fromkeys(each for lesson in known for each in assets_of(lesson))
    return [each for each in found if each in course.files]


def assets_of(lesson: PackedLesson) -> list[str]:
    """The file of the lesson, and the pictures in its text."""
    return [*([lesson.file] if lesson.file else []), *sorted(assets_in(lesson.body))]


def judge(lesson: PackedLesson, kept: Mapping[str, Kept], problems: Mapping[str, str]) -> dict[str, Any]:
    """The fields for `add_lesson`, but for the file. `kept` are the files by asset, `problems` why some were not kept.

    Raises LessonSkipped with the reason.
    """
    kind = KINDS.get(lesson.kind)
    if kind is None:
        raise LessonSkipped(_("Jenis materi “%(kind)s” tidak dikenal di sini.", kind=lesson.kind))
    if lesson.file and (kind.files is None or PurePosixPath(lesson.file).suffix not in kind.files.suffixes):
        raise LessonSkipped(_("Materi jenis %(kind)s tidak menerima berkas seperti ini.", kind=kind.label))
    for asset in assets_of(lesson):
        if asset not in kept:
            raise LessonSkipped(problems.get(asset) or _("Berkasnya tidak ada dalam paket."))
    if lesson.file and kind.files and kept[lesson.file].size > kind.files.max_bytes:
        size = format_filesize(kind.files.max_bytes)
        raise LessonSkipped(_("Berkasnya terlalu besar. Paling besar %(size)s.", size=size))
    if any(not kept[asset].mime.startswith("image/") for asset in assets_in(lesson.body)):
        raise LessonSkipped(_("Teksnya memuat gambar yang bukan gambar."))
    return _values(lesson, kind, {asset: kept[asset].public_id for asset in assets_in(lesson.body)})


def _values(lesson: PackedLesson, kind: LessonKind, public_ids: Mapping[str, str]) -> dict[str, Any]:
    stored = Lesson(
        title=lesson.title,
        kind=lesson.kind,
        body=with_addresses(lesson.body, public_ids),
        data=dict(lesson.data),
        minutes=lesson.minutes,
        is_required=lesson.is_required,
        is_free_preview=lesson.is_free_preview,
    )
    unsigned = {"csrf": False}
    try:
        shown = kind.form(formdata=None, data=kind.form.initial(stored), meta=unsigned)
        form = kind.form(formdata=_sent(shown), meta=unsigned)
        if form.validate():
            return dict(form.values())
    except (ValueError, OverflowError) as error:  # a moment that is none
        raise LessonSkipped(_("Isinya tidak dapat dibaca.")) from error
    field = next(field for field in form if field.errors)
    raise LessonSkipped(f"{field.label.text}: {field.errors[0]}")


def _sent(form: LessonForm) -> MultiDict[str, str]:
    """What a browser would send of the form as it is shown."""
    sent: MultiDict[str, str] = MultiDict()
    for field in form:
        if not isinstance(field, BooleanField):
            shown = field._value() if hasattr(field, "_value") else field.data
            sent[field.name] = "" if shown is None else str(shown)
        elif field.data:
            sent[field.name] = "y"
    return sent
