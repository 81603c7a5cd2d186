"""What keeps an assessment from being published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import select

from app.assessments.models import Assessment, AssessmentStatus, Item, QuestionVersion
from app.assessments.queries.assessments import assessments_of, items_of, tagged
from app.assessments.queries.composing import banks_of, pools
from app.assessments.questions import type_of
from app.core.clock import now
from app.core.db import db
from app.core.mail import site_path
from app.courses.models import Course
from app.courses.queries import Missing


@dataclass(frozen=True)
class Lacking:
    """What an assessment lacks, and at which question to mend it."""

    sentence: str
    question_id: int | None = None


@dataclass(frozen=True)
class Shortage:
    """A draw that an attempt might find too few questions for: `have` are sure to be there."""

    item: Item
    have: int
    overlaps: bool
    """Whether the bank has more with the tag, which stand in the assessment already or which other draws may take."""

    @property
    def sentence(self) -> str:
        values = {"have": self.have, "tag": self.item.tag, "wanted": self.item.draw}
        if self.overlaps:
            return _(
                "Untuk undian tag “%(tag)s” hanya tersisa %(have)s soal, sedangkan yang diambil %(wanted)s: soal lain "
                "sudah dimasukkan atau dapat terambil undian lain. Tambah soal bertag itu, atau kurangi jumlahnya.",
                **values,
            )
        return _(
            "Bank soal hanya memiliki %(have)s soal dengan tag “%(tag)s”, sedangkan yang diambil %(wanted)s. "
            "Tambah soal bertag itu, atau kurangi jumlahnya.",
            **values,
        )


def lacking_for_publishing(assessment: Assessment) -> list[Lacking]:
    """Everything that keeps the assessment from being published; empty when it may be. A constant number of reads."""
    closed = assessment.closes_at is not None and assessment.closes_at <= now()
    sentence = _("Waktu tutupnya sudah lewat. Ubah waktu tutup di Pengaturan.")
    return [*([Lacking(sentence)] if closed else []), *lacking_in_questions(assessment)]


def lacking_in_questions(assessment: Assessment) -> list[Lacking]:
    """Why its questions could not be asked and graded: what a published assessment must never lack."""
    items = items_of(assessment.id)
    found = [] if items else [Lacking(_("Asesmen ini belum memiliki soal."))]
    for item in items:
        if item.question is not None:
            found += _lacking(item.question.current)
    tags = [item.tag for item in items if item.tag is not None]
    found += [Lacking(each.sentence) for each in shortages(items, banks_of(assessment.course_id, tags))]
    for question in tagged(assessment.course_id, tags) if tags else ():
        found += _lacking(question.current)
    return found


def shortages(items: Sequence[Item], banks: Mapping[str, Set[int]]) -> list[Shortage]:
    """The draws of one assessment that an attempt might find too few questions for, whatever the dice say.

    Each draw is counted as it is composed, after all that earlier draws could take of its pool.
    """
    found = []
    drawn: list[tuple[int, Set[int]]] = []
    for item, pool in pools(items, banks):
        have = max(0, len(pool) - sum(min(draw, len(pool & other)) for draw, other in drawn))
        if have < item.draw:
            found.append(Shortage(item, have, have < len(banks.get(item.tag or "", ()))))
        drawn.append((item.draw, pool))
    return found


def published_shortages(course_id: int) -> dict[int, tuple[Assessment, Shortage]]:
    """By item, the draws of the course's published assessments that are too many. Two reads."""
    rows = db.session.scalars(
        select(Item)
        .join(Assessment, Assessment.id == Item.assessment_id)
        .where(Assessment.course_id == course_id, Assessment.status == AssessmentStatus.PUBLISHED)
        .order_by(Item.assessment_id, Item.position, Item.id)
    ).all()
    banks = banks_of(course_id, {item.tag for item in rows if item.tag is not None})
    found = {}
    for assessment_id, items in groupby(rows, key=lambda item: item.assessment_id):
        for each in shortages(list(items), banks):
            found[each.item.id] = db.session.get_one(Assessment, assessment_id), each
    return found


def _lacking(version: QuestionVersion) -> list[Lacking]:
    text = " ".join(version.text.split())
    name = text if len(text) <= 60 else text[:59] + "…"
    return [Lacking(f"{name}: {sentence}", version.question_id) for sentence in type_of(version).lacks(version)]


def lacks_assessments(course: Course) -> list[Missing]:
    """Required assessments of a course that are still drafts: a course is not published without them."""
    return [
        Missing(
            _("Asesmen wajib “%(title)s” belum terbit.", title=each.title),
            address=site_path("assessments.assessment_publication", assessment_id=each.id),
        )
        for each in assessments_of(course.id)
        if each.is_required and each.status == AssessmentStatus.DRAFT
    ]
