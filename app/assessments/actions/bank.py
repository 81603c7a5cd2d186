"""The question bank of a course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.assessments.events import QuestionChanged
from app.assessments.models import (
    Assessment,
    AssessmentStatus,
    Item,
    Option,
    Question,
    QuestionImage,
    QuestionTag,
    QuestionVersion,
)
from app.assessments.queries.bank import Wanted, not_in_bank
from app.assessments.queries.publishing import published_shortages
from app.assessments.questions import TYPES
from app.assessments.questions.content import Content, content_of
from app.core.clock import now
from app.core.db import action, db, lock
from app.core.errors import Conflict, Refused
from app.courses.actions import ForeignImage
from app.courses.actions.images import named_images
from app.courses.models import Course, Media
from app.events import emit


class Unfinished(Refused):
    """A published assessment would ask a question that could not be graded, or would find too few of them."""


@action
def add_question(course: Course, kind: str, content: Content, *, tags: Sequence[str] = (), actor: User) -> Question:
    """A new question in the bank. `kind` is one of `TYPES`. States QuestionChanged.

    Raises ForeignImage, Unfinished.
    """
    with _kept_askable(course):
        return _new(course, kind, content, tags, actor)


@action
def add_questions(course: Course, wanted: Iterable[Wanted], *, actor: User) -> int:
    """Those that the bank did not have are in it, or none is; how many.

    States QuestionChanged for each. Raises ForeignImage, Unfinished.
    """
    with _kept_askable(course):
        new = not_in_bank(course.id, wanted)
        for each in new:
            _new(course, each.kind, each.content, each.tags, actor)
    return len(new)


@action
def change_question(
    question: Question,
    content: Content,
    *,
    tags: Sequence[str] | None = None,
    version: int | None = None,
    actor: User,
) -> bool:
    """The question has a new version, if anything differs; attempts that have begun keep theirs. Whether it has.

    `version` is the number that the form was opened on; `tags` None leaves the tags. States QuestionChanged for a new
    version. Raises ForeignImage, Unfinished, and Conflict when somebody was faster.
    """
    with _kept_askable(question.course):
        lock(question)
        if version is not None and version != question.number:
            raise Conflict(
                _("Soal ini diubah orang lain sesudah Anda membukanya. Simpan lagi untuk memakai isian Anda.")
            )
        differs = content_of(question.current) != content
        if differs:
            question.number += 1
            _add_version(question, content, actor)
        if tags is not None:
            _tag(question, tags)
        _refuse_lacking(question)
    return differs


@action
def archive_question(question: Question, *, actor: User) -> None:
    """The question is not drawn any more, and may not be put into an assessment. Where it stands already it stays.

    States QuestionChanged, once. Raises Unfinished.
    """
    with _kept_askable(question.course):
        lock(question)
        if question.archived_at is None:
            question.archived_at = now()
            _tell(question, actor)


@action
def restore_question(question: Question, *, actor: User) -> None:
    """The archived question may be used again. States QuestionChanged, once. Raises Unfinished."""
    with _kept_askable(question.course):
        lock(question)
        if question.archived_at is not None:
            question.archived_at = None
            _refuse_lacking(question)
            _tell(question, actor)


def is_used(question: Question) -> bool:
    """Whether an assessment names it."""
    return db.session.scalar(select(Item.id).where(Item.question_id == question.id).limit(1)) is not None


@contextmanager
def _kept_askable(course: Course) -> Iterator[None]:
    """No draw of a published assessment has fewer questions than it wants after the block, unless it had before."""
    lock(course)  # what is asked in a course, and its bank, change one after the other
    before = published_shortages(course.id)
    yield
    db.session.flush()
    for item_id, (assessment, short) in published_shortages(course.id).items():
        if item_id not in before or short.have < before[item_id][1].have:
            title = _("Asesmen “%(title)s” sedang terbit.", title=assessment.title)
            raise Unfinished(f"{title} {short.sentence}")


def _new(course: Course, kind: str, content: Content, tags: Sequence[str], actor: User) -> Question:
    question = Question(course_id=course.id, type=TYPES[kind].name)
    db.session.add(question)
    db.session.flush()
    _add_version(question, content, actor)
    _tag(question, tags)
    _refuse_lacking(question)
    return question


def _add_version(question: Question, content: Content, actor: User) -> None:
    version = QuestionVersion(
        question_id=question.id,
        number=question.number,
        type=question.type,
        text=content.text,
        points=content.points,
        feedback=content.feedback,
        data=content.data,
        created_by=actor.id,
        options=[
            Option(position=position, text=each.text, is_key=each.is_key, partner=each.partner)
            for position, each in enumerate(content.options, start=1)
        ],
    )
    db.session.add(version)
    db.session.flush()
    _link_images(question, version, actor)
    db.session.expire(question, ["current"])
    _tell(question, actor)


def _refuse_lacking(question: Question) -> None:
    """A published assessment asks only what can be graded, whether it names the question or draws it by a tag."""
    lacking = TYPES[question.type].lacks(question.current)
    if not lacking:
        return
    asks = Item.question_id == question.id
    if question.archived_at is None:
        asks |= Item.tag.in_(select(QuestionTag.tag).where(QuestionTag.question_id == question.id))
    published = (Assessment.status == AssessmentStatus.PUBLISHED) & (Assessment.course_id == question.course_id)
    if db.session.scalar(select(Item.id).join(Assessment, Assessment.id == Item.assessment_id).where(asks, published)):
        raise Unfinished(" ".join(lacking) + " " + _("Asesmen yang memakainya sedang terbit."))


def _link_images(question: Question, version: QuestionVersion, actor: User) -> None:
    """Naming a picture must not open it: it is the actor's own, or stood in this question before."""
    named = named_images(version.text)
    if not named:
        return
    found = db.session.scalars(select(Media).where(Media.public_id.in_(named))).all()
    before = select(QuestionImage.media_id).join(QuestionVersion, QuestionVersion.id == QuestionImage.version_id)
    here = set(db.session.scalars(before.where(QuestionVersion.question_id == question.id)))
    if len(found) < len(named) or any(each.owner_id != actor.id and each.id not in here for each in found):
        raise ForeignImage(_("Teks ini memuat gambar yang bukan milik Anda. Unggah gambarnya di sini."), "text")
    db.session.add_all(QuestionImage(version_id=version.id, media_id=each.id) for each in found)


def _tag(question: Question, tags: Sequence[str]) -> None:
    wanted = {" ".join(tag.casefold().split())[:50] for tag in tags} - {""}
    question.tags = [QuestionTag(tag=tag) for tag in sorted(wanted)]
    db.session.flush()


def _tell(question: Question, actor: User) -> None:
    emit(QuestionChanged(question_id=question.id, course_id=question.course_id, number=question.number), actor=actor)
