"""Assessments as their authors make them: settings, the list of questions, publishing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessments.access import may_change
from app.assessments.actions.bank import add_question
from app.assessments.events import (
    AssessmentCreated,
    AssessmentPublished,
    AssessmentUnpublished,
    AssessmentUpdated,
)
from app.assessments.models import Assessment, AssessmentStatus, Item, Question
from app.assessments.queries.publishing import Lacking, lacking_for_publishing, lacking_in_questions
from app.assessments.questions.content import Content
from app.assessments.states import ASSESSMENT
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Refused
from app.core.once import insert_once
from app.courses.actions.editing import EditConflict, stale
from app.courses.models import Course
from app.events import emit, transition


class AssessmentLocked(Refused):
    """The assessment is published, and the person is no admin."""


class NotReady(Refused):
    """The assessment lacks something that it cannot be published without."""

    def __init__(self, lacking: list[Lacking]) -> None:
        super().__init__(_("Asesmen belum dapat diterbitkan. ") + " ".join(each.sentence for each in lacking))
        self.lacking = lacking


class LeftLacking(Refused):
    """The change would have a published assessment ask what cannot be drawn or graded."""

    def __init__(self, lacking: list[Lacking]) -> None:
        told = " ".join(each.sentence for each in lacking)
        then = _("Perbaiki itu dulu, atau kembalikan asesmen ke draf, lalu ubah.")
        super().__init__(_("Asesmen ini sedang terbit. ") + f"{told} {then}")
        self.lacking = lacking


class AlreadyThere(Refused):
    """The question or the tag is in the assessment already."""


@action
def create_assessment(course: Course, title: str, *, actor: User, **settings: Any) -> Assessment:
    """A new draft behind the others of the course. States AssessmentCreated."""
    last = db.session.scalar(select(func.max(Assessment.position)).where(Assessment.course_id == course.id)) or 0
    assessment = Assessment(course_id=course.id, owner_id=actor.id, title=title, position=last + 1, **settings)
    db.session.add(assessment)
    db.session.flush()
    emit(AssessmentCreated(assessment_id=assessment.id, course_id=course.id, title=title), actor=actor)
    return assessment


@action
def update_assessment(assessment: Assessment, *, actor: User, version: int | None = None, **changes: Any) -> None:
    """The named settings have the new values; attempts that have begun keep the rules that they began under.

    `version` is what the form was opened on. States AssessmentUpdated with the names of those that differ, if any
    does. Raises AssessmentLocked, EditConflict.
    """
    _begin(assessment, actor)
    if version is not None and version != assessment.version:
        raise EditConflict(stale(assessment))
    changed = [name for name, value in changes.items() if getattr(assessment, name) != value]
    for name in changed:
        setattr(assessment, name, changes[name])
    if changed:
        _tell(assessment, actor, *changed)


@action
def add_item(assessment: Assessment, question: Question, *, points: Decimal | None = None, actor: User) -> Item:
    """The question stands behind the others. States AssessmentUpdated.

    Raises AssessmentLocked, AlreadyThere, LeftLacking.
    """
    _begin(assessment, actor)
    if question.course_id != assessment.course_id or question.archived_at is not None:
        raise Refused(_("Soal ini tidak ada di bank soal kursus ini. Muat ulang halaman ini."))
    return _add(assessment, actor, question_id=question.id, points=points)


@action
def add_items(assessment: Assessment, questions: Sequence[Question], *, actor: User) -> None:
    """All of the questions stand behind the others, or none does.

    Raises AssessmentLocked, AlreadyThere, LeftLacking, and Refused for none.
    """
    if not questions:
        raise Refused(_("Belum ada soal yang dipilih. Centang soalnya, lalu masukkan."))
    for question in questions:
        add_item(assessment, question, actor=actor)


@action
def add_new_question(
    assessment: Assessment, kind: str, content: Content, *, tags: Sequence[str] = (), actor: User
) -> Item:
    """A new question in the bank that stands behind the others here.

    Raises AssessmentLocked, ForeignImage, LeftLacking.
    """
    _begin(assessment, actor)
    question = add_question(assessment.course, kind, content, tags=tags, actor=actor)
    return add_item(assessment, question, actor=actor)


@action
def add_draw(assessment: Assessment, tag: str, draw: int, *, points: Decimal | None = None, actor: User) -> Item:
    """So many questions with the tag are drawn for each attempt. States AssessmentUpdated.

    Raises AssessmentLocked, AlreadyThere, LeftLacking.
    """
    _begin(assessment, actor)
    return _add(assessment, actor, tag=tag, draw=draw, points=points)


@action
def change_item(item: Item, assessment: Assessment, *, actor: User, **changes: Any) -> None:
    """`draw` or `points` of the item are others. States AssessmentUpdated. Raises AssessmentLocked, LeftLacking."""
    _begin(assessment, actor)
    for name, value in changes.items():
        setattr(item, name, value)
    _tell_items(assessment, actor)


@action
def remove_item(item: Item, assessment: Assessment, *, actor: User) -> None:
    """The question stays in the bank, but is not asked here any more. States AssessmentUpdated.

    Raises AssessmentLocked, LeftLacking.
    """
    _begin(assessment, actor)
    db.session.delete(item)
    _tell_items(assessment, actor)


@action
def place_item(item: Item, place: int, assessment: Assessment, *, actor: User) -> None:
    """The item is the `place`-th, counted from 1. States AssessmentUpdated when that changed anything."""
    _begin(assessment, actor)
    rows = list(db.session.scalars(select(Item).where(Item.assessment_id == assessment.id).order_by(Item.position)))
    before = [each.id for each in rows]
    rest = [each for each in rows if each.id != item.id]
    rest.insert(max(0, min(place - 1, len(rest))), item)
    for number, each in enumerate(rest, start=1):
        each.position = number
    if before != [each.id for each in rest]:
        _tell_items(assessment, actor)


@action
def publish_assessment(assessment: Assessment, *, actor: User) -> None:
    """Learners may take it. States AssessmentPublished. Raises NotReady, and TransitionRefused when it is already."""
    lock(assessment.course)
    lock(assessment)
    lacking = lacking_for_publishing(assessment)
    if lacking:
        raise NotReady(lacking)
    transition(assessment, AssessmentStatus.PUBLISHED, ASSESSMENT, actor=actor, published_at=now())
    emit(AssessmentPublished(**_named(assessment), is_required=assessment.is_required), actor=actor)


@action
def unpublish_assessment(assessment: Assessment, *, to: AssessmentStatus = AssessmentStatus.DRAFT, actor: User) -> None:
    """Nobody begins it any more; attempts that run go on. States AssessmentUnpublished if it was published.

    Raises TransitionRefused.
    """
    lock(assessment)
    was_published = assessment.status == AssessmentStatus.PUBLISHED
    transition(assessment, to, ASSESSMENT, actor=actor)
    if was_published:
        emit(AssessmentUnpublished(**_named(assessment), is_required=assessment.is_required), actor=actor)


def _begin(assessment: Assessment, actor: User) -> None:
    lock(assessment.course)  # what is asked in a course, and its bank, change one after the other
    lock(assessment)
    if not may_change(assessment, actor):
        raise AssessmentLocked(_("Asesmen ini sedang terbit. Minta admin mengembalikannya ke draf, lalu ubah."))


def _add(assessment: Assessment, actor: User, **values: Any) -> Item:
    last = db.session.scalar(select(func.max(Item.position)).where(Item.assessment_id == assessment.id)) or 0
    item = insert_once(Item, assessment_id=assessment.id, position=last + 1, **values)
    if item is None:
        raise AlreadyThere(_("Soal atau tag ini sudah ada di asesmen ini. Ubah jumlah atau poinnya di daftar soal."))
    _tell_items(assessment, actor)
    return item


def _tell_items(assessment: Assessment, actor: User) -> None:
    """Whatever changes the questions of a published assessment leaves it as it could be published."""
    db.session.flush()
    if assessment.status == AssessmentStatus.PUBLISHED:
        lacking = lacking_in_questions(assessment)
        if lacking:
            raise LeftLacking(lacking)
    _tell(assessment, actor, "items")


def _tell(assessment: Assessment, actor: User, *fields: str) -> None:
    assessment.version += 1
    assessment.updated_at, assessment.updated_by = now(), actor.id
    emit(AssessmentUpdated(**_named(assessment), fields=sorted(fields)), actor=actor)


def _named(assessment: Assessment) -> dict[str, Any]:
    return {"assessment_id": assessment.id, "course_id": assessment.course_id, "title": assessment.title}
