"""What was found open in comparable systems stays shut here."""

from __future__ import annotations

import re

import pytest

from tests.security.parameters import READERS
from tests.security.walk import go, visits
from tests.security.world import World

pytestmark = pytest.mark.pages

NAMING = ("user_id", "user", "learner", "peserta", "id", "uid", "orang", "email", "enrollment_id", "as")
"""How a request might name somebody else."""
DIRECTORY = [
    "/peserta",
    "/pengguna",
    "/users",
    "/api/users",
    "/api/peserta",
    "/user/1",
    "/profil/1",
    "/akun/1",
    "/anggota",
]


def test_t_peer_01_nobody_reads_anothers_progress_by_naming_them(world: World) -> None:
    """Pages of one's own are the same, whoever is named in the address."""
    victim = world.people["enrolled"]
    for path in ("/", "/akun", "/sertifikat", "/notifikasi", "/belajar/terbuka/mengapa", "/kursus", "/kursus/terbuka"):
        for actor in ("other", "dropped", "trainer"):
            plain = world.ask(actor, "GET", path)
            for value in (victim.id, victim.email):
                named = world.ask(actor, "GET", path, query_string=dict.fromkeys(NAMING, value))
                assert named.status_code == plain.status_code
                assert _words(named.text) == _words(plain.text), (path, actor)


def test_t_peer_01_nobody_writes_anothers_progress_by_naming_them(world: World) -> None:
    victim = world.people["enrolled"].id
    mine = {key for key, row in world.kept["enrollments"].items() if row["user_id"] == victim}
    touched = []
    for visit in visits(world):
        if visit.is_unsafe and visit.endpoint.split(".")[0] in {"progress", "enrollments"}:
            for actor in ("other", "dropped"):
                named = dict.fromkeys(NAMING, victim)
                go(world, actor, visit, query_string=named, data={**named, "page": 1, "seconds": 5})
                after = world.rows()
                touched += [
                    (visit.path, actor) for key in mine if after["enrollments"][key] != world.kept["enrollments"][key]
                ]
                touched += [
                    (visit.path, actor)
                    for key, row in after["lesson_progress"].items()
                    if (row["enrollment_id"],) in mine and key not in world.kept["lesson_progress"]
                ]
                world.reset()
    assert touched == []


@pytest.mark.parametrize("path", DIRECTORY)
def test_t_peer_02_nothing_lies_at_the_usual_addresses_of_a_directory(world: World, path: str) -> None:
    for actor in READERS:
        assert world.ask(actor, "GET", path).status_code == 404


def test_t_peer_03_numbers_count_through_nothing_that_is_not_ones_own(world: World) -> None:
    """Every number from 1 on, at every route that takes one: only what the table allows is there."""
    shown = []
    for actor in ("outsider", "other"):
        for visit in visits(world):
            if re.search(r"/\d+(/|\.|$)", visit.path) and visit.method == "GET" and visit.place == "unknown":
                for number in range(1, 40):
                    answer = world.ask(actor, "GET", re.sub(r"/\d+(?=/|\.|$)", f"/{number}", visit.path))
                    shown += [(visit.endpoint, number)] if _is_secret(answer.text) else []
    assert shown == []


def _is_secret(page: str) -> bool:
    return "Halo" in page or "enrolled@" in page


def test_t_peer_04_leaving_a_course_takes_its_pages_away_at_once(world: World) -> None:
    assert world.ask("enrolled", "GET", "/kursus/terbatas").status_code == 200
    assert world.ask("enrolled", "POST", "/kursus/terbatas/berhenti").status_code == 303
    assert world.ask("enrolled", "GET", "/kursus/terbatas").status_code == 404
    for visit in visits(world):
        if visit.endpoint == "courses.media" and visit.place == "restricted":
            assert world.ask("enrolled", "GET", visit.path).status_code == 404
    world.reset()
    assert world.changed() == []


def _words(page: str) -> str:
    """The page without what is new every time, and without the query of the addresses in its attributes."""
    page = re.sub(r'name="csrf_token"[^>]*>', "", page)
    return re.sub(r'((?:href|src|action|content)="[^"?]*)\?[^"]*"', r'\1"', page)
