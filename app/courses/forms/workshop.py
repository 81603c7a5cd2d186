"""The list of courses that one works on: what stands in its address, and the title of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form, clean_line

TABS = {"draf": "draft", "diajukan": "submitted", "terbit": "published", "arsip": "archived"}
LONGEST_SEARCH = 100


class NewCourseForm(Form):
    title = StringField(_l("Judul kursus baru"), [DataRequired(), Length(max=255)])


@dataclass(frozen=True)
class WorkshopAddress:
    """The list's tab, search and page, as words of the address. Without a tab it opens where there is something."""

    tab: str
    search: str
    page: int

    def address(self, **changes: str | int) -> dict[str, str | int]:
        """The query values of the same list with some of them changed, from its first page."""
        values = {"tab": self.tab, "q": self.search, **changes}
        return {name: value for name, value in values.items() if value != ""}


def read_workshop(query: Mapping[str, str]) -> WorkshopAddress:
    """What the address asks for; a word that is not known counts as none."""
    tab, page = query.get("tab", ""), query.get("halaman", "")
    return WorkshopAddress(
        tab=tab if tab in TABS else "",
        search=(clean_line(query.get("q", "")) or "")[:LONGEST_SEARCH],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
