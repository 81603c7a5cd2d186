"""Every page, in both themes, on a phone and on a desk: accessible, within its policy, never wider than the screen."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SHOTS, School, log_in

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

STATUS = {("guest", "/v/0000000000"): 404, ("guest", "/tidak-ada"): 404}
STATUS |= {(who, "/admin"): 403 for who in ("peserta@demo.test", "konten@demo.test")}

pytestmark = pytest.mark.browser


def one(school: School, query: str) -> Any:
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        return connection.execute(query).fetchone()[0]


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
            "/v", f"/v/{code}", "/v/0000000000", "/tidak-ada",
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
            "/", "/admin", "/admin/peristiwa", f"/admin/peristiwa/{fact}", "/admin/antrean", "/admin/audit",
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


def check(page: Page) -> list[str]:
    """What axe finds on the page, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules).then(({ violations }) => violations)", RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}" for each in found for node in each["nodes"][:3]
    ]


def problems_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open, in either theme; its pictures are kept under this name.

    The window is as high as the page meanwhile: no sticky bar covers anything. Without motion, a colour is there at
    once.
    """
    SHOTS.mkdir(exist_ok=True)
    file, problems, window = re.sub(r"[^a-z0-9.-]", "_", name.lower())[:80], [], page.viewport_size
    assert window is not None
    width = window["width"]
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.screenshot(path=SHOTS / f"{file}-{width}-{theme}.png", full_page=True)
        problems += [f"{name} ({width} px, {theme}): {line}" for line in check(page)]
    page.set_viewport_size(window)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        problems.append(f"{name} ({width} px): scrolls sideways")
    return problems


def visit(page: Page, path: str, status: int = 200) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, path


both_screens = pytest.mark.parametrize("width", [360, 1280])


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


@both_screens
def test_pages_that_refuse_are_accessible_and_fit(school: School, open_page: Callable[..., Page], width: int) -> None:
    """A wrong password, a code that nobody has, the course that one has left, a reason that is missing."""
    guest, learner, admin = (open_page(width) for _ in range(3))
    visit(guest, "/masuk")
    guest.get_by_label("Email atau nama pengguna").fill("peserta@demo.test")
    guest.locator("input[type=password]").fill("bukan ini")
    answer = press(guest, "Masuk")
    assert answer in {401, 422}
    problems = problems_of(guest, "guest wrong password")

    begun = one(school, "SELECT slug FROM courses WHERE title LIKE 'Keselamatan%'")
    log_in(learner, "peserta@demo.test")
    visit(learner, f"/kursus/{begun}/berhenti")
    assert press(learner, "Berhenti") == 303
    problems += problems_of(learner, "peserta dropped course")
    visit(learner, lesson_in(school, begun, "document"), 403)
    assert learner.get_by_role("button", name="Ikuti Lagi").is_visible()
    problems += problems_of(learner, "peserta dropped lesson")
    visit(learner, f"/belajar/{begun}/mengapa")
    problems += problems_of(learner, "peserta dropped why")

    discard = give_up_one(school)
    log_in(admin, "admin@demo.test")
    visit(admin, "/admin/antrean")
    problems += problems_of(admin, "admin queue with failures")
    visit(admin, discard)
    problems += problems_of(admin, "admin discard")
    admin.locator("form[method=post] textarea, form[method=post] input[name=reason]").first.fill(" ")
    assert press(admin, "Abaikan") == 422
    problems += problems_of(admin, "admin discard refused")
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


def press(page: Page, name: str) -> int:
    """Presses the button and waits for what comes; the status of the answer to the form."""
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    return answered.value.status


def give_up_one(school: School) -> str:
    """A reaction that waits has failed for good; the address at which an admin discards it."""
    with sqlite3.connect(school.folder / "tuntas.db") as connection:
        event_id, receiver = connection.execute(
            "UPDATE deliveries SET status = 'failed', attempts = 3, due_at = NULL, finished_at = available_at,"
            " last_error = 'ConnectionRefusedError: [Errno 111] Connection refused'"
            " WHERE rowid = (SELECT min(rowid) FROM deliveries) RETURNING event_id, receiver"
        ).fetchone()
    return f"/admin/antrean/{UUID(event_id)}/{receiver}/abaikan"


def test_nothing_scrolls_sideways_on_the_smallest_phone(school: School, open_page: Callable[..., Page]) -> None:
    wide = []
    for who, paths in addresses(school).items():
        page = open_page(320)
        if who != "guest":
            log_in(page, who)
        for path in paths:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(f"{who} {path}")
    assert wide == []


def test_a_cold_learner_page_is_light(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(360)
    log_in(page, "peserta@demo.test")
    requests: list[str] = []
    sizes: list[int] = []
    fresh = page.context.browser.new_context(storage_state=page.context.storage_state(), base_url=school.address)  # type: ignore[union-attr]
    cold = fresh.new_page()
    cold.on("requestfinished", lambda request: (requests.append(request.url), sizes.append(sum(_weight(request)))))
    cold.goto("/", wait_until="networkidle")
    fresh.close()
    assert len(requests) <= 10, requests
    assert sum(sizes) <= 80_000, list(zip(requests, sizes, strict=True))


def _weight(request: Any) -> tuple[int, int]:
    sizes = request.sizes()
    return sizes["responseBodySize"], sizes["responseHeadersSize"]
