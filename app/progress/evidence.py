"""Evidence in words: the tree of the page "Mengapa belum selesai?", for learners and for staff."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.i18n import format_date, format_minutes, format_number
from app.courses.models import ProgressMode
from app.progress.calculators import AssessmentRequirement, Evidence, LessonRequirement

Node = dict[str, Any]
"""What components/evidence.html draws: ok, label, detail, action, children."""


def evidence_tree(evidence: Evidence, slug: str | None = None) -> list[Node]:
    """The requirements with ticks and crosses; with a slug the missing ones have a button that leads to them."""
    lessons = [_lesson(each, slug, evidence.mode) for each in evidence.lessons]
    assessments = [_assessment(each) for each in evidence.assessments]
    branches = []
    if lessons:
        branches.append(_branch(_("Semua materi wajib selesai"), lessons))
    if assessments:
        branches.append(_branch(_("Semua asesmen wajib lulus"), assessments))
    return branches


def rule_in_words(mode: ProgressMode) -> str:
    """How the number is made."""
    return {
        ProgressMode.LESSON_BASED: _("Persentase dihitung dari jumlah materi wajib yang selesai."),
        ProgressMode.WEIGHTED: _("Persentase dihitung dari menit materi wajib yang selesai."),
        ProgressMode.ASSESSMENT_INCLUSIVE: _("Persentase dihitung 70% dari materi wajib dan 30% dari asesmen wajib."),
    }[mode]


def _branch(label: str, children: list[Node]) -> Node:
    done = sum(each["ok"] for each in children)
    detail = _("%(done)s dari %(total)s", done=format_number(done), total=format_number(len(children)))
    return {"ok": done == len(children), "label": label, "detail": detail, "action": None, "children": children}


def _lesson(requirement: LessonRequirement, slug: str | None, mode: ProgressMode) -> Node:
    detail = format_minutes(requirement.minutes) if mode == ProgressMode.WEIGHTED else ""
    if requirement.done_at is not None:
        detail = _("Selesai %(date)s", date=format_date(requirement.done_at))
    action = None
    if slug and requirement.done_at is None:
        address = url_for("progress.lesson", slug=slug, lesson_id=requirement.id)
        action = {"label": _("Buka"), "href": address, "aria_label": _("Buka %(title)s", title=requirement.title)}
    return _leaf(requirement.title, requirement.done_at is not None, detail, action)


def _assessment(requirement: AssessmentRequirement) -> Node:
    detail = _("Lulus %(date)s", date=format_date(requirement.done_at)) if requirement.done_at else _("Belum lulus")
    return _leaf(requirement.title, requirement.done_at is not None, detail, None)


def _leaf(label: str, ok: bool, detail: str, action: dict[str, str] | None) -> Node:
    return {"ok": ok, "label": label, "detail": detail, "action": action, "children": []}
