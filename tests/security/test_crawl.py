"""What everybody finds by following links: no code of its own, nobody else's data, and looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest
from werkzeug.test import TestResponse

from app.core import clock
from app.core.security import SANDBOX
from tests.security.crawl import crawl
from tests.security.markup import Skeleton
from tests.security.rows import all_rows, changes
from tests.security.world import ACTORS, World, email_of

pytestmark = pytest.mark.pages

LEARNERS = ("guest", "suspended", "outsider", "dropped", "other", "enrolled")


class Found(NamedTuple):
    """Every address with its answer, and what the rows have become by looking."""

    actor: str
    pages: list[tuple[str, TestResponse]]
    changed: list[str]


@pytest.fixture(scope="module", params=ACTORS)
def found(world: World, request: pytest.FixtureRequest) -> Found:
    """What an actor finds; each crawls once."""
    before = all_rows()
    with clock.at(clock.now() + timedelta(hours=2)):  # so that "last seen" is due
        pages = list(crawl(world, request.param))
    changed = changes(before, all_rows())
    world.reset()
    return Found(request.param, pages, changed)


def test_t_csr_02_looking_at_everything_changes_nothing(found: Found) -> None:
    assert len(found.pages) > 40
    assert found.changed == []


def test_t_hdr_02_no_page_carries_code_or_style_of_its_own(found: Found) -> None:
    inline: dict[str, list[str]] = {}
    read = 0
    for path, answer in found.pages:
        if answer.mimetype == "text/html" and not _is_a_file(answer):
            read += 1
            code = Skeleton(answer.text).inline
            inline |= {path: code} if code else {}
    assert inline == {}
    assert read > 15


def _is_a_file(answer: TestResponse) -> bool:
    """A page that is only for keeping (a mail's HTML): no browser shows it on this site."""
    kept = answer.headers.get("Content-Disposition", "").startswith("attachment")
    return kept and answer.headers["Content-Security-Policy"] == SANDBOX


def test_t_hdr_04_nothing_that_a_signed_in_person_sees_is_stored(found: Found) -> None:
    stored = {}
    for path, answer in found.pages if found.actor not in {"guest", "suspended"} else ():
        kept = answer.headers.get("Cache-Control", "")
        if answer.mimetype in {"text/html", "text/csv", "application/json"} and "no-store" not in kept:
            stored[path] = kept
        if (
            path.startswith(("/media/", "/sertifikat/"))
            and answer.status_code == 200
            and answer.mimetype != "text/html"
        ):
            assert "public" not in kept, path
            assert "no-cache" in kept or "no-store" in kept or "max-age=0" in kept, path
    assert stored == {}


def test_t_peer_02_there_is_no_directory_of_people(found: Found) -> None:
    """No page that a learner or a guest can find shows another learner's name, and to nobody but an admin anybody's
    address."""
    others = [each for each in ACTORS if each not in {"guest", found.actor}]
    hidden = [] if found.actor == "admin" else [email_of(each) for each in others]
    if found.actor in LEARNERS:
        hidden += [f"Orang {each}" for each in others if each in LEARNERS]
    shown = [
        (path, each)
        for path, answer in found.pages
        if not path.startswith("/v/")  # who holds a code may ask what its paper says
        for each in hidden
        if str(answer.mimetype).startswith("text/") and each in answer.text
    ]
    assert shown == []
