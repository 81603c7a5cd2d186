"""Categories, a tree, and tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select

from app.accounts.models import User
from app.core.db import db
from app.courses.models import Category, Course, Tag, course_tags
from app.courses.queries.listed import listed

MOST_TAGS = 50
"""So many are offered in the catalogue, the most used ones."""


@dataclass(frozen=True)
class Branch:
    """A category at its place in the tree. `depth` counts from 0; `courses` are those right in it."""

    category: Category
    depth: int
    courses: int

    @property
    def id(self) -> int:
        return self.category.id


@dataclass(frozen=True)
class TagUse:
    """A tag and how many courses have it."""

    tag: Tag
    courses: int


def category_tree() -> list[Branch]:
    """All categories, each followed by those below it, in their order, by one statement."""
    courses = select(func.count()).where(Course.category_id == Category.id).scalar_subquery()
    rows = db.session.execute(select(Category, courses).order_by(Category.position, Category.name, Category.id))
    return list(_grown([(category, count) for category, count in rows]))


def listed_categories(viewer: User | None, entered: Collection[int] = ()) -> list[Branch]:
    """Of the tree what leads to a course that is listed to the viewer, by one statement; `courses` counts as 0 or 1."""
    used = exists().where(Course.category_id == Category.id, listed(viewer, entered))
    rows = db.session.execute(select(Category, used).order_by(Category.position, Category.name, Category.id))
    tree = list(_grown([(category, int(is_used)) for category, is_used in rows]))
    kept: list[Branch] = []
    for branch in reversed(tree):  # what is below stands behind: it decides first
        if branch.courses or (kept and kept[-1].depth > branch.depth):
            kept.append(branch)
    return kept[::-1]


def category_of(category_id: int) -> Category | None:
    return db.session.get(Category, category_id)


def below(slug: str) -> Select[tuple[int]]:
    """The ids of the category with that slug and of all below it."""
    tree = select(Category.id).where(Category.slug == slug).cte("below", recursive=True)
    tree = tree.union(select(Category.id).join(tree, Category.parent_id == tree.c.id))
    return select(tree.c.id)


def listed_tags(viewer: User | None, entered: Collection[int] = ()) -> list[Tag]:
    """The tags of courses that are listed to the viewer, by their names, by one statement."""
    most = (
        select(Tag)
        .join(course_tags, course_tags.c.tag_id == Tag.id)
        .join(Course, Course.id == course_tags.c.course_id)
        .where(listed(viewer, entered))
        .group_by(Tag.id)
        .order_by(func.count().desc(), Tag.id)
        .limit(MOST_TAGS)
    )
    return sorted(db.session.scalars(most), key=lambda tag: tag.name.casefold())


def tag_uses() -> list[TagUse]:
    """All tags by their names, with how many courses have each, by one statement."""
    rows = db.session.execute(
        select(Tag, func.count(course_tags.c.course_id)).outerjoin(course_tags).group_by(Tag.id).order_by(Tag.id)
    )
    return sorted((TagUse(tag, count) for tag, count in rows), key=lambda use: use.tag.name.casefold())


def tag_of(tag_id: int) -> Tag | None:
    return db.session.get(Tag, tag_id)


def courses_with(tag: Tag) -> Sequence[int]:
    """The ids of the courses that have the tag."""
    having = select(course_tags.c.course_id).where(course_tags.c.tag_id == tag.id)
    return db.session.scalars(having.order_by(course_tags.c.course_id)).all()


def _grown(rows: Iterable[tuple[Category, int]]) -> Iterator[Branch]:
    children: dict[int | None, list[tuple[Category, int]]] = defaultdict(list)
    for category, courses in rows:
        children[category.parent_id].append((category, courses))
    waiting = [(category, courses, 0) for category, courses in reversed(children[None])]
    while waiting:
        category, courses, depth = waiting.pop()
        yield Branch(category, depth, courses)
        waiting.extend((child, count, depth + 1) for child, count in reversed(children[category.id]))
