"""What stands in the addresses of the catalogue. A word that is not known counts as none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.forms import clean_line
from app.courses.models import Difficulty

LEVELS = {"pemula": Difficulty.BEGINNER, "menengah": Difficulty.INTERMEDIATE, "mahir": Difficulty.ADVANCED}
SORTS = {"terbaru": "newest", "judul": "title", "populer": "popular"}
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filters:
    """The catalogue's filters, as words of the address."""

    search: str
    level: str
    category: str
    sort: str
    page: int

    @property
    def difficulty(self) -> Difficulty | None:
        return LEVELS.get(self.level)

    @property
    def is_empty(self) -> bool:
        return not (self.search or self.level or self.category)

    def address(self, **changes: str | int) -> dict[str, str | int]:
        """The query values of the same catalogue with some filters changed, from its first page."""
        values = {"q": self.search, "tingkat": self.level, "kategori": self.category, "urut": self.sort, **changes}
        return {name: value for name, value in values.items() if value not in {"", "terbaru"}}


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of a request's query."""
    level, sort, page = query.get("tingkat", ""), query.get("urut", ""), query.get("halaman", "")
    return Filters(
        search=(clean_line(query.get("q", "")) or "")[:LONGEST_SEARCH],
        level=level if level in LEVELS else "",
        category=(clean_line(query.get("kategori", "")) or "")[:100],
        sort=sort if sort in SORTS else "terbaru",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
