"""A file to open or to keep: the file in `media`, a note in `body`."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core.markdown import render
from app.courses.lessons.form import FileForm
from app.courses.lessons.kind import FileRule, LessonKind, Look
from app.courses.models import Lesson, Media


@dataclass(frozen=True)
class Document:
    """`type` is a word such as PDF or XLSX; only what `opens` can be seen without a program of its own.

    `pages` is None where it cannot be counted; `page` was left open.
    """

    public_id: str
    name: str
    type: str
    size: int
    pages: int | None
    page: int
    opens: bool
    note: Markup


def has_content(lesson: Lesson) -> bool:
    return lesson.media_id is not None


def rule(lesson: Lesson) -> str:
    if lesson.media is not None and lesson.media.pages is not None:
        return _("Baca di sini sampai halaman terakhir, atau tekan Tandai Selesai.")
    return _("Buka atau unduh berkasnya, lalu tekan Tandai Selesai.")


def shown(lesson: Lesson, look: Look) -> Document | None:
    """The file with its type and size; None while a draft has none."""
    media = lesson.media
    if media is None:
        return None
    return Document(
        public_id=media.public_id,
        name=media.original_name,
        type=media.type or _("Berkas"),
        size=media.size,
        pages=media.pages,
        page=min(look.page, media.pages or 1),
        opens=opens_in_browser(media),
        note=render(lesson.body),
    )


def opens_in_browser(media: Media) -> bool:
    """Only PDF is shown in place; everything else is a download."""
    return media.is_pdf


FILES = FileRule((".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".txt", ".csv"), 50_000_000)

KIND = LessonKind("document", _l("Dokumen"), "file-text", has_content, rule, shown, FileForm, FILES, reports=True)
