"""Evidence in words: the tree of the page "Mengapa belum selesai?", for learners and for staff."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.i18n import format_date, format_minutes, format_number
from app.courses.models import ProgressMode
from app.progress.calculators import AssessmentRequirement, Evidence
from app.progress.listing import ListedSection, Listing
from app.progress.queries import StudyLesson

Node = dict[str, Any]
"""What components/evidence.html draws: ok, label, detail, action, children; or label and href of what is not listed."""


def evidence_tree(evidence: Evidence, listing: Listing, slug: str) -> list[Node]:
    """The requirements with ticks and crosses, the lessons by section; a finished section is one line.

    Everything that is missing has a button that leads to it, or to where it is listed.
    """
    branches = []
    if evidence.lessons:
        sections = [
            _section(each, evidence.mode, slug)
            for each in listing.sections
            if any(lesson.is_required for lesson in each.section.lessons)
        ]
        if listing.earlier:
            n = len(listing.earlier)
            label = ngettext("%(n)s bab sebelumnya", "%(n)s bab sebelumnya", n, n=format_number(n))
            sections.insert(0, _more(label, listing.earlier[-1].lessons[0], slug))
        if listing.later:
            n = len(listing.later)
            label = ngettext("%(n)s bab berikutnya", "%(n)s bab berikutnya", n, n=format_number(n))
            sections.append(_more(label, listing.later[0].lessons[0], slug))
        done = len(evidence.lessons) - len(evidence.missing_lessons)
        branches.append(_branch(_("Semua materi wajib selesai"), done, len(evidence.lessons), sections))
    if evidence.assessments:
        passed = len(evidence.assessments) - len(evidence.missing_assessments)
        children = [_assessment(each) for each in evidence.assessments]
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


def _section(listed: ListedSection, mode: ProgressMode, slug: str) -> Node:
    lessons = listed.section.lessons
    required = [each for each in lessons if each.is_required]
    done = sum(each.done_at is not None for each in required)
    label = _("Bab %(number)s: %(title)s", number=listed.number, title=listed.section.title)
    branch = _branch(label, done, len(required), [])
    if done < len(required) and listed.is_open:
        branch["children"] = _listed(listed, mode, slug)
    elif done < len(required):
        branch["action"] = {"label": _("Lihat"), "href": _around(lessons[0], slug)}
    return branch


def _listed(listed: ListedSection, mode: ProgressMode, slug: str) -> list[Node]:
    nodes = [_lesson(each, mode, slug) for each in listed.lessons if each.is_required]
    if listed.earlier:
        n = len(listed.earlier)
        label = ngettext("%(n)s materi sebelumnya", "%(n)s materi sebelumnya", n, n=format_number(n))
        nodes.insert(0, _more(label, listed.earlier[-1], slug))
    if listed.later:
        n = len(listed.later)
        label = ngettext("%(n)s materi berikutnya", "%(n)s materi berikutnya", n, n=format_number(n))
        nodes.append(_more(label, listed.later[0], slug))
    return nodes


def _lesson(lesson: StudyLesson, mode: ProgressMode, slug: str) -> Node:
    if lesson.done_at is not None:
        return _leaf(lesson.title, True, _("Selesai %(date)s", date=format_date(lesson.done_at)))
    detail = format_minutes(lesson.minutes) if mode == ProgressMode.WEIGHTED else ""
    address = url_for("progress.lesson", slug=slug, lesson_id=lesson.id)
    return _leaf(lesson.title, False, detail, {"label": _("Buka"), "href": address})


def _assessment(requirement: AssessmentRequirement) -> Node:
    if requirement.done_at is not None:
        return _leaf(requirement.title, True, _("Lulus %(date)s", date=format_date(requirement.done_at)))
    address = url_for("assessments.intro", assessment_id=requirement.id)
    return _leaf(requirement.title, False, _("Belum lulus"), {"label": _("Kerjakan"), "href": address})


def _more(label: str, lesson: StudyLesson, slug: str) -> Node:
    return {"label": label, "href": _around(lesson, slug)}


def _around(lesson: StudyLesson, slug: str) -> str:
    return url_for("progress.why", slug=slug, daftar=lesson.id, _anchor="syarat")


def _leaf(label: str, ok: bool, detail: str, action: dict[str, str] | None = None) -> Node:
    return {"ok": ok, "label": label, "detail": detail, "action": action, "children": []}
