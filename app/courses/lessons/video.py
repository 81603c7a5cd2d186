"""A video in `media`, played in the page; a note in `body`."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.courses.lessons.form import FileForm
from app.courses.lessons.kind import FileRule, LessonKind
from app.courses.lessons.playing import enough, has_content, is_measured, shown
from app.courses.models import Lesson


def rule(lesson: Lesson) -> str:
    if is_measured(lesson):
        return _("Tonton minimal %(share)s, atau tekan Tandai Selesai.", share=enough())
    return _("Tonton videonya, lalu tekan Tandai Selesai.")


FILES = FileRule((".mp4", ".m4v", ".webm"), 512_000_000)

KIND = LessonKind("video", _l("Video"), "play", has_content, rule, shown, FileForm, FILES, reports=True)
