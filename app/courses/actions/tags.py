"""Verbs on tags."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.core.db import action, db, id_of
from app.core.errors import Refused
from app.core.forms import clean_line
from app.core.once import insert_once
from app.core.slugs import addresses
from app.courses.actions.editing import begin_change, note_edit
from app.courses.events import TagDeleted, TagMerged, TagRenamed, TagsChanged
from app.courses.models import Course, Tag, course_tags
from app.courses.queries import courses_with
from app.events import emit

MOST_TAGS = 10
"""On a course."""
LONGEST_TAG = 50


class TooManyTags(Refused):
    """A course has at most MOST_TAGS."""


class NoSuchTag(Refused):
    """Somebody else has deleted it."""


class TagTaken(Refused):
    """Another tag has that name already."""


@action
def set_tags(course: Course, names: Iterable[str], *, actor: User) -> None:
    """The course has exactly these tags; those that nobody has used before are made.

    Capitals and white space make no other tag, and of a name given twice the first is taken. States TagsChanged when
    that changed anything. Raises CourseLocked, and TooManyTags with the field `tags`.
    """
    begin_change(course, actor=actor)
    wanted = {name.casefold(): name for name in reversed([_tidy(name) for name in names]) if name}
    if len(wanted) > MOST_TAGS:
        raise TooManyTags(_("Paling banyak %(n)s tag untuk satu kursus.", n=MOST_TAGS), "tags")
    tags = {tag.id: tag for tag in map(_tag, reversed(wanted.values()))}
    changed = tags.keys() != {tag.id for tag in course.tags}
    note_edit(course, changed=changed, version=None, actor=actor)
    if changed:
        course.tags = list(tags.values())
        emit(TagsChanged(course_id=course.id, tags=[tag.name for tag in course.tags]), actor=actor)


@action
def rename_tag(tag: Tag, name: str, *, actor: User) -> None:
    """The tag is called so on all its courses, and has an address made of it. States TagRenamed when it was not.

    Raises NoSuchTag, and TagTaken when there is another one of that name: those are merged.
    """
    tag = _locked(tag)[0]
    name, previous = _tidy(name), tag.name
    if name == previous:
        return
    try:
        with db.session.begin_nested():
            if name.casefold() != previous.casefold():
                _move(tag, name)
            tag.name = name
    except IntegrityError as error:  # somebody took it a moment ago
        raise _taken(name) from error
    courses = list(courses_with(tag))
    emit(TagRenamed(tag_id=tag.id, name=name, previous_name=previous, course_ids=courses), actor=actor)


@action
def merge_tag(tag: Tag, into: Tag, *, actor: User) -> None:
    """The courses of `tag` have the other tag, and `tag` is no more. States TagMerged. One into itself: nothing.

    Raises NoSuchTag.
    """
    if id_of(tag) == id_of(into):
        return
    tag, into = _locked(tag, into)
    courses, known = list(courses_with(tag)), set(courses_with(into))
    _forget(tag)
    new = [{"course_id": course_id, "tag_id": into.id} for course_id in courses if course_id not in known]
    if new:
        db.session.execute(insert(course_tags), new)
    emit(TagMerged(tag_id=tag.id, name=tag.name, into_id=into.id, into_name=into.name, course_ids=courses), actor=actor)


@action
def delete_tag(tag: Tag, *, actor: User) -> None:
    """The tag is no more; its courses are as they were without it. States TagDeleted. Raises NoSuchTag."""
    tag = _locked(tag)[0]
    courses = list(courses_with(tag))
    _forget(tag)
    emit(TagDeleted(tag_id=tag.id, name=tag.name, course_ids=courses), actor=actor)


def _tag(name: str) -> Tag:
    """The tag of that name, made now if there is none; of two who make it at once both get the same."""
    for slug in addresses(name, otherwise="tag", longest=LONGEST_TAG):
        made = insert_once(Tag, slug=slug, name=name)
        if made is not None:
            return made
        there = _at(slug)
        if there is not None and there.name.casefold() == name.casefold():
            return there
    raise AssertionError("the addresses of a name never end")


def _move(tag: Tag, name: str) -> None:
    """Gives the tag the first address of that name that is free."""
    for slug in addresses(name, otherwise="tag", longest=LONGEST_TAG):
        there = _at(slug)
        if there is not None and there.id != tag.id and there.name.casefold() == name.casefold():
            raise _taken(name)
        if there is None or there.id == tag.id:
            tag.slug = slug
            return


def _locked(*tags: Tag) -> list[Tag]:
    """The same rows as they are now, which nobody else changes before this transaction ends."""
    wanted = [id_of(tag) for tag in tags]
    rows = select(Tag).where(Tag.id.in_(wanted)).order_by(Tag.id).with_for_update()
    found = {row.id: row for row in db.session.scalars(rows, execution_options={"populate_existing": True})}
    if len(found) < len(wanted):
        raise NoSuchTag(_("Tag ini sudah dihapus."))
    return [found[number] for number in wanted]


def _at(slug: str) -> Tag | None:
    """The tag at that address, which nobody can delete before this transaction ends."""
    there = select(Tag).where(Tag.slug == slug).with_for_update(read=True, key_share=True)
    return db.session.scalar(there, execution_options={"populate_existing": True})


def _forget(tag: Tag) -> None:
    db.session.execute(delete(course_tags).where(course_tags.c.tag_id == tag.id))
    db.session.delete(tag)
    db.session.flush()


def _tidy(name: str) -> str:
    return (clean_line(name) or "")[:LONGEST_TAG].strip()


def _taken(name: str) -> TagTaken:
    return TagTaken(_("Sudah ada tag “%(name)s”. Pilih nama lain, atau gabungkan keduanya.", name=name), "name")
