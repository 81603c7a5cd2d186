"""Default deny, for every route, everybody and every object: `EXPECT` is walked, cell by cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from werkzeug.test import TestResponse

from tests.security.dress import undressed
from tests.security.expectations import EXPECT, HELP, REFUSED, sign_of
from tests.security.undone import UNDONE
from tests.security.walk import Visit, go, places_of, routes, visits
from tests.security.world import ACTORS, World

pytestmark = pytest.mark.pages

CELLS = 1_000
"""There are more than that."""
MASKS = [(re.compile(r'name="csrf_token"[^>]*>'), "token"), (re.compile(r"/masuk\?next=[^\"]*"), "sign in")]
PASSED_BY = {"static", "asset"}
"""Served by the framework: files of our own that are for everybody."""
PREVIEWED = {"progress.lesson"}
"""Public pages that lead a guest to sign in only for some of their objects."""


@dataclass
class Walk:
    """What came of it: the sign of every cell, the shape of every 404, who was led on with nothing done, and what
    answer lacks which header."""

    signs: dict[tuple[Visit, str], str] = field(default_factory=dict)
    undone: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    missing: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    changed: list[str] = field(default_factory=list)
    undressed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walk(world: World) -> Walk:
    """Every actor asks for every object of every route. After each the rows are compared, and put back."""
    walked = Walk()
    for visit in visits(world):
        for actor in ACTORS:
            answer = go(world, actor, visit)
            sign = walked.signs[visit, actor] = sign_of(answer)
            walked.undressed += [f"{visit.method} {visit.path} as {actor}: {each}" for each in undressed(answer)]
            if sign == "4":
                walked.missing[visit.endpoint, visit.method, actor][visit.place] = shape_of(answer, visit)
            changed = world.changed() if sign in {*REFUSED, ">"} or not visit.is_unsafe else []
            if sign == ">" and visit.is_unsafe:
                if not changed:
                    walked.undone[visit.endpoint][visit.place].append(actor)
            else:
                walked.changed += [f"{visit.method} {visit.path} as {actor}: {line}" for line in changed]
            world.reset()
    return walked


def shape_of(answer: TestResponse, visit: Visit) -> str:
    """The answer without what must differ: the address itself and the token."""
    text = answer.text.replace(visit.path, "the address")
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return "\n".join([*sorted(answer.headers.keys()), text])


def test_the_table_names_every_route_and_no_other(world: World) -> None:
    there = set(routes(world.app))
    people = ", ".join(ACTORS)
    assert sorted(there - EXPECT.keys()) == [], HELP.format(people)
    assert sorted(EXPECT.keys() - there) == [], "These routes are gone: take their rows out of expectations.py."


def test_the_table_names_every_object_of_a_route(world: World) -> None:
    wrong = []
    for route, rule in routes(world.app).items():
        places = set(places_of(world, rule))
        wrong += [f"{route}: {places ^ set(row)}" for row in EXPECT.get(route, {}).values() if places != set(row)][:1]
    assert wrong == [], "objects.py and expectations.py name different objects for these routes"


def test_every_view_carries_a_policy(world: World) -> None:
    views = world.app.view_functions
    bare = [name for name, view in views.items() if not hasattr(view, "policy") and name not in PASSED_BY]
    assert bare == [], "a view carries @anyone, @signed_in, @staff or @admins"


def test_everybody_gets_at_every_route_what_the_table_says(walk: Walk) -> None:
    wrong = []
    for (visit, actor), sign in walk.signs.items():
        expected = EXPECT.get(visit.route, {}).get(actor, {}).get(visit.place)
        if sign != expected:
            wrong.append(f"{visit.method} {visit.path} ({visit.endpoint}, {visit.place}) as {actor}: {sign}")
    assert wrong == [], "expectations.py says something else (it explains the signs)"


def test_what_is_refused_or_only_looked_at_changes_nothing(walk: Walk) -> None:
    assert walk.changed == []


def test_who_is_led_on_has_done_it_or_was_refused_as_the_table_says(walk: Walk) -> None:
    found: dict[str, dict[str, str]] = {}
    for endpoint, rows in walk.undone.items():
        for place, actors in rows.items():
            who = found.setdefault(endpoint, {})
            who[" ".join(actors)] = f"{who.get(' '.join(actors), '')}, {place}".lstrip(", ")
    assert found == UNDONE, "undone.py says who is led on although nothing was done"


def test_t_hdr_01_every_route_wears_the_headers_for_everybody(walk: Walk) -> None:
    assert walk.undressed == []


def test_foreign_deleted_and_unknown_answer_the_same(walk: Walk) -> None:
    different = [who for who, shapes in walk.missing.items() if len(set(shapes.values())) > 1]
    assert different == []


def test_more_than_a_thousand_cells_were_walked(walk: Walk, record_property: Callable[[str, object], None]) -> None:
    named = sum(len(row) for actors in EXPECT.values() for row in actors.values())
    record_property("cells", len(walk.signs))
    print(f"{len(walk.signs)} cells, {len(EXPECT)} routes")
    assert len(walk.signs) == named > CELLS


def test_a_program_is_told_by_the_status_and_not_led_to_a_page(world: World) -> None:
    told = {}
    for visit in visits(world):
        if EXPECT.get(visit.route, {}).get("guest", {}).get(visit.place) == "L" and visit.endpoint not in PREVIEWED:
            told[visit] = go(world, "guest", visit, headers={"Accept": "application/json"}).status_code
    assert {visit.path: status for visit, status in told.items() if status != 401} == {}


def test_head_answers_as_get_does(world: World) -> None:
    different = []
    for visit in visits(world):
        if visit.method == "GET":
            for actor in ("guest", "admin"):
                answer = world.ask(actor, "HEAD", visit.path)
                if sign_of(answer) != EXPECT.get(visit.route, {}).get(actor, {}).get(visit.place) or answer.data:
                    different.append((visit.path, actor, answer.status))
    assert different == []
