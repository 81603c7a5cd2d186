"""The panel is for admins; what it does not know is not found; its pages cost the same however much has happened."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Role
from tests import make
from tests.admin.conftest import fact, given_up
from tests.pages import Person
from tests.statements import statements

PAGES = [
    "/admin", "/admin/peristiwa", "/admin/antrean", "/admin/audit", "/admin/audit.csv", "/admin/kotak-keluar",
    "/admin/pengaturan", "/admin/styleguide",
]  # fmt: skip
WRITES = ["/admin/antrean/coba-lagi", "/admin/antrean/coba-lagi-semua", "/admin/audit", "/admin/pengaturan"]
NOBODY = "0192f0c1-2222-7333-8444-555566667777"
SHELL = 2
"""The session with its person, and the failed work in the menu. The panel has no bell."""


@pytest.mark.parametrize("path", PAGES)
def test_a_guest_is_asked_to_sign_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.location) == (303, f"/masuk?next={path}")


@pytest.mark.parametrize("role", [Role.LEARNER, Role.CONTENT_MANAGER, Role.TRAINER])
def test_every_other_role_is_refused(app: Flask, role: Role) -> None:
    person = Person(app).logs_in(str(make.user(role).email))
    token = person.opens("/akun").forms[0].fields["csrf_token"]
    for path in [*PAGES, f"/admin/peristiwa/{NOBODY}", "/admin/kotak-keluar/1"]:
        assert person.client.get(path).status_code == 403, path
    for path in WRITES:
        assert person.client.post(path, data={"csrf_token": token}).status_code == 403, path


@pytest.mark.parametrize("path", [path for path in PAGES if not path.endswith(".csv")])
def test_an_admin_opens_every_page_of_an_empty_installation(panel: Person, path: str) -> None:
    assert panel.opens(path).status == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/admin/peristiwa/{NOBODY}", "/admin/peristiwa/1", "/admin/kotak-keluar/1", "/admin/kotak-keluar/1.html",
        "/admin/kotak-keluar/99999999999999999999", f"/admin/antrean/{NOBODY}/record_audit/abaikan", "/admin/x",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(panel: Person, path: str) -> None:
    assert panel.opens(path).status == 404


@pytest.mark.parametrize(
    ("path", "most"), [("/admin", 13), ("/admin/peristiwa", 2), ("/admin/antrean", 11), ("/admin/audit", 4)]
)
def test_a_page_costs_the_same_for_ten_facts_as_for_five_hundred(panel: Person, path: str, most: int) -> None:
    costs = []
    for count in (10, 490):
        for _each in range(count // 10):
            given_up(actor_id=make.user().id)
            for _other in range(9):
                fact("lesson.completed", aggregate_type="enrollment")
        panel.client.get(path)
        with statements() as seen:
            assert panel.client.get(path).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= most + SHELL, seen
