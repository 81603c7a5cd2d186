"""A page to read: Markdown in `body`."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.markdown import render
from app.courses.lessons.form import LONGEST_TEXT, LessonForm
from app.courses.lessons.kind import LessonKind, Look
from app.courses.models import Lesson


class TextForm(LessonForm):
    body = TextAreaField(_l("Isi"), [Length(max=LONGEST_TEXT)])
    OWN = ("body",)


def has_content(lesson: Lesson) -> bool:
    return bool(lesson.body.strip())


def rule(lesson: Lesson) -> str:
    return _("Baca sampai akhir, lalu tekan Tandai Selesai.")


def shown(lesson: Lesson, look: Look) -> Markup:
    """The sanitised text."""
    return render(lesson.body)


KIND = LessonKind("text", _l("Bacaan"), "book-open", has_content, rule, shown, TextForm)
