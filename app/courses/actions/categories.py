"""Verbs on categories and tags."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import action, db
from app.core.once import insert_once
from app.courses.models import Category


@action
def add_category(*, slug: str, name: str, description: str = "", position: int = 0) -> Category:
    """The category with that slug, made now if there is none."""
    found = insert_once(Category, slug=slug, name=name, description=description, position=position)
    return found or db.session.scalars(select(Category).where(Category.slug == slug)).one()
