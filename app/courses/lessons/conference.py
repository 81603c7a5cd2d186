"""A meeting online: link and time in `data["link"]` and `data["starts_at"]` (ISO, UTC), a note in `body`.

All of it is for those who learn here: whoever only looks at a free preview could walk into the meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from app.core.forms import MomentField
from app.core.markdown import render
from app.courses.lessons.form import NoteForm
from app.courses.lessons.kind import LessonKind, Look
from app.courses.models import Lesson

HOSTS = {"zoom.us": "Zoom", "meet.google.com": "Google Meet", "teams.microsoft.com": "Microsoft Teams"}


@dataclass(frozen=True)
class Meeting:
    """`place` is the service or the host of the link; `starts_at` is None where the author says no time."""

    link: str
    place: str
    starts_at: datetime | None
    note: Markup


def place_of(link: str) -> str | None:
    """Where a link leads to: `Zoom`, or its host; None for what is no https address."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:  # `https://[`
        return None
    if parts.scheme != "https" or "." not in host or parts.username is not None or not link.isprintable():
        return None
    return next((name for known, name in HOSTS.items() if host == known or host.endswith(f".{known}")), host)


class ConferenceForm(NoteForm):
    link = StringField(
        _l("Tautan pertemuan"),
        [Length(max=500)],
        description=_l("Dari Zoom, Google Meet, atau layanan lain. Hanya terlihat oleh peserta kursus."),
    )
    starts_at = MomentField(_l("Mulai"), [Optional()], description=_l("Menurut zona waktu Anda."))
    OWN = ("link", "starts_at", "body")

    def validate_link(self, field: StringField) -> None:
        if field.data and place_of(field.data) is None:
            raise ValidationError(_("Ini bukan tautan pertemuan. Contoh: https://zoom.us/j/123456789"))

    @classmethod
    def own_initial(cls, lesson: Lesson) -> dict[str, Any]:
        return {"link": lesson.data.get("link", ""), "starts_at": _moment(lesson), "body": lesson.body}

    def own_values(self) -> dict[str, Any]:
        data = {"link": self.link.data} if self.link.data else {}
        if self.starts_at.moment:
            data["starts_at"] = self.starts_at.moment.isoformat()
        return {"data": data, "body": self.body.data or ""}


def has_content(lesson: Lesson) -> bool:
    return place_of(str(lesson.data.get("link", ""))) is not None


def rule(lesson: Lesson) -> str:
    return _("Ikuti pertemuannya, lalu tekan Tandai Selesai.")


def shown(lesson: Lesson, look: Look) -> Meeting | None:
    """The meeting, for those inside; None for others, and while a draft has none."""
    link = str(lesson.data.get("link", ""))
    place = place_of(link)
    if place is None or not look.is_inside:
        return None
    return Meeting(link, place, _moment(lesson), render(lesson.body))


def _moment(lesson: Lesson) -> datetime | None:
    stored = lesson.data.get("starts_at")
    return datetime.fromisoformat(stored) if stored else None


KIND = LessonKind("conference", _l("Pertemuan"), "video", has_content, rule, shown, ConferenceForm)
