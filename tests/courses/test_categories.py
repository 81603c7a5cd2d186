"""Categories: a tree, and what hangs on it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role
from app.core.db import db
from app.courses import actions
from app.courses.events import CategoryAdded, CategoryDeleted, CategoryUpdated
from app.courses.models import Category, Course, Visibility
from app.courses.queries import catalogue, category_tree, listed_categories, listed_tags
from tests import make
from tests.facts import assert_stated, captured
from tests.statements import statements


def tree() -> list[str]:
    """`- ` for every level, then the name."""
    db.session.rollback()
    return ["- " * each.depth + each.category.name for each in category_tree()]


def grow() -> dict[str, Category]:
    admin = make.admin()
    made: dict[str, Category] = {}
    for name, parent in (("Kerja", None), ("K3", "Kerja"), ("Las", "Kerja"), ("APAR", "K3"), ("Usaha", None)):
        parent_id = made[parent].id if parent else None
        made[name] = actions.add_category(name, parent_id=parent_id, actor=admin)
    return made


def titles(category: str) -> set[str]:
    return {card.title for card in catalogue(None, category=category).cards}


def test_a_category_is_added_as_the_last_of_its_parent(app: Flask) -> None:
    made = grow()
    assert tree() == ["Kerja", "- K3", "- - APAR", "- Las", "Usaha"]
    assert_stated(CategoryAdded, name="APAR")
    again = actions.add_category("K3", actor=make.admin())
    assert (made["K3"].slug, again.slug) == ("k3", "k3-2")
    with pytest.raises(actions.NoSuchParent):
        actions.add_category("Tanpa induk", parent_id=999, actor=make.admin())


def test_a_category_moves_among_those_beside_it(app: Flask) -> None:
    made, admin = grow(), make.admin()
    actions.move_category(made["Las"], -1, actor=admin)
    assert tree() == ["Kerja", "- Las", "- K3", "- - APAR", "Usaha"]
    assert_stated(CategoryUpdated, name="Las", changes={"position": 1})
    with captured() as facts:
        actions.move_category(made["Las"], -1, actor=admin)
        actions.move_category(made["Usaha"], 1, actor=admin)
    assert (facts, tree()) == ([], ["Kerja", "- Las", "- K3", "- - APAR", "Usaha"])


def test_a_category_is_put_elsewhere_but_not_below_itself(app: Flask) -> None:
    made, admin = grow(), make.admin()
    fields = {"description": "", "actor": admin}
    actions.update_category(made["K3"], name="Keselamatan", parent_id=made["Usaha"].id, **fields)
    assert tree() == ["Kerja", "- Las", "Usaha", "- Keselamatan", "- - APAR"]
    assert made["K3"].slug == "k3"
    for parent in ("K3", "APAR"):
        with pytest.raises(actions.NoSuchParent) as refusal:
            actions.update_category(made["K3"], name="K3", parent_id=made[parent].id, **fields)
        assert refusal.value.field == "parent_id"
    with captured() as facts:
        actions.update_category(made["K3"], name="Keselamatan", parent_id=made["Usaha"].id, **fields)
    assert facts == []


def test_what_was_in_a_deleted_category_is_in_its_parent(app: Flask) -> None:
    made, admin = grow(), make.admin()
    course = make.course(category_id=made["K3"].id)
    actions.delete_category(made["K3"], actor=admin)
    assert tree() == ["Kerja", "- Las", "- APAR", "Usaha"]
    assert db.session.get_one(Course, course.id).category_id == made["Kerja"].id
    assert_stated(CategoryDeleted, name="K3", course_ids=[course.id])
    actions.delete_category(made["Kerja"], actor=admin)
    assert tree() == ["Usaha", "Las", "APAR"]
    db.session.rollback()
    assert db.session.get_one(Course, course.id).category_id is None


def test_what_is_gone_is_refused_kindly(app: Flask) -> None:
    made, admin = grow(), make.admin()
    gone = made["Las"]
    actions.delete_category(made["Las"], actor=admin)
    for act in (
        lambda: actions.delete_category(gone, actor=admin),
        lambda: actions.move_category(gone, 1, actor=admin),
        lambda: actions.update_category(gone, name="x", parent_id=None, description="", actor=admin),
    ):
        with pytest.raises(actions.NoSuchCategory):
            act()


def test_a_category_holds_the_courses_of_those_below_it(app: Flask) -> None:
    made = grow()
    for name in ("Kerja", "APAR", "Usaha"):
        make.course(title=name, category_id=made[name].id)
    make.course(title="Tanpa")
    assert titles("kerja") == {"Kerja", "APAR"}
    assert titles("k3") == titles("apar") == {"APAR"}
    assert titles("las") == titles("tidak-ada") == set()


def test_only_what_leads_to_a_listed_course_is_offered(app: Flask) -> None:
    made = grow()
    make.course(category_id=made["APAR"].id)
    hidden = make.course(category_id=made["Usaha"].id, visibility=Visibility.RESTRICTED)
    make.course(category_id=made["Las"].id, published=False)
    actions.set_tags(hidden, ["Rahasia"], actor=make.admin())

    def names(*of: object, entered: tuple[int, ...] = ()) -> tuple[list[str], list[str]]:
        branches = listed_categories(*of, entered)  # type: ignore[arg-type]
        return [each.category.name for each in branches], [tag.name for tag in listed_tags(*of, entered)]  # type: ignore[arg-type]

    assert names(None) == (["Kerja", "K3", "APAR"], [])
    assert names(make.user(), entered=(hidden.id,)) == (["Kerja", "K3", "APAR", "Usaha"], ["Rahasia"])
    assert names(make.user(Role.TRAINER)) == (["Kerja", "K3", "APAR", "Usaha"], ["Rahasia"])


def test_the_tree_costs_one_statement(app: Flask) -> None:
    grow()
    with statements() as seen:
        category_tree()
        listed_categories(None)
    assert len(seen) == 2
