"""What keeps an assessment from being published."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.assessments.models import Assessment, AssessmentStatus, QuestionVersion
from app.assessments.queries.assessments import assessments_of, items_of, living_by_tag, tagged
from app.assessments.questions import type_of
from app.core.clock import now
from app.core.mail import site_path
from app.courses.models import Course
from app.courses.queries import Missing


@dataclass(frozen=True)
class Lacking:
    """What an assessment lacks, and at which question to mend it."""

    sentence: str
    question_id: int | None = None


def lacking_for_publishing(assessment: Assessment) -> list[Lacking]:
    """Everything that keeps the assessment from being published; empty when it may be. A constant number of reads."""
    found = []
    items = items_of(assessment.id)
    if not items:
        found.append(Lacking(_("Asesmen ini belum memiliki soal.")))
    if assessment.closes_at is not None and assessment.closes_at <= now():
        found.append(Lacking(_("Waktu tutupnya sudah lewat. Ubah waktu tutup di Pengaturan.")))
    for item in items:
        if item.question is not None:
            found += _lacking(item.question.current)
    draws = {item.tag: item.draw for item in items if item.tag is not None}
    living = living_by_tag(assessment.course_id) if draws else {}
    for tag, wanted in draws.items():
        if living.get(tag, 0) < wanted:
            sentence = _(
                "Bank soal hanya memiliki %(have)s soal dengan tag “%(tag)s”, sedangkan yang diambil %(wanted)s.",
                have=living.get(tag, 0), tag=tag, wanted=wanted,
            )  # fmt: skip
            found.append(Lacking(sentence))
    for question in tagged(assessment.course_id, list(draws)) if draws else ():
        found += _lacking(question.current)
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
