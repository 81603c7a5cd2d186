"""The catalogue, the page of a course, and files, for everybody who may come."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Role, User
from app.core.security import SANDBOX, SHOWN_PDF
from app.courses.models import Course, CourseStatus, Visibility
from app.courses.queries import catalogue
from app.enrollments.models import EnrollmentStatus
from tests import make
from tests.pages import Person
from tests.statements import statements

SQL = ["'", '"', "%", "_", "\\", "' OR 1=1 --", "%' OR '1'='1", "; DROP TABLE users", "\x00", "🦆", "x" * 10_000]


def signed_in(app: Flask, user: User | None) -> Person:
    person = Person(app)
    return person.logs_in(str(user.email)) if user else person


def titles(user: User | None = None, **filters: object) -> list[str]:
    return [card.title for card in catalogue(user, **filters).cards]  # type: ignore[arg-type]


def test_the_catalogue_lists_what_is_published_and_public(app: Flask) -> None:
    make.course(title="Terbit")
    make.course(title="Draf", published=False)
    make.course(title="Arsip", status=CourseStatus.ARCHIVED)
    restricted = make.course(title="Terbatas", visibility=Visibility.RESTRICTED)
    make.course(title="Rahasia", visibility=Visibility.HIDDEN)
    learner = make.user()
    assert titles() == titles(learner) == ["Terbit"]
    assert titles(learner, entered=[restricted.id]) == ["Terbatas", "Terbit"]
    assert titles(make.user(Role.TRAINER)) == ["Rahasia", "Terbatas", "Terbit"]


def test_every_word_must_be_found_anywhere_in_title_or_description(app: Flask) -> None:
    make.course(title="Dasar K3", short_description="Keselamatan kerja")
    make.course(title="Pembukuan", description="Kerja harian")
    assert titles(search="KERJA") == ["Pembukuan", "Dasar K3"]
    assert titles(search="kerja k3") == ["Dasar K3"]
    assert titles(search="kerja sama") == []


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"'])
def test_signs_of_like_are_plain_characters(app: Flask, sign: str) -> None:
    make.course(title=f"Naik 50{sign} lebih")
    make.course(title="Naik 500 lebih")
    assert titles(search=f"50{sign}") == [f"Naik 50{sign} lebih"]


@pytest.mark.parametrize("name", ["q", "tingkat", "kategori", "urut", "halaman"])
def test_t_sql_01_no_filter_breaks_the_catalogue(app: Flask, name: str) -> None:
    make.course()
    client = app.test_client()
    for value in SQL:
        answer = client.get("/kursus", query_string={name: value})
        assert answer.status_code == 200, value
        if name == "q" and value != "\x00":
            assert "Tidak ada kursus yang cocok" in answer.text, value


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_title_is_found_by_any_part_of_it(app: Flask, title: str) -> None:
    course = make.course(title=title or "x", lessons=0)
    for word in course.title.split()[:8]:
        if word.isascii():
            assert course.id in [
                card.id for page in (1, 2, 3, 4, 5) for card in catalogue(None, search=word, page=page).cards
            ]


def test_filters_and_sorts(app: Flask) -> None:
    safety = make.category(slug="k3", name="Keselamatan")
    first = make.course(title="b", category_id=safety.id, active_enrollments_count=5)
    make.course(title="A", difficulty="advanced", completed_enrollments_count=9)
    make.course(title="c")
    assert titles() == ["c", "A", "b"]
    assert titles(sort="title") == ["A", "b", "c"]
    assert titles(sort="popular") == ["A", "b", "c"]
    assert titles(category="k3") == [first.title]
    assert titles(category="tidak-ada") == []
    assert titles(difficulty="advanced") == ["A"]


def test_pages_hold_twelve_and_never_run_out(app: Flask) -> None:
    for _ in range(13):
        make.course(lessons=0)
    first, second = catalogue(None), catalogue(None, page=99)
    assert (len(first.cards), len(second.cards), second.page, second.pages, second.total) == (12, 1, 2, 2, 13)
    person = Person(app).opens("/kursus?q=kursus")
    assert person.opens(person.links.get("Halaman 2", "/kursus?q=kursus&halaman=2")).sees("13 kursus")


def test_a_card_counts_living_lessons(app: Flask) -> None:
    course = make.course(lessons=3)
    make.lesson(course, deleted_at=course.created_at)
    make.course(lessons=2, manual_duration_minutes=90)
    cards = {card.lessons: card.minutes for card in catalogue(None).cards}
    assert cards == {3: 30, 2: 90}


@pytest.mark.parametrize("signed", [False, True])
def test_the_catalogue_costs_the_same_however_many_rows(app: Flask, signed: bool) -> None:
    user = make.user() if signed else None
    counts = []
    for rows in (1, 11):
        for _ in range(rows):
            course = make.course(lessons=2, category_id=make.category().id)
            if user:
                make.enrollment(user, course)
        person = signed_in(app, user)
        person.opens("/kursus")
        with statements() as seen:
            person.client.get("/kursus")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


@pytest.mark.parametrize("signed", [False, True])
def test_the_page_of_a_course_costs_the_same_however_long(app: Flask, signed: bool) -> None:
    user = make.user() if signed else None
    counts = []
    for rows in (1, 20):
        course = make.course(lessons=rows, category_id=make.category().id)
        if user:
            make.enrollment(user, course)
        person = signed_in(app, user)
        person.opens("/kursus")
        slug = course.slug
        with statements() as seen:
            assert person.client.get(f"/kursus/{slug}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


def test_a_course_page_of_twenty_lessons_is_light(app: Flask) -> None:
    enrollment = make.enrollment(into=make.course(lessons=20))
    person = signed_in(app, enrollment.user).opens(f"/kursus/{enrollment.course.slug}")
    assert len(person.response.data) <= 30_000


VISITORS = ["guest", "learner", "inside", "completed", "dropped", "owner", "trainer", "admin"]
EVERYBODY = set(VISITORS)
INSIDE = {"inside", "completed", "owner", "admin"}


@pytest.mark.parametrize(
    ("status", "visibility", "seen_by"),
    [
        (CourseStatus.PUBLISHED, Visibility.PUBLIC, EVERYBODY),
        (CourseStatus.PUBLISHED, Visibility.RESTRICTED, INSIDE | {"trainer"}),
        (CourseStatus.PUBLISHED, Visibility.HIDDEN, INSIDE | {"trainer"}),
        (CourseStatus.DRAFT, Visibility.PUBLIC, INSIDE),
        (CourseStatus.ARCHIVED, Visibility.PUBLIC, INSIDE),
    ],
)
def test_who_sees_a_course(app: Flask, status: CourseStatus, visibility: Visibility, seen_by: set[str]) -> None:
    course = make.course(status=status, visibility=visibility)
    for visitor in VISITORS:
        client = signed_in(app, visit(visitor, course)).client
        client.get("/kursus")  # the welcome of signing in is shown here
        answer, unknown = client.get(f"/kursus/{course.slug}"), client.get("/kursus/tidak-pernah-ada")
        assert unknown.status_code == 404
        if visitor in seen_by:
            assert answer.status_code == 200, visitor
        else:
            assert (answer.status_code, _plain(answer.text)) == (404, _plain(unknown.text)), visitor


def _plain(page: str) -> str:
    """A page without its CSRF tokens, which differ from time to time."""
    parts = page.split('name="csrf_token" value="')
    return parts[0] + "".join(part.split('"', 1)[1] for part in parts[1:])


def visit(visitor: str, course: Course) -> User | None:
    """The person of that kind; None for a guest."""
    statuses = {
        "inside": EnrollmentStatus.ACTIVE,
        "completed": EnrollmentStatus.COMPLETED,
        "dropped": EnrollmentStatus.DROPPED,
    }
    if visitor in statuses:
        return make.enrollment(into=course, status=statuses[visitor]).user
    roles = {"learner": Role.LEARNER, "trainer": Role.TRAINER, "admin": Role.LMS_ADMIN}
    if visitor in roles:
        return make.user(roles[visitor])
    return course.owner if visitor == "owner" else None


@pytest.mark.parametrize(
    ("visitor", "status", "visibility", "words"),
    [
        ("guest", CourseStatus.PUBLISHED, Visibility.PUBLIC, "Masuk untuk Mengikuti"),
        ("learner", CourseStatus.PUBLISHED, Visibility.PUBLIC, "Ikuti Kursus"),
        ("trainer", CourseStatus.PUBLISHED, Visibility.PUBLIC, "Ikuti Kursus"),
        ("inside", CourseStatus.PUBLISHED, Visibility.PUBLIC, "Mulai Belajar"),
        ("inside", CourseStatus.ARCHIVED, Visibility.PUBLIC, "Mulai Belajar"),
        ("completed", CourseStatus.DRAFT, Visibility.PUBLIC, "Tinjau Materi"),
        ("dropped", CourseStatus.PUBLISHED, Visibility.PUBLIC, "Ikuti Lagi"),
        ("trainer", CourseStatus.PUBLISHED, Visibility.RESTRICTED, "Menunggu undangan"),
        ("owner", CourseStatus.DRAFT, Visibility.PUBLIC, "Belum menerima peserta"),
        ("admin", CourseStatus.ARCHIVED, Visibility.PUBLIC, "Tidak menerima peserta lagi"),
    ],
)
def test_the_page_offers_the_one_right_step(
    app: Flask, visitor: str, status: CourseStatus, visibility: Visibility, words: str
) -> None:
    course = make.course(status=status, visibility=visibility)
    person = signed_in(app, visit(visitor, course)).opens(f"/kursus/{course.slug}")
    steps = {
        "Masuk untuk Mengikuti", "Ikuti Kursus", "Mulai Belajar", "Tinjau Materi", "Ikuti Lagi", "Menunggu undangan",
        "Belum menerima peserta", "Tidak menerima peserta lagi",
    }  # fmt: skip
    assert {step for step in steps if person.sees(step)} == {words}


def test_a_guest_comes_back_to_the_course(app: Flask) -> None:
    course, learner = make.course(), make.user()
    person = Person(app).opens(f"/kursus/{course.slug}").follows("Masuk untuk Mengikuti")
    person.submits("Masuk", login=learner.email, password="tuntas-demo")
    assert person.path == f"/kursus/{course.slug}"


def test_the_outline_is_locked_but_for_previews(app: Flask) -> None:
    course = make.course(lessons=1)
    preview = make.lesson(course, title="Cuplikan", is_free_preview=True)
    closed = make.lessons_of(course)[0]
    guest = Person(app).opens(f"/kursus/{course.slug}")
    assert f"/belajar/{course.slug}/{preview.id}" in guest.response.text
    assert f"/belajar/{course.slug}/{closed.id}" not in guest.response.text
    assert guest.sees("Pratinjau")
    assert guest.opens(f"/belajar/{course.slug}/{preview.id}").status == 200
    inside = make.enrollment(into=course).user
    assert f"/belajar/{course.slug}/{closed.id}" in signed_in(app, inside).opens(f"/kursus/{course.slug}").response.text


def test_a_course_of_no_known_length_says_nothing_about_it(app: Flask) -> None:
    course = make.course(lessons=0)
    make.lesson(course, minutes=None)
    page = Person(app).opens(f"/kursus/{course.slug}")
    assert page.sees("1 materi")
    assert not page.sees("menit")
    assert not page.sees("batas waktu")
    make.lesson(course, minutes=30)
    assert page.opens(f"/kursus/{course.slug}").sees("30 menit")


def test_the_own_progress_is_shown(app: Flask) -> None:
    enrollment = make.enrollment(progress_percentage=Decimal("62.5"))
    person = signed_in(app, enrollment.user)
    assert person.opens(f"/kursus/{enrollment.course.slug}").sees("62,5% selesai")
    assert person.opens("/kursus").sees("62,5% selesai")


def test_what_authors_write_is_never_markup(app: Flask) -> None:
    evil = "<script>alert(1)</script>"
    course = make.course(
        title=evil, short_description=evil, description=evil, objectives=[evil], prerequisites=[evil],
        category_id=make.category(name=evil).id, owner=make.user(Role.TRAINER, name=evil), lessons=0,
    )  # fmt: skip
    make.lesson(make.section(course, title=evil), title=evil)
    for path in (f"/kursus/{course.slug}", "/kursus", "/kursus?q=" + evil):
        assert evil not in Person(app).opens(path).response.text


def test_a_search_without_a_result_says_what_to_do(app: Flask) -> None:
    make.course()
    person = Person(app).opens("/kursus?q=tidakada")
    assert person.sees("Tidak ada kursus yang cocok dengan “tidakada”")
    assert person.follows("Hapus saringan").path == "/kursus"


@pytest.mark.parametrize(("preview", "served_to"), [(True, EVERYBODY), (False, INSIDE | {"trainer"})])
def test_t_upl_07_a_file_is_for_whoever_may_open_a_lesson_with_it(
    app: Flask, preview: bool, served_to: set[str]
) -> None:
    course = make.course(lessons=0)
    media = make.media(course.owner)
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=preview)
    for visitor in VISITORS:
        client = signed_in(app, visit(visitor, course)).client
        with client.get(f"/media/{media.public_id}") as answer:
            assert answer.status_code == (200 if visitor in served_to else 404), visitor
        assert client.get("/media/tidak-ada").status_code == 404


def test_a_file_of_a_deleted_lesson_is_for_nobody_but_its_owner(app: Flask) -> None:
    course = make.course(lessons=0)
    media = make.media(course.owner)
    make.lesson(course, kind="document", media_id=media.id, deleted_at=course.created_at, is_free_preview=True)
    learner = make.enrollment(into=course).user
    assert signed_in(app, learner).client.get(f"/media/{media.public_id}").status_code == 404
    with signed_in(app, course.owner).client.get(f"/media/{media.public_id}") as answer:
        assert answer.status_code == 200


def test_a_file_is_answered_safely_whole_in_ranges_and_not_again(app: Flask) -> None:
    course = make.course(lessons=0)
    media = make.media(course.owner, b"%PDF-0123456789", original_name='Lembar "kerja" é.pdf')
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
    client, path = app.test_client(), f"/media/{media.public_id}"
    with client.get(path) as whole:
        assert whole.data == b"%PDF-0123456789"
        assert whole.headers["X-Content-Type-Options"] == "nosniff"
        assert whole.headers["Content-Security-Policy"] == SHOWN_PDF
        assert whole.headers["Content-Disposition"].startswith("inline; filename=")
        assert "filename*=UTF-8''Lembar%20%22kerja%22%20%C3%A9.pdf" in whole.headers["Content-Disposition"]
        assert "private" in whole.headers["Cache-Control"]
        etag = whole.headers["ETag"]
    with client.get(path, headers={"Range": "bytes=5-8"}) as part:
        assert (part.status_code, part.data) == (206, b"0123")
    with client.get(path, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
    with client.get(f"{path}?unduh=1") as saved:
        assert saved.headers["Content-Disposition"].startswith("attachment")


def test_only_a_pdf_opens_in_the_browser(app: Flask) -> None:
    course = make.course(lessons=0)
    media = make.media(course.owner, b"a;b", original_name="a.csv", mime="text/csv")
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
    with app.test_client().get(f"/media/{media.public_id}") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == SANDBOX
