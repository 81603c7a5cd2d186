"""Writes need their token and come from this site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.security.walk import Visit, go, visits
from tests.security.world import World, sign_in

pytestmark = pytest.mark.pages

FOR_MACHINES: set[str] = set()
"""Endpoints that prove in another way who is calling: a signature, a bearer token. There are none."""
WRITERS = ("guest", "enrolled", "owner", "admin")
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://jahat.test"},
    {"Origin": "http://localhost.jahat.test", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]


def writes(world: World) -> Iterator[Visit]:
    """Every write, at the first of its objects: what is refused here is refused before one is looked up."""
    first = {visit.route: visit for visit in reversed(list(visits(world)))}
    return (visit for visit in first.values() if visit.is_unsafe and visit.endpoint not in FOR_MACHINES)


def other_answers(world: World, status: int, actors: Iterable[str] = WRITERS, **more: object) -> list[str]:
    """Who gets another status than this one for any write."""
    return [
        f"{visit.method} {visit.path} as {actor}: {answer.status_code}"
        for visit in writes(world)
        for actor in actors
        if (answer := go(world, actor, visit, **more)).status_code != status
    ]


def test_t_csr_01_without_its_token_no_write_is_done(world: World) -> None:
    assert other_answers(world, 400, token=False) == []
    assert world.changed() == []


@pytest.mark.parametrize("sent", ["", "x", "IjAwMDAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_t_csr_01_what_is_no_token_does_not_pass_for_one(world: World, sent: str) -> None:
    assert other_answers(world, 400, headers={"X-CSRFToken": sent}) == []
    assert world.changed() == []


def test_t_csr_01_another_sessions_token_opens_nothing(world: World) -> None:
    token = world.browsers["outsider"].token
    assert other_answers(world, 400, headers={"X-CSRFToken": token}) == []
    assert world.changed() == []


def test_t_csr_01_the_token_of_ones_own_earlier_session_opens_nothing(world: World) -> None:
    old = world.browsers["admin"]
    world.browsers["admin"] = sign_in(world, "admin")
    world.keep()
    passed = [
        visit
        for visit in writes(world)
        if go(world, "admin", visit, headers={"X-CSRFToken": old.token}).status_code != 400
    ]
    world.browsers["admin"] = old
    assert passed == []
    assert world.changed() == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_t_csr_02_asking_without_a_token_in_another_way_changes_nothing_either(world: World, method: str) -> None:
    """A view that tells GET from the rest takes a HEAD, which needs no token, for a write."""
    for visit in visits(world):
        for actor in ("guest", "enrolled", "admin") if visit.is_unsafe else ():
            world.ask(actor, method, visit.path, token=False)
    changed = world.changed()
    world.reset()
    assert changed == []


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_t_csr_03_with_its_token_too_a_write_of_another_site_is_refused(world: World, headers: dict[str, str]) -> None:
    assert other_answers(world, 403, headers=headers) == []
    assert world.changed() == []
