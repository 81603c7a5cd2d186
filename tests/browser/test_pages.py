"""Every page, in both themes, on a phone and on a desk: accessible, within its policy, never wider than the screen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import School, log_in, serve
from tests.browser.screens import both_screens, one, problems_of, visit

LEARNERS = ("guest", "peserta@demo.test")
WRONG_FILTER = "/admin/peristiwa?jenis=tidak-ada"
STATUS = {("guest", "/v/0000000000"): 404, ("guest", "/tidak-ada"): 404, ("guest", "/keluar"): 405}
STATUS |= {("admin@demo.test", WRONG_FILTER): 422}
STATUS |= {(who, "/admin"): 403 for who in ("peserta@demo.test", "konten@demo.test")}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def school(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for all: here it is only looked at."""
    with serve(seeded_file, tmp_path_factory.mktemp("looked-at")) as served:
        yield served


def lesson_in(school: School, slug: str, kind: str) -> str:
    """The address of a lesson of that kind in that course."""
    found = one(
        school,
        "SELECT lessons.id FROM lessons JOIN course_sections s ON s.id = section_id"
        f" JOIN courses c ON c.id = s.course_id WHERE c.slug = '{slug}' AND kind = '{kind}' LIMIT 1",
    )
    return f"/belajar/{slug}/{found}"


def attempt_of(school: School, email: str) -> str:
    """The address of the result of that person's attempt."""
    of_person = f"JOIN users ON users.id = user_id WHERE email = '{email}' LIMIT 1"
    return f"/percobaan/{one(school, f'SELECT public_id FROM assessment_attempts {of_person}')}/hasil"


def waiting_answer(school: School) -> str:
    """The address of an answer that waits to be graded."""
    waits = "JOIN assessment_attempts t ON t.id = attempt_id WHERE t.status = 'submitted' AND a.score IS NULL LIMIT 1"
    return f"/penilaian/{one(school, f'SELECT a.id FROM attempt_answers a {waits}')}"


def questions_of(school: School, assessment_id: int) -> list[int]:
    """A question of each type that the assessment has."""
    query = "SELECT min(q.id) FROM questions q JOIN assessment_items i ON i.question_id = q.id"
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        rows = connection.execute(f"{query} WHERE i.assessment_id = {assessment_id} GROUP BY q.type")
        return [each for (each,) in rows]


def addresses(school: School) -> dict[str, list[str]]:
    """Whose pages there are; ids are looked up in the demo school."""
    begun = one(school, "SELECT slug FROM courses WHERE title LIKE 'Keselamatan%'")
    exam, quiz = (one(school, f"SELECT id FROM assessments WHERE kind = '{kind}'") for kind in ("exam", "quiz"))
    other = one(school, "SELECT slug FROM courses WHERE title LIKE 'Pembukuan%'")

    def lesson(kind: str, slug: str = begun) -> str:
        return lesson_in(school, slug, kind)

    finished = one(school, "SELECT slug FROM courses WHERE title LIKE 'Layanan%'")
    mine = "FROM certificates JOIN users ON users.id = user_id WHERE email = 'peserta@demo.test'"
    code = one(school, f"SELECT code {mine}")
    fact = UUID(one(school, "SELECT id FROM event_store WHERE name = 'enrollment.completed' LIMIT 1"))
    mail = one(school, "SELECT id FROM outgoing_mails LIMIT 1")
    learner = one(school, "SELECT id FROM users WHERE email = 'peserta@demo.test'")
    newcomer = one(school, "SELECT id FROM users WHERE initial_key IS NOT NULL LIMIT 1")
    return {
        "guest": [
            "/", "/masuk", "/daftar", "/lupa-sandi", "/kursus", "/kursus?q=zzzz", "/kursus?q=kerja&tag=k3",
            f"/kursus/{begun}", f"/kursus/{begun}/ulasan", lesson("text"),
            "/v", f"/v/{code}", "/v/0000000000", "/tidak-ada", "/keluar",
        ],
        "peserta@demo.test": [
            "/", "/kursus", f"/kursus/{begun}", f"/kursus/{other}", lesson("text"), lesson("document"),
            lesson("youtube", finished), f"{lesson('youtube', finished)}?putar=1", f"/belajar/{begun}/mengapa",
            f"/belajar/{finished}/mengapa", f"/kursus/{begun}/berhenti",
            f"/asesmen/{exam}", f"/asesmen/{quiz}", attempt_of(school, "peserta@demo.test"), "/nilai",
            f"/kursus/{finished}/ulasan", "/sertifikat", "/notifikasi", "/akun",
            "/akun/sandi", "/akun/email", "/akun/dua-langkah", "/akun/perangkat", "/akun/tampilan", "/admin",
        ],
        "konten@demo.test": ["/", lesson("text"), "/admin", "/kelola/kursus"],
        "admin@demo.test": [
            "/", "/admin", "/admin/peristiwa", f"/admin/peristiwa/{fact}?sebab=1", WRONG_FILTER,
            "/admin/antrean", "/admin/audit",
            "/admin/kotak-keluar", f"/admin/kotak-keluar/{mail}", "/admin/pengaturan", "/admin/styleguide",
            "/admin/peserta", "/admin/peserta?tab=belum-masuk", f"/admin/peserta/{learner}", "/admin/peserta/baru",
            *(f"/admin/peserta/{learner}/{verb}" for verb in ("ubah", "peran", "nonaktifkan", "anonimkan")),
            "/admin/kategori", "/admin/kategori/1", "/admin/tag", "/admin/tag/1", f"/kursus/{begun}/ulasan",
            "/admin/peserta/impor", f"/admin/peserta/{newcomer}/kartu", "/kelola/kursus?tab=arsip",
            *(f"/kelola/kursus/{other}/{part}" for part in ("pengaturan", "terbit")),
            *(f"/kelola/asesmen/{exam}{part}" for part in ("", "/pengaturan", "/terbit", "/pantau", "/hasil")),
            *(f"/kelola/kursus/{begun}/{part}" for part in ("asesmen", "soal", "nilai")), "/penilaian",
            *(f"/kelola/kursus/{begun}/soal/{each}" for each in questions_of(school, exam)), waiting_answer(school),
            *(f"{address}?sebagai=peserta" for address in (f"/kursus/{other}", lesson("text"))),
        ],
    }  # fmt: skip


