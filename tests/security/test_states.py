"""On the way in, or with something to do first: every route, for everybody who is neither guest nor quite at home."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.security.dress import undressed
from tests.security.markup import Skeleton
from tests.security.states import DIFFERENT, LIKE, STATES, expected, is_refused, second_step_for_staff, sign_for
from tests.security.test_csrf import FOREIGN, other_answers
from tests.security.walk import Visit, go, visits
from tests.security.world import World

pytestmark = pytest.mark.pages

CELLS = 700
"""There are more than that."""
SHOWN = {
    "half": ["accounts.second_step"],
    "protected": ["accounts.recovery_codes", "accounts.turn_off_two_factor", "accounts.two_factor"],
    "owing": ["accounts.two_factor_setup"],
    "unverified": ["accounts.unverified"],
    "first": ["accounts.first_password"],
    "links": ["accounts.reset", "accounts.set_up", "accounts.verification"],
}
"""Pages that nobody else gets to see."""


class Told(dict[tuple[str, Visit], TestResponse]):
    """Every answer, and the rows that changed although the answer was a refusal, or although it was only a look."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = []


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    """Everybody in each state asks for every object of every route, in a world where staff need the second step."""
    walked = Told()
    with second_step_for_staff(world):
        for visit in visits(world):
            for state in STATES:
                answer = walked[state, visit] = go(world, state, visit)
                if not visit.is_unsafe or is_refused(state, visit, sign_for(state, answer)):
                    walked.changed += [f"{visit} as {state}: {line}" for line in world.changed()]
                world.reset()
    return walked


def test_the_table_of_states_is_about_routes_that_there_are(told: Told) -> None:
    asked = {(visit.route, state) for state, visit in told}
    assert {(route, state) for route, row in DIFFERENT.items() for state in row} - asked == set()
    assert set(LIKE) == set(STATES)


def test_everybody_in_a_state_gets_at_every_route_what_the_table_says(told: Told) -> None:
    wrong = []
    for (state, visit), answer in told.items():
        sign = sign_for(state, answer)
        if sign != expected(state, visit):
            wrong.append(
                f"{visit.method} {visit.path} ({visit.place}) as {state}: {sign}, not {expected(state, visit)}"
            )
    print(f"{len(told)} cells")
    assert wrong == [], "states.py says something else"
    assert len(told) > CELLS


def test_what_is_refused_or_only_looked_at_changes_nothing_in_any_state(told: Told) -> None:
    assert told.changed == []


def test_t_hdr_01_every_route_wears_the_headers_in_every_state(told: Told) -> None:
    wrong = {(state, visit.path): found for (state, visit), answer in told.items() if (found := undressed(answer))}
    assert wrong == {}


def test_t_hdr_02_no_page_carries_code_of_its_own_in_any_state(told: Told) -> None:
    pages = {key: answer for key, answer in told.items() if answer.mimetype == "text/html"}
    assert {key: found for key, answer in pages.items() if (found := Skeleton(answer.text).inline)} == {}


def test_t_hdr_04_nothing_is_stored_in_any_state(told: Told) -> None:
    """Neither for who is signed in, nor the pages that take a code, a link or a new password."""
    own = {(state, endpoint) for state, endpoints in SHOWN.items() for endpoint in endpoints}
    stored = [
        (state, visit.path, answer.headers.get("Cache-Control"))
        for (state, visit), answer in told.items()
        if (state not in {"half", "links"} or (state, visit.endpoint) in own)
        and answer.mimetype in {"text/html", "text/csv", "application/json"}
        and "no-store" not in answer.headers.get("Cache-Control", "")
    ]
    assert stored == []


def test_the_pages_of_every_state_were_among_them(told: Told) -> None:
    opened = {(state, visit.endpoint) for (state, visit), answer in told.items() if answer.status_code == 200}
    assert {(state, each) for state, endpoints in SHOWN.items() for each in endpoints} - opened == set()
    codes = re.compile(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>")
    pages = {key: answer.text for key, answer in told.items() if answer.mimetype == "text/html"}
    with_codes = {(state, visit.endpoint) for (state, visit), text in pages.items() if codes.search(text)}
    assert with_codes == {("owing", "accounts.two_factor_setup"), ("protected", "accounts.recovery_codes")}


def test_t_csr_01_without_its_token_no_write_is_done_in_any_state(world: World) -> None:
    assert other_answers(world, 400, STATES, token=False) == []
    assert world.changed() == []


def test_t_csr_03_with_its_token_too_a_write_of_another_site_is_refused_in_any_state(world: World) -> None:
    assert other_answers(world, 403, STATES, headers=FOREIGN[0]) == []
    assert world.changed() == []
