"""What keeps a course from being published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.core.db import db
from app.courses.lessons import kind_of
from app.courses.models import Course, Section


@dataclass(frozen=True)
class Missing:
    """What a course lacks for being published, and where to mend it."""

    sentence: str
    section_id: int | None = None
    lesson_id: int | None = None
    address: str | None = None
    """The path of the page, when it is not one of this package."""


@dataclass(frozen=True)
class Publication:
    """How a course stands to being published. `advice` names what it may lack, but had better have."""

    missing: list[Missing]
    advice: list[str]
    submitter: str | None
    """The name of who asks for it."""
    publisher: str | None
    """The name of who published it last."""


def lacks_outline(course: Course) -> list[Missing]:
    """What the outline itself lacks: sections, lessons in each, content in every lesson."""
    sections = db.session.scalars(
        select(Section)
        .where(Section.course_id == course.id, Section.deleted_at.is_(None))
        .order_by(Section.position)
        .options(selectinload(Section.lessons))
        .execution_options(populate_existing=True)
    ).all()
    if not sections:
        return [Missing(_("Kursus belum memiliki bab."))]
    missing = []
    for section in sections:
        if not section.lessons:
            sentence = _("Bab “%(title)s” belum memiliki materi.", title=section.title)
            missing.append(Missing(sentence, section_id=section.id))
        for lesson in section.lessons:
            if not kind_of(lesson).has_content(lesson):
                sentence = _("Materi “%(title)s” belum memiliki isi.", title=lesson.title)
                missing.append(Missing(sentence, section_id=section.id, lesson_id=lesson.id))
    return missing


publish_checks: list[Callable[[Course], list[Missing]]] = [lacks_outline]
"""Packages above add a function that names what a course lacks (an assessment that is still a draft)."""


def missing_for_publishing(course: Course) -> list[Missing]:
    """Everything that keeps the course from being published; empty when it may be."""
    return [missing for check in publish_checks for missing in check(course)]


def publication(course: Course) -> Publication:
    """What the page about publishing the course shows."""
    named = select(User.id, User.name).where(User.id.in_({course.submitted_by, course.published_by} - {None}))
    names = {row.id: row.name for row in db.session.execute(named)}
    advice = {
        _("Deskripsi singkat, yang tampil di katalog"): course.short_description,
        _("Tentang kursus ini"): course.description,
        _("Tujuan belajar"): course.objectives,
        _("Kategori"): course.category_id,
    }
    return Publication(
        missing=missing_for_publishing(course),
        advice=[words for words, given in advice.items() if not given],
        submitter=names.get(course.submitted_by),
        publisher=names.get(course.published_by),
    )
