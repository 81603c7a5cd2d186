"""Evidence in words: the tree of the page "Mengapa belum selesai?", for learners and for staff."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.i18n import format_date, format_minutes, format_number
from app.courses.models import ProgressMode
from app.progress.calculators import AssessmentRequirement, Evidence
from app.progress.queries import StudyLesson, StudyOutline, StudySection

Node = dict[str, Any]
"""What components/evidence.html draws: ok, label, detail, action, children."""


def evidence_tree(evidence: Evidence, outline: StudyOutline, slug: str | None = None) -> list[Node]:
    """The requirements with ticks and crosses, the lessons by section; a finished section is one line.

    With a slug everything that is missing has a button that leads to it.
    """
    branches = []
    if evidence.lessons:
        sections = [
            _section(number, section, evidence.mode, slug)
            for number, section in enumerate(outline.sections, 1)
            if any(each.is_required for each in section.lessons)
        ]
        done = len(evidence.lessons) - len(evidence.missing_lessons)
        branches.append(_branch(_("Semua materi wajib selesai"), done, len(evidence.lessons), sections))
    if evidence.assessments:
        passed = len(evidence.assessments) - len(evidence.missing_assessments)
        children = [_assessment(each, linked=slug is not None) for each in evidence.assessments]
        branches.append(_branch(_("Semua asesmen wajib lulus"), passed, len(children), children))
    return branches


def rule_in_words(mode: ProgressMode) -> str:
    """How the number is made."""
    return {
        ProgressMode.LESSON_BASED: _("Persentase dihitung dari jumlah materi wajib yang selesai."),
        ProgressMode.WEIGHTED: _("Persentase dihitung dari menit materi wajib yang selesai."),
        ProgressMode.ASSESSMENT_INCLUSIVE: _("Persentase dihitung 70% dari materi wajib dan 30% dari asesmen wajib."),
    }[mode]


def _branch(label: str, done: int, total: int, children: list[Node]) -> Node:
    detail = _("%(done)s dari %(total)s", done=format_number(done), total=format_number(total))
    return {"ok": done == total, "label": label, "detail": detail, "action": None, "children": children}


def _section(number: int, section: StudySection, mode: ProgressMode, slug: str | None) -> Node:
    required = [each for each in section.lessons if each.is_required]
    done = sum(each.done_at is not None for each in required)
    children = [] if done == len(required) else [_lesson(each, mode, slug) for each in required]
    return _branch(_("Bab %(number)s: %(title)s", number=number, title=section.title), done, len(required), children)


def _lesson(lesson: StudyLesson, mode: ProgressMode, slug: str | None) -> Node:
    if lesson.done_at is not None:
        return _leaf(lesson.title, True, _("Selesai %(date)s", date=format_date(lesson.done_at)))
    detail = format_minutes(lesson.minutes) if mode == ProgressMode.WEIGHTED else ""
    address = url_for("progress.lesson", slug=slug, lesson_id=lesson.id) if slug else None
    return _leaf(lesson.title, False, detail, {"label": _("Buka"), "href": address} if address else None)


def _assessment(requirement: AssessmentRequirement, *, linked: bool) -> Node:
    if requirement.done_at is not None:
        return _leaf(requirement.title, True, _("Lulus %(date)s", date=format_date(requirement.done_at)))
    address = url_for("assessments.intro", assessment_id=requirement.id)
    return _leaf(
        requirement.title, False, _("Belum lulus"), {"label": _("Kerjakan"), "href": address} if linked else None
    )


def _leaf(label: str, ok: bool, detail: str, action: dict[str, str] | None = None) -> Node:
    return {"ok": ok, "label": label, "detail": detail, "action": action, "children": []}
