"""A video on YouTube: its id in `data["video_id"]`, a note in `body`.

A video costs the learner data, and tells Google who watches. So the page first shows a card; the player is in the
page, and its host in the policy, only when the learner has asked for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.core.markdown import render
from app.core.security import allow_frame
from app.courses.lessons.form import NoteForm
from app.courses.lessons.kind import LessonKind, Look
from app.courses.models import Lesson

PLAYER = "https://www.youtube-nocookie.com"
_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com"}
_ID = re.compile(r"[A-Za-z0-9_-]{11}")


@dataclass(frozen=True)
class Video:
    """`player` is None until the learner has asked for the video."""

    player: str | None
    watch: str
    note: Markup


def video_id(address: str) -> str | None:
    """The id in an address of YouTube (`watch?v=`, `youtu.be/`, `embed/`, `shorts/`), or the bare id; else None."""
    if _ID.fullmatch(address):
        return address
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
    except ValueError:  # `//[`
        return None
    if parts.scheme not in {"http", "https"} or (parts.hostname or "") not in _HOSTS | {"www.youtube-nocookie.com"}:
        return None
    found = parse_qs(parts.query).get("v", [""])[0] or parts.path.rsplit("/", 1)[-1]
    return found if _ID.fullmatch(found) else None


class YoutubeForm(NoteForm):
    address = StringField(
        _l("Alamat video YouTube"),
        [Length(max=500)],
        description=_l("Salin dari YouTube. Contoh: https://youtu.be/abcdefghijk"),
    )
    OWN = ("address", "body")

    def validate_address(self, field: StringField) -> None:
        if field.data and video_id(field.data) is None:
            raise ValidationError(_("Ini bukan alamat video YouTube. Contoh: https://youtu.be/abcdefghijk"))

    @classmethod
    def own_initial(cls, lesson: Lesson) -> dict[str, Any]:
        known = lesson.data.get("video_id")
        return {"address": f"https://youtu.be/{known}" if known else "", "body": lesson.body}

    def own_values(self) -> dict[str, Any]:
        known = video_id(self.address.data or "")
        return {"data": {"video_id": known} if known else {}, "body": self.body.data or ""}


def has_content(lesson: Lesson) -> bool:
    return _ID.fullmatch(str(lesson.data.get("video_id", ""))) is not None


def rule(lesson: Lesson) -> str:
    return _("Tonton videonya, lalu tekan Tandai Selesai.")


def shown(lesson: Lesson, look: Look) -> Video:
    """The card, or when the learner asked for it the player, which this response then may frame."""
    video = lesson.data.get("video_id", "")
    if look.playing:
        allow_frame(PLAYER)
    return Video(
        player=f"{PLAYER}/embed/{video}?autoplay=1&rel=0" if look.playing else None,
        watch=f"https://www.youtube.com/watch?v={video}",
        note=render(lesson.body),
    )


KIND = LessonKind("youtube", _l("YouTube"), "youtube", has_content, rule, shown, YoutubeForm)
