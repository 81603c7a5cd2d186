"""Which parameters of the address each route reads, found by listening while the routes are walked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

from tests.security.expectations import EXPECT
from tests.security.states import STATES, expected
from tests.security.walk import Visit, go, visits
from tests.security.world import World

READERS = ("guest", "enrolled", "owner", "admin", "half")


class Read(NamedTuple):
    """An address at which that actor's request for `visit` looked for the parameter."""

    visit: Visit
    actor: str
    name: str


@contextmanager
def listening(world: World) -> Iterator[list[str]]:
    """The names of query parameters that are looked for inside the block."""
    heard: list[str] = []

    class Noted(ImmutableMultiDict[str, str]):
        def __getitem__(self, key: str) -> str:
            heard.append(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            heard.append(str(key))
            return super().__contains__(key)

        def get(self, key: str, *more: Any, **named: Any) -> Any:
            heard.append(key)
            return super().get(key, *more, **named)

        def getlist(self, key: str, *more: Any, **named: Any) -> Any:
            heard.append(key)
            return super().getlist(key, *more, **named)

    class Listening(Request):
        @cached_property
        def args(self) -> Any:  # type: ignore[override]
            return Noted(super().args)

    usual = world.app.request_class
    world.app.request_class = Listening
    try:
        yield heard
    finally:
        world.app.request_class = usual


def parameters(world: World) -> list[Read]:
    """Every parameter of every route, once, where it is read by somebody to whom the page opens."""
    found: dict[tuple[str, str, str], Read] = {}
    with listening(world) as heard:
        for visit in visits(world):
            for actor in READERS:
                sign = expected(actor, visit) if actor in STATES else EXPECT[visit.route][actor][visit.place]
                if sign not in "+>27":
                    continue
                heard.clear()
                go(world, actor, visit)
                for name in heard:
                    found.setdefault((visit.endpoint, visit.method, name), Read(visit, actor, name))
            if visit.is_unsafe:
                world.reset()
    return list(found.values())
