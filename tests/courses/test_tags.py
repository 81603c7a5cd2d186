"""Tags: on courses, renamed, merged, deleted."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role
from app.core.db import db
from app.courses import actions
from app.courses.events import TagDeleted, TagMerged, TagRenamed, TagsChanged
from app.courses.models import Course, Tag
from app.courses.queries import tag_uses
from tests import make
from tests.facts import assert_stated, captured
from tests.progress.test_races import at_once


def draft(**fields: object) -> Course:
    return make.course(published=False, lessons=0, **fields)  # type: ignore[arg-type]


def names(course: Course) -> list[str]:
    db.session.rollback()
    return [tag.name for tag in db.session.get_one(Course, course.id).tags]


def uses() -> dict[str, int]:
    db.session.rollback()
    return {use.tag.name: use.courses for use in tag_uses()}


def tag(name: str) -> Tag:
    return db.session.query(Tag).filter_by(name=name).one()


def test_a_course_has_exactly_the_tags_that_are_named(app: Flask) -> None:
    course = draft()
    version = course.version
    actions.set_tags(course, ["K3", "  Alat   pelindung ", ""], actor=course.owner)
    assert names(course) == ["Alat pelindung", "K3"]
    assert course.version == version + 1
    actions.set_tags(course, ["APAR", "k3"], actor=course.owner)
    assert names(course) == ["APAR", "K3"]
    assert_stated(TagsChanged, course_id=course.id, tags=["APAR", "K3"])
    actions.set_tags(course, [], actor=course.owner)
    assert names(course) == []
    assert uses() == {"Alat pelindung": 0, "APAR": 0, "K3": 0}


def test_the_same_tags_again_are_no_change(app: Flask) -> None:
    course = draft()
    actions.set_tags(course, ["K3", "Umum"], actor=course.owner)
    version = course.version
    with captured() as facts:
        actions.set_tags(course, ["umum", "K3", "k3"], actor=course.owner)
    assert (facts, course.version) == ([], version)


def test_names_that_differ_in_signs_alone_are_different_tags(app: Flask) -> None:
    course = draft()
    actions.set_tags(course, ["C++", "C#", "C", "日本語"], actor=course.owner)
    assert {each.slug for each in course.tags} == {"c", "c-2", "c-3", "tag"}
    actions.set_tags(draft(), ["c#"], actor=make.admin())
    assert uses() == {"C": 1, "C#": 2, "C++": 1, "日本語": 1}


def test_ten_tags_are_enough(app: Flask) -> None:
    course = draft()
    with pytest.raises(actions.TooManyTags) as refusal:
        actions.set_tags(course, [f"Tag {number}" for number in range(11)], actor=course.owner)
    assert refusal.value.field == "tags"
    assert uses() == {}
    actions.set_tags(course, ["x" * 500], actor=course.owner)
    assert names(course) == ["x" * 50]


def test_tags_of_a_published_course_are_set_by_admins_alone(app: Flask) -> None:
    course = make.course()
    with pytest.raises(actions.CourseLocked):
        actions.set_tags(course, ["K3"], actor=course.owner)
    actions.set_tags(course, ["K3"], actor=make.admin())
    assert names(course) == ["K3"]


def test_a_new_tag_that_many_give_at_once_is_made_once(app: Flask) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    waiting = [draft(owner=author).id for _ in range(8)]
    author_id = author.id
    db.session.rollback()

    def give() -> None:
        course = db.session.get_one(Course, waiting.pop())
        actions.set_tags(course, ["Baru", "Lain"], actor=db.session.get_one(make.User, author_id))

    assert at_once(app, 8, give) == []
    assert uses() == {"Baru": 8, "Lain": 8}


def test_a_renamed_tag_has_an_address_of_its_new_name(app: Flask) -> None:
    admin, course = make.admin(), draft()
    actions.set_tags(course, ["K3", "Umum"], actor=admin)
    actions.rename_tag(tag("K3"), " Keselamatan  kerja ", actor=admin)
    assert names(course) == ["Keselamatan kerja", "Umum"]
    assert tag("Keselamatan kerja").slug == "keselamatan-kerja"
    assert_stated(TagRenamed, previous_name="K3", course_ids=[course.id])
    with pytest.raises(actions.TagTaken) as refusal:
        actions.rename_tag(tag("Umum"), "keselamatan kerja", actor=admin)
    assert refusal.value.field == "name"
    with captured() as facts:
        actions.rename_tag(tag("Umum"), "Umum", actor=admin)
    assert facts == []
    actions.rename_tag(tag("Umum"), "UMUM", actor=admin)
    assert tag("UMUM").slug == "umum"


def test_a_merged_tag_gives_its_courses_to_the_other(app: Flask) -> None:
    admin, first, second, third = make.admin(), draft(), draft(), draft()
    actions.set_tags(first, ["K3"], actor=admin)
    actions.set_tags(second, ["K-3"], actor=admin)
    actions.set_tags(third, ["K3", "K-3"], actor=admin)
    gone = tag("K-3")
    actions.merge_tag(gone, tag("K3"), actor=admin)
    assert names(first) == names(second) == names(third) == ["K3"]
    assert uses() == {"K3": 3}
    assert_stated(TagMerged, name="K-3", into_name="K3", course_ids=[second.id, third.id])
    actions.merge_tag(tag("K3"), tag("K3"), actor=admin)
    assert uses() == {"K3": 3}


def test_a_deleted_tag_is_on_no_course(app: Flask) -> None:
    admin, course = make.admin(), draft()
    actions.set_tags(course, ["K3", "Umum"], actor=admin)
    actions.delete_tag(tag("K3"), actor=admin)
    assert (names(course), uses()) == (["Umum"], {"Umum": 1})
    assert_stated(TagDeleted, name="K3", course_ids=[course.id])
