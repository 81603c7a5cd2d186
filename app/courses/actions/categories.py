"""Verbs on categories, which form a tree."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.accounts.models import User
from app.core.db import action, db, id_of
from app.core.errors import Refused
from app.core.once import insert_once
from app.core.slugs import addresses
from app.courses.events import CategoryAdded, CategoryDeleted, CategoryUpdated
from app.courses.models import Category, Course
from app.events import emit

LONGEST_SLUG = 90


class NoSuchParent(Refused):
    """The category cannot stand there: below itself, or below one that is no more."""


class NoSuchCategory(Refused):
    """Somebody else has deleted it."""


@action
def add_category(
    name: str, *, actor: User, parent_id: int | None = None, description: str = "", slug: str | None = None
) -> Category:
    """A new category, the last below its parent; without a `slug` its address is made of its name.

    States CategoryAdded. Raises NoSuchParent.
    """
    tree = _locked()
    _refuse_parent(tree, parent_id)
    place = len([each for each in tree.values() if each.parent_id == parent_id]) + 1
    fields: dict[str, Any] = {"name": name, "parent_id": parent_id, "description": description, "position": place}
    slugs = addresses(slug or name, otherwise="kategori", longest=LONGEST_SLUG)
    made = (insert_once(Category, slug=each, **fields) for each in slugs)
    category = next(each for each in made if each is not None)
    emit(CategoryAdded(category_id=category.id, name=name), actor=actor)
    return category


@action
def update_category(category: Category, *, name: str, parent_id: int | None, description: str, actor: User) -> None:
    """The category is called so and stands below that parent; its address stays.

    States CategoryUpdated with what differs, nothing when nothing does. Raises NoSuchParent, NoSuchCategory.
    """
    tree = _locked()
    category = _there(tree, category)
    _refuse_parent(tree, parent_id, of=category)
    wanted: dict[str, Any] = {"name": name, "parent_id": parent_id, "description": description}
    changed = {field: value for field, value in wanted.items() if getattr(category, field) != value}
    if "parent_id" in changed:
        category.position = len([each for each in tree.values() if each.parent_id == parent_id]) + 1
    for field, value in changed.items():
        setattr(category, field, value)
    if changed:
        emit(CategoryUpdated(category_id=category.id, name=name, changes=changed), actor=actor)


@action
def move_category(category: Category, step: int, *, actor: User) -> None:
    """The category stands so many places further down among those beside it, a negative step up; at most at the end.

    States CategoryUpdated when that changed anything. Raises NoSuchCategory.
    """
    tree = _locked()
    category = _there(tree, category)
    beside = [each for each in tree.values() if each.parent_id == category.parent_id]
    place = beside.index(category)
    rest = [each for each in beside if each is not category]
    rest.insert(max(0, place + step), category)
    for number, each in enumerate(rest, start=1):
        each.position = number
    if rest != beside:
        changes = {"position": category.position}
        emit(CategoryUpdated(category_id=category.id, name=category.name, changes=changes), actor=actor)


@action
def delete_category(category: Category, *, actor: User) -> None:
    """The category is no more. What was in it, categories and courses, is in its parent.

    States CategoryDeleted. Raises NoSuchCategory.
    """
    tree = _locked()
    category = _there(tree, category)
    for each in tree.values():
        if each.parent_id == category.id:
            each.parent_id = category.parent_id
            each.position += len(tree)  # behind those that are there
    inside = Course.category_id == category.id
    courses = list(db.session.scalars(select(Course.id).where(inside).order_by(Course.id)))
    db.session.execute(update(Course).where(inside).values(category_id=category.parent_id))
    db.session.flush()
    db.session.delete(category)
    emit(CategoryDeleted(category_id=category.id, name=category.name, course_ids=courses), actor=actor)


def _locked() -> dict[int, Category]:
    """All categories in their order, by id; nobody else moves them before this transaction ends."""
    rows = select(Category).order_by(Category.position, Category.name, Category.id).with_for_update()
    found = db.session.scalars(rows, execution_options={"populate_existing": True})
    return {each.id: each for each in found}


def _there(tree: dict[int, Category], category: Category) -> Category:
    found = tree.get(id_of(category))
    if found is None:
        raise NoSuchCategory(_("Kategori ini sudah dihapus."))
    return found


def _refuse_parent(tree: dict[int, Category], parent_id: int | None, of: Category | None = None) -> None:
    """Goes up from the parent: it must be there, and must not stand below the category itself."""
    above = parent_id
    while above is not None:
        if above not in tree or (of is not None and above == of.id):
            raise NoSuchParent(_("Pilih induk lain: kategori ini tidak dapat diletakkan di sana."), "parent_id")
        above = tree[above].parent_id