@both_screens
def test_pages_are_accessible_and_fit(school: School, open_page: Callable[..., Page], width: int) -> None:
    problems = []
    for who, paths in addresses(school).items():
        page = open_page(width)
        if who != "guest":
            log_in(page, who)
        for path in paths:
            visit(page, path, STATUS.get((who, path), 200))
            problems += problems_of(page, f"{who.partition('@')[0]}{path}")
    assert problems == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("@media (prefers-color-scheme: dark) { h1 { color: #333 !important } }", "dark): color-contrast"),
        ("@media (prefers-color-scheme: light) { h1 { color: #ccc !important } }", "light): color-contrast"),
        ("main { min-width: 2000px }", "scrolls sideways"),
    ],
)
def test_what_is_planted_in_one_theme_is_found_there(
    school: School, open_page: Callable[..., Page], planted: str, found: str
) -> None:
    """So that the tests above could fail."""
    page = open_page(360)
    visit(page, "/masuk")
    page.evaluate("rule => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", planted)
    problems = problems_of(page, "planted")
    assert problems
    assert all(found in each for each in problems)


PICTURES = "() => Promise.all([...document.images].map(each => (each.loading = 'eager', each.decode().catch(() => 0))))"
"""Waits for every picture of the page, the late ones too."""
FONT = ".woff2"


def cold_weight(page: Page, path: str) -> list[tuple[int, str]]:
    """What each request costs, in bytes, that the page makes in a browser which knows nothing yet."""
    made: list[Request] = []

    def note(request: Request) -> None:
        made.append(request)

    page.on("requestfinished", note)
    page.goto(path)
    page.evaluate(PICTURES)
    page.remove_listener("requestfinished", note)
    sizes = [(request.sizes(), request.url) for request in made]
    return [(size["responseBodySize"] + size["responseHeadersSize"], url) for size, url in sizes]


def test_on_the_smallest_phone_nothing_scrolls_sideways_and_pages_of_learners_are_light(
    school: School, open_page: Callable[..., Page]
) -> None:
    wide, heavy = [], []
    for who, paths in addresses(school).items():
        page = open_page(320)
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        if who != "guest":
            log_in(page, who)
        for path in paths:
            weight = cold_weight(page, path)
            total = sum(size for size, _url in weight)
            without_font = sum(size for size, url in weight if FONT not in url)
            if who in LEARNERS and (total > 80_000 or without_font > 60_000 or len(weight) > 10):
                heavy.append(f"{who} {path}: {total} bytes, {without_font} without the font: {weight}")
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(f"{who} {path}")
    assert wide == []
    assert heavy == []
