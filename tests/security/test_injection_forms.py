"""What people type into forms stays a value: no SQL, no syntax, no markup."""

from __future__ import annotations

import pytest

from tests.security.attacks import INSIDES, SQL, twin, words
from tests.security.expectations import sign_of
from tests.security.forms import Sheet, form_endpoints, sheets
from tests.security.markup import difference
from tests.security.texts import PAYLOADS
from tests.security.walk import go
from tests.security.world import World

pytestmark = pytest.mark.pages
WITHOUT_A_PAGE = {
    "accounts.appearance": "shows what is chosen: sent empty, it is saved as it is",
    "accounts.profile": "shows what is kept: sent empty, it is saved as it is",
    "admin.categories_move": "a button",
    "admin.events_retry": "a button",
    "admin.people_bulk": "the buttons of a list",
    "admin.people_import_check": "one box, which may stay empty",
    "admin.queue_retry_group": "a button",
    "admin.settings": "shows what is kept: sent empty, it is saved as it is",
    "admin.tags_edit": "shows what is kept: sent empty, it is saved as it is",
    "assessments.change_item": "shows what is kept: sent empty, it is saved as it is",
    "assessments.place_item": "a button",
    "assessments.questions_import_run": "the button under a preview; without it the way leads back to the file",
    "courses.image_add": "sent by a script, which says what is wrong",
    "courses.lesson_edit": "shows what is kept: sent empty, it is saved as it is",
    "courses.lesson_new": "names the section in a hidden field: without one there is no such page",
    "courses.lesson_new_draft": "sent by a script, which says what is wrong",
    "courses.review_remove": "the reason of who removes their own may stay empty",
    "courses.upload_start": "sent by a script, which says what is wrong",
    "enrollments.drop": "the reason may stay empty",
    "progress.record": "sent by a script; without it the lesson says what is wrong",
}
"""Forms that are not shown again when they are sent empty, and why."""


@pytest.fixture(scope="module")
def forms(world: World) -> dict[str, Sheet]:
    return sheets(world)


def test_every_form_is_attacked_by_somebody_who_gets_as_far_as_that(world: World, forms: dict[str, Sheet]) -> None:
    assert forms.keys() >= form_endpoints(world.app), "states.py and bodies.py lead nobody to these forms"
    print(f"{len(forms)} forms, {sum(len(form.fields) for form in forms.values())} fields")


def test_every_form_is_shown_again_when_it_is_sent_empty(world: World, forms: dict[str, Sheet]) -> None:
    """So what is typed into it does come back, and the attacks above have something to look at."""
    led_on = {}
    for form in forms.values():
        answer = go(world, form.actor, form.visit, data={})
        world.reset()
        if answer.status_code not in {200, 422} or "<form" not in words(answer):
            led_on[form.visit.endpoint] = answer.status
    assert led_on.keys() == WITHOUT_A_PAGE.keys(), led_on


@pytest.mark.parametrize("payload", SQL, ids=range(len(SQL)))
def test_t_sql_01_no_field_of_a_form_does(world: World, forms: dict[str, Sheet], payload: str) -> None:
    """Every field gets a third of the payloads, the next field the next third."""
    broken, turn = [], SQL.index(payload)
    for endpoint, form in forms.items():
        for name in sorted(form.fields)[turn % 3 :: 3]:
            answer = form.send(world, {name: payload})
            world.reset()  # what was accepted may have ended the session
            if answer.status_code >= 500 or INSIDES.search(words(answer).replace(payload, "")):
                broken.append((endpoint, name, answer.status))
    assert broken == []


def test_t_hpp_01_what_a_form_asks_for_is_not_taken_from_the_address(world: World, forms: dict[str, Sheet]) -> None:
    """`?role=…` beside a form would change what the form does."""
    taken = []
    for endpoint, form in forms.items():
        outcomes = []
        for query in ({}, {name: value for name, value in form.body().items() if name not in form.files}):
            answer = go(world, form.actor, form.visit, data={}, query_string=query)
            outcomes.append((sign_of(answer), len(world.changed())))
            world.reset()
        taken += [] if outcomes[0] == outcomes[1] else [(endpoint, form.actor, outcomes)]
    assert taken == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t_xss_02_no_field_that_is_not_accepted_comes_back_as_markup(
    world: World, forms: dict[str, Sheet], payload: str
) -> None:
    """The forms come back with what was typed; with every field hostile, and the browser's name as well.

    Every form gets a third of the payloads, the next form the next third.
    """
    wrong = {}
    for endpoint, form in list(forms.items())[PAYLOADS.index(payload) % 3 :: 3]:
        answers = []
        for value in (twin(payload), payload):
            agent = {"User-Agent": " ".join(value.split())}
            answers.append(form.send(world, dict.fromkeys(form.fields, value), headers=agent))
            world.reset()
        plain, evil = answers
        if evil.status_code == plain.status_code and (found := difference(words(plain), words(evil))):
            wrong[endpoint] = found
    assert wrong == {}
