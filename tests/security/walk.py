"""Every route of the app, every object that it takes, every actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.security.bodies import ADDRESSES, body_of
from tests.security.world import World

Route = tuple[str, str]
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Visit(NamedTuple):
    """One place at which one route is asked for."""

    endpoint: str
    method: str
    place: str
    path: str

    @property
    def route(self) -> Route:
        return self.endpoint, self.method

    @property
    def is_unsafe(self) -> bool:
        return self.method in UNSAFE


def routes(app: Flask) -> dict[Route, Rule]:
    """All routes; HEAD and OPTIONS come with GET."""
    found = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found[rule.endpoint, method] = rule
    return dict(sorted(found.items()))


def places_of(world: World, rule: Rule) -> dict[str, dict[str, Any]]:
    """The objects that the route takes. Raises KeyError, with what to do, where the world has none."""
    takes = frozenset(rule.arguments)
    if takes not in world.places:
        raise KeyError(f"{rule.rule} takes {sorted(takes)}: add such objects to tests/security/objects.py")
    return world.places[takes]


def visits(world: World) -> Iterator[Visit]:
    """Every route at every place."""
    for (endpoint, method), rule in routes(world.app).items():
        for place, values in places_of(world, rule).items():
            yield Visit(
                endpoint, method, place, world.path(endpoint, method, {**values, **ADDRESSES.get(endpoint, {})})
            )


def go(world: World, actor: str, visit: Visit, **more: Any) -> TestResponse:
    """The actor makes the request; a write sends a body that the form takes."""
    if visit.is_unsafe:
        more.setdefault("data", body_of(actor, visit.endpoint))
    return world.ask(actor, visit.method, visit.path, **more)
