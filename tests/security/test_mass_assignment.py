"""T-MAS-01: a form takes the fields that it shows and no other, whatever is sent along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.security.bodies import body_of
from tests.security.expectations import EXPECT, sign_of
from tests.security.forms import sheets
from tests.security.rows import APPEND_ONLY, COUNTERS, SEEN, Rows, tables
from tests.security.states import STATES
from tests.security.walk import Route, Visit, go, visits
from tests.security.world import World

SENDERS = ("guest", "enrolled", "dropped", "owner", "admin")
RAISED = {"role": "lms_admin", "is_admin": "1", "is_staff": "1", "admin": "true", "status": "active", "password": "x"}
OWNED = dict.fromkeys(
    ("id", "user_id", "owner_id", "course_id", "enrollment_id", "actor_id", "user", "invited_by"), "1"
)

pytestmark = pytest.mark.pages
EARNED = {
    "progress_percentage": "100", "percentage": "100", "score": "100", "skor": "100", "benar": "1", "poin": "100",
    "done": "1", "is_completed": "1", "total_pages": "1", "highest_page_reached": "999", "media_percentage": "100",
    "time_spent_seconds": "999999", "current_page": "999", "active_enrollments_count": "999", "is_free_preview": "1",
}  # fmt: skip
SETTLED = {
    "visibility": "public", "published_by": "1", "token": "x", "token_hash": "x", "password_hash": "x", "code": "x",
    "two_factor": "", "secret": "x", "last_step": "0", "locale": "xx", "timezone": "UTC", "drop_reason": "x",
    "logo": "x",
    "revoke_reason": "x", "number": "1", "stored_name": "x", "mime": "text/html", "state": "done", "requested_by": "1",
}  # fmt: skip
MOMENTS = dict.fromkeys(
    ("email_verified_at", "completed_at", "published_at", "created_at", "dropped_at", "started_at", "enrolled_at",
     "revoked_at", "expires_at", "confirmed_at", "used_at", "deleted_at", "read_at", "last_seen_at"),
    "2020-01-01T00:00:00+00:00",
)  # fmt: skip
EXTRA = {**RAISED, **OWNED, **EARNED, **SETTLED, **MOMENTS}
RANDOM = ("hash", "secret", "token", "code", "key", "stored_name", "public_id", "digest", "logo", "last_step", "drawn")
"""Columns whose value is another one every time."""


def effects(before: Rows, after: Rows) -> list[str]:
    """What a request has changed, without what differs each time that it is done."""
    found = []
    for table in tables():
        if table.name in APPEND_ONLY | COUNTERS:
            continue
        old, new = before[table.name], after[table.name]
        found += [f"{table.name} -" for _key in old.keys() - new.keys()]
        for key in new.keys() - old.keys():
            found.append(f"{table.name} + {_plain(before, new[key], table.name)}")
        for key in new.keys() & old.keys():
            changed = {name: value for name, value in new[key].items() if value != old[key][name] and name not in SEEN}
            found += [f"{table.name} {key} {_plain(before, changed, table.name)}"] if changed else []
    return sorted(found)


def _plain(before: Rows, row: dict[str, Any], table: str) -> dict[str, Any]:
    return {name: _plain_value(before, table, name, value) for name, value in sorted(row.items())}


def _plain_value(before: Rows, table: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime | UUID | float):
        return type(value).__name__ + (" of the past" if isinstance(value, datetime) and value.year < 2025 else "")
    if value is not None and any(word in name for word in RANDOM):
        return "random"
    if isinstance(value, int) and (name == "id" or name.endswith("_id")):
        known = table if name == "id" else {"user_id": "users", "course_id": "courses"}.get(name, "")
        return value if (value,) in before.get(known, {}) else "new"
    return value


def writes(world: World) -> Iterator[tuple[Visit, str]]:
    """Every write that somebody may do, at the first two objects at which they may."""
    done: Counter[tuple[Route, str]] = Counter()
    for visit in visits(world):
        for actor in SENDERS:
            if visit.is_unsafe and EXPECT.get(visit.route, {}).get(actor, {}).get(visit.place, "4") in "+>":
                done[visit.route, actor] += 1
                if done[visit.route, actor] <= 2:
                    yield visit, actor


def test_t_mas_01_fields_that_a_form_does_not_have_change_nothing(world: World) -> None:
    different, count = {}, 0
    for visit, actor in writes(world):
        outcomes = []
        for extra in ({}, EXTRA):
            answer = go(world, actor, visit, data={**extra, **body_of(actor, visit.endpoint)})
            outcomes.append([sign_of(answer), *effects(world.kept, world.rows())])
            world.reset()
        count += 1
        if outcomes[0] != outcomes[1]:
            different[visit.method, visit.path, actor] = outcomes
    assert different == {}
    assert count > 30


def test_t_mas_01_nor_do_they_in_the_forms_of_who_is_on_the_way_in(world: World) -> None:
    """First password, link of a letter, code of the second step, set-up, first admin."""
    different, found = {}, {endpoint: form for endpoint, form in sheets(world).items() if form.actor in STATES}
    for endpoint, form in found.items():
        outcomes = []
        for extra in ({}, EXTRA):
            answer = go(world, form.actor, form.visit, data={**extra, **form.body()})
            outcomes.append([sign_of(answer), *effects(world.kept, world.rows())])
            world.reset()
        assert outcomes[0][0] in "+>", endpoint
        different |= {} if outcomes[0] == outcomes[1] else {endpoint: outcomes}
    assert different == {}
    assert len(found) >= 7


@pytest.mark.parametrize("sent", ["json", "nested"])
def test_t_mas_01_what_a_program_sends_is_read_no_further(world: World, sent: str) -> None:
    visit = next(each for each in visits(world) if each.route == ("progress.record", "POST") and each.place == "public")
    body: dict[str, Any] = {"page": 1, "seconds": 5}
    more = {**EXTRA, "enrollment": {"id": 1, "user_id": 1}} if sent == "nested" else EXTRA
    outcomes = []
    for each in (body, {**more, **body}):
        answer = world.ask("enrolled", "POST", visit.path, json=each)
        assert answer.status_code == 200
        outcomes.append([answer.json, *effects(world.kept, world.rows())])
        world.reset()
    assert outcomes[0] == outcomes[1]


def test_t_mas_01_nobody_registers_with_a_role(world: World) -> None:
    body = {**EXTRA, **body_of("guest", "accounts.register")}
    assert world.ask("guest", "POST", "/daftar", data=body).status_code == 303
    made = [row for key, row in world.rows()["users"].items() if key not in world.kept["users"]]
    assert [(row["role"], row["status"]) for row in made] == [("learner", "active")]
    world.reset()
