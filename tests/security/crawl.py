"""Following links, as a search engine or a careless prefetcher would."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from werkzeug.test import TestResponse

from tests.security.walk import visits
from tests.security.world import World

MOST = 1500
"""Pages of one crawl: who needs more has built a trap."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.append(str(given["href"]))
        if tag == "form" and (given.get("method") or "get").lower() == "get":
            self.found.append(given.get("action") or "")


def crawl(world: World, actor: str) -> Iterator[tuple[str, TestResponse]]:
    """Every GET route at every object, and all that they link to on this site, each address once."""
    waiting = [visit.path for visit in visits(world) if visit.method == "GET"]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        answer = world.ask(actor, "GET", path)
        yield path, answer
        for link in [*links_of(answer), answer.headers.get("Location", "")]:
            address = urldefrag(urljoin(path, link)).url
            if address.startswith("/") and not address.startswith("//") and address not in seen:
                seen.add(address)
                waiting.append(address)
        assert len(seen) <= MOST, f"{actor} finds more than {MOST} addresses; the last: {waiting[-3:]}"


def links_of(answer: TestResponse) -> list[str]:
    """The addresses of links and of forms that only ask."""
    if answer.mimetype != "text/html":
        return []
    reader = _Links()
    reader.feed(answer.text)
    return reader.found
