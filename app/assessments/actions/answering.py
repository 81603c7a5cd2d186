"""Saving answers, one by one, as they are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from flask_babel import gettext as _

from app.accounts.models import User
from app.assessments.actions.closing import GRACE
from app.assessments.actions.refusals import AttemptClosed
from app.assessments.models import Answer, Attempt
from app.assessments.questions import Unreadable, type_of
from app.assessments.questions.file_upload import PICTURES, RULE
from app.core.clock import now
from app.core.db import action, db, lock
from app.courses.actions import forget_file, store_file, store_image
from app.courses.models import Media
from app.enrollments.access import is_inside


def hand_in_file(attempt: Attempt, answer: Answer, file: IO[bytes], name: str, *, actor: User) -> datetime:
    """The file is the answer to this question; the one that was there before goes.

    Not inside a transaction. Raises AttemptClosed, Unreadable where no file is asked for, and at the field `file` what
    `store_file` and `store_image` raise.
    """
    _refuse_closed(attempt)
    if not type_of(answer.asked).takes_file:
        raise Unreadable
    if PurePosixPath(name).suffix.lower() in PICTURES:
        media = store_image(file, name, owner=actor)
    else:
        media = store_file(file, "answer", name=name, owner=actor, rule=RULE)
    return save_answer(attempt, answer, (), media=media, actor=actor)


@action
def save_answer(
    attempt: Attempt,
    answer: Answer,
    values: Sequence[str],
    *,
    sequence: int | None = None,
    media: Media | None = None,
    actor: User,
) -> datetime:
    """What was sent is the answer to this question; the moment at which it was saved is the receipt.

    `sequence` counts the browser's saves of this question: one that is not newer than the last changes nothing. No
    fact: an attempt is one. Raises AttemptClosed after the end and its grace and for who has left the course,
    Unreadable for what is no answer, TooLong for more than fits.
    """
    lock(attempt)  # so that nothing is saved beside its end
    _refuse_closed(attempt)
    db.session.refresh(answer)
    kind = type_of(answer.asked)
    if (kind.takes_file and any(values)) or (media is not None and not kind.takes_file):
        raise Unreadable
    if kind.takes_file and media is None:
        return answer.saved_at or now()  # the page was left without another file: the one that is there stays
    response = kind.read(answer, values)
    if sequence is not None and sequence <= answer.sequence and answer.saved_at is not None:
        return answer.saved_at
    replaced = answer.media
    answer.response, answer.media = response, media
    if replaced is not None and replaced != media:
        db.session.flush()
        forget_file(replaced, actor=actor)
    answer.sequence = answer.sequence + 1 if sequence is None else sequence
    answer.saved_at = now()
    return answer.saved_at


@action
def flag_answer(attempt: Attempt, answer: Answer, flagged: bool, *, actor: User) -> None:
    """The learner is unsure of this question, or is not any more. Raises AttemptClosed."""
    lock(attempt)  # so that nothing is saved beside its end
    _refuse_closed(attempt)
    db.session.refresh(answer)
    answer.is_flagged = flagged


def _refuse_closed(attempt: Attempt) -> None:
    """Nothing is accepted after the end, nor from who is not in the course any more.

    Who has left the course, or was put out of it, keeps no access to its content: the questions are closed and nothing
    more is saved. The attempt is not cancelled, for leaving may be a slip: its time runs on, who comes back within it
    goes on, and what was saved before is handed in at the end as always.
    """
    late = attempt.deadline_at is not None and now() > attempt.deadline_at + GRACE
    if late or not attempt.is_open:
        raise AttemptClosed(_("Percobaan ini sudah berakhir. Jawaban yang tersimpan sebelumnya tetap dinilai."))
    if not is_inside(attempt.enrollment):
        raise AttemptClosed(
            _("Anda sudah berhenti dari kursus ini. Ikuti lagi kursusnya untuk melanjutkan percobaan ini.")
        )
