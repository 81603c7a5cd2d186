"""What admins send about categories and tags."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from app.core.forms import Form
from app.courses.models import Category, Tag
from app.courses.queries import Branch, TagUse


class CategoryForm(Form):
    name = StringField(_l("Nama"), [DataRequired(), Length(max=100)])
    parent_id = SelectField(_l("Di bawah kategori"), [InputRequired()], coerce=int, default=0)
    description = TextAreaField(_l("Keterangan"), [Length(max=500)])

    def __init__(self, *args: Any, tree: list[Branch], **kwargs: Any) -> None:
        """Offers every place that there is in the tree, but none below the category itself."""
        super().__init__(*args, **kwargs)
        places = [SelectChoice(each.id, "– " * each.depth + each.category.name) for each in _besides(tree, kwargs)]
        self.parent_id.choices = [SelectChoice(0, _l("Tidak ada: kategori utama")), *places]
        if not self.is_submitted() and self.parent_id.data is None:
            self.parent_id.data = 0

    def values(self) -> dict[str, Any]:
        """The arguments of the action."""
        return {
            "name": self.name.data,
            "parent_id": self.parent_id.data or None,
            "description": self.description.data or "",
        }


class MoveForm(Form):
    langkah = IntegerField(_l("Langkah"), [InputRequired(), AnyOf([-1, 1])])


class TagForm(Form):
    name = StringField(_l("Nama"), [DataRequired(), Length(max=50)])


class MergeForm(Form):
    into_id = SelectField(_l("Gabungkan ke tag"), [InputRequired()], coerce=int)

    def __init__(self, *args: Any, tag: Tag, uses: list[TagUse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.into_id.choices = [SelectChoice(each.tag.id, each.tag.name) for each in uses if each.tag.id != tag.id]


def _besides(tree: list[Branch], given: dict[str, Any]) -> list[Branch]:
    category: Category | None = given.get("obj")
    if category is None:
        return tree
    place = next(n for n, each in enumerate(tree) if each.id == category.id)
    after = [n for n, each in enumerate(tree) if n > place and each.depth <= tree[place].depth]
    end = after[0] if after else len(tree)
    return [*tree[:place], *tree[end:]]
