"""What stands in the addresses of the catalogue. A word that is not known counts as none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.forms import clean_line
from app.courses.models import Difficulty

LEVELS = {"pemula": Difficulty.BEGINNER, "menengah": Difficulty.INTERMEDIATE, "mahir": Difficulty.ADVANCED}
SORTS = {"cocok": "relevance", "terbaru": "newest", "judul": "title", "populer": "popular", "ulasan": "rating"}
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filters:
    """The catalogue's filters, as words of the address. `chosen` is the sort that was asked for, if it is not usual."""

    search: str
    level: str
    category: str
    tag: str
    chosen: str
    page: int

    @property
    def difficulty(self) -> Difficulty | None:
        return LEVELS.get(self.level)

    @property
    def sort(self) -> str:
        """Without a wish: what matches best where words were searched for, else the newest."""
        return self.chosen or usual_sort(self.search)

    @property
    def is_empty(self) -> bool:
        return not (self.search or self.level or self.category or self.tag)

    def address(self, **changes: str | int) -> dict[str, str | int]:
        """The query values of the same catalogue with some filters changed, from its first page."""
        now = {"q": self.search, "tingkat": self.level, "kategori": self.category, "tag": self.tag, "urut": self.chosen}
        return {name: value for name, value in {**now, **changes}.items() if value != ""}


def usual_sort(search: str) -> str:
    """What the results are sorted by when nobody says."""
    return "cocok" if search else "terbaru"


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of a request's query."""
    level, sort, page = query.get("tingkat", ""), query.get("urut", ""), query.get("halaman", "")
    search = (clean_line(query.get("q", "")) or "")[:LONGEST_SEARCH]
    known = sort in SORTS and sort != usual_sort(search) and (search or sort != "cocok")
    return Filters(
        search=search,
        level=level if level in LEVELS else "",
        category=(clean_line(query.get("kategori", "")) or "")[:100],
        tag=(clean_line(query.get("tag", "")) or "")[:100],
        chosen=sort if known else "",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
