"""The two questions before every change: may this person change the course now, and is the form up to date."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from app.accounts.models import User
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Conflict, Refused
from app.core.i18n import format_time
from app.core.once import upsert
from app.courses.access import may_archive, may_change
from app.courses.models import Course, CourseStatus, EditDraft, Edited, Lesson
from app.courses.queries import Draftable, last_saved, subject_of


class CourseLocked(Refused):
    """The course is published or archived, and the person is no admin."""


class EditConflict(Conflict):
    """Somebody else has saved since the form was opened."""


class DraftOutdated(Conflict):
    """The person who typed it has saved something newer since."""


class OutOfPlace(Refused):
    """The section or lesson does not belong where it is put, or is deleted."""


def begin_change(course: Course, *, actor: User) -> None:
    """Locks the course for this transaction. Raises CourseLocked unless the actor may change it now."""
    lock(course)
    if not may_change(course, actor):
        if course.status == CourseStatus.ARCHIVED:
            by_admin = _("Kursus ini diarsipkan. Minta admin memulihkannya ke draf, lalu ubah.")
            oneself = _("Kursus ini diarsipkan. Pulihkan dulu ke draf di tab Terbitkan, lalu ubah.")
            raise CourseLocked(oneself if may_archive(course, actor) else by_admin)
        raise CourseLocked(_("Kursus ini sedang terbit. Minta admin mengembalikannya ke draf, lalu ubah."))


def note_edit(thing: Course | Lesson, *, changed: bool, version: int | None, actor: User) -> None:
    """What was typed is saved: the draft is gone, and a row that `changed` has a new version, by the actor.

    `version` is what the form was opened on; None does not ask.

    Raises EditConflict when the row has another version now.
    """
    if version is not None and thing.version != version:
        raise EditConflict(stale(thing))
    forget_draft(thing, actor)
    if changed:
        thing.version += 1
        thing.updated_at = now()
        thing.updated_by = actor.id


@action
def keep_draft(thing: Draftable, fields: dict[str, Any], *, version: int, actor: User) -> EditDraft:
    """What was typed into the form is kept for this person until it is saved or dropped. No fact: nothing happened.

    Raises DraftOutdated for what this person had typed before saving: it may arrive late.
    """
    lock(thing)
    saved, by = last_saved(thing)
    if version < saved and by == actor.id:
        raise DraftOutdated(_("Draf tidak disimpan: Anda sudah menyimpan yang lebih baru."))
    key = {"user_id": actor.id, "subject": subject_of(thing), "subject_id": thing.id}
    return upsert(EditDraft, key, version=version, fields=fields, saved_at=now())


@action
def drop_draft(thing: Draftable, *, actor: User) -> None:
    """What this person had typed and not saved is forgotten."""
    forget_draft(thing, actor)


def forget_draft(thing: Draftable, actor: User) -> None:
    """As `drop_draft`, within an action that saves it."""
    db.session.execute(
        delete(EditDraft).where(
            EditDraft.user_id == actor.id, EditDraft.subject == subject_of(thing), EditDraft.subject_id == thing.id
        ),
        execution_options={"synchronize_session": False},
    )


def stale(thing: Edited) -> str:
    """Who has saved what the form does not know of, and what to do."""
    editor = db.session.get(User, thing.updated_by) if thing.updated_by else None
    sentence: str = _(
        "%(name)s menyimpan perubahan lain pukul %(time)s, sesudah Anda membuka halaman ini. Isian Anda masih ada di "
        "bawah. Bandingkan dengan yang tersimpan, lalu tekan Simpan sekali lagi untuk memakai isian Anda.",
        name=editor.name if editor else _("Seseorang"),
        time=format_time(thing.updated_at),
    )
    return sentence
