"""What a browser would make of a page: its elements and their attributes, without its words."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "cite", "srcset", "xlink:href"}
RUNS = ("javascript:", "vbscript:", "data:text/html", "data:application", "data:image/svg")


class Skeleton(HTMLParser):
    """`parts`: every element with the names of its attributes, in order; `inline`: code or style in the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.inline: list[str] = []
        self._script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.parts.append(" ".join([tag, *sorted(given)]))
        self._script = tag == "script"
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.inline.append(f"{tag} {name}")
            if name in ADDRESSES and address.startswith(RUNS) and not _is_own_cover(tag, address):
                self.inline.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.inline.append(f"script: {data}")

    def handle_comment(self, data: str) -> None:
        self.parts.append("<!---->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.parts.append("<![]>")

    def handle_pi(self, data: str) -> None:
        self.parts.append("<?>")


def _is_own_cover(tag: str, address: str) -> bool:
    """Covers come as data; in an `<img>` no script of theirs would run."""
    return tag == "img" and address.startswith("data:image/svg")


def difference(harmless: str, hostile: str) -> list[str]:
    """The elements that one page has and the other has not, and inline code."""
    before, after = Skeleton(harmless), Skeleton(hostile)
    more, less = Counter(after.parts) - Counter(before.parts), Counter(before.parts) - Counter(after.parts)
    return [f"+ {each}" for each in more] + [f"- {each}" for each in less] + after.inline
