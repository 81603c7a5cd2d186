"""The search: what is found, in which order, and that nothing anybody types breaks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Role, User
from app.core.db import transaction
from app.courses import actions
from app.courses.models import Course, CourseStatus, Visibility
from app.courses.queries import catalogue
from app.courses.search import LONGEST_TEXT, Wanted, index_course, wanted_words
from tests import make
from tests.conftest import POSTGRES
from tests.pages import Person

SYNTAX = [
    "AND", "OR", "NOT", "NEAR(", "NEAR(a b, 2)", '"', '""', '"a', "'", "''", "a'b", "*", "a*", "* *", "^a", "title:a",
    "rank:a", "-a", "a -b", "(", ")", "(a", "a)", "()", "{a b}:c", "a + b", "a & b", "a | b", "!a", "a:*", "a:ABCD",
    "<->", "a <-> b", "\\", "\\'", "%", "_", "%%", "50%", "a_b", ";", "--", "/* a", "'; DROP TABLE course_search; --",
    "\x00", "a\x00b", "\ud800", "\u200b", "\u202e", "é", "ｆｕｌｌ", "𞤀", "²", "ß", "x" * 100, "1e5", "1e5a", "0x1f",
    "1.5", "a.b", "http://a.b/c?d", "a@b.c", "🦆", "日本語", "ا",
]  # fmt: skip


def titles(search: str, user: User | None = None, **filters: object) -> list[str]:
    return [card.title for card in catalogue(user, search=search, sort="relevance", **filters).cards]  # type: ignore[arg-type]


def as_sent(search: str) -> bytes:
    return search.encode("utf-8", "surrogatepass")


def tagged(course: Course, *names: str) -> Course:
    actions.set_tags(course, names, actor=make.admin())
    return course


def test_a_word_is_found_in_title_tag_and_descriptions_the_title_first(app: Flask) -> None:
    make.course(title="Isi", description="Belajar tentang apar di gedung")
    make.course(title="Ringkas", short_description="Belajar tentang apar di gedung")
    tagged(make.course(title="Bertanda", short_description="Belajar di gedung"), "Apar")
    make.course(title="Apar", short_description="Belajar di gedung")
    assert titles("apar") == ["Apar", "Bertanda", "Ringkas", "Isi"]


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("keselamatan", True),
        ("KESELAMATAN", True),
        ("kesel", True),
        ("kes", True),
        ("ke", False),  # too short for the beginning of a word
        ("lamatan", False),  # not a beginning
        ("k3", True),
        ("k", False),
        ("dan", True),
        ("keselamatan umkm", False),
        ("umum keselamatan", True),
        ('"keselamatan dan"', True),
        ("keselamatan, umum!", True),
        ("kesel,", False),  # a sign ends the word
        ("kafe", True),
        ("Kafé", True),
    ],
)
def test_words_are_found_by_their_beginnings(app: Flask, search: str, is_found: bool) -> None:
    make.course(title="Keselamatan dan Kesehatan Umum (K3)", description="Di **kafé** mana pun.")
    assert bool(titles(search)) == is_found


@pytest.mark.skipif(not POSTGRES, reason="SQLite knows no stems")
def test_a_word_is_found_in_its_other_forms(app: Flask) -> None:
    make.course(title="Keselamatan", description="Belajar mengelola pekerjaan")
    assert titles("selamat") == titles("mengajar bekerja") == ["Keselamatan"]


def test_a_sign_after_a_word_means_that_word(app: Flask) -> None:
    make.course(title="Diskon 500 lebih")
    make.course(title="Diskon 5000 lebih")
    assert sorted(titles("500")) == ["Diskon 500 lebih", "Diskon 5000 lebih"]
    assert titles("500%") == titles('"500"') == ["Diskon 500 lebih"]


def test_signs_alone_are_looked_for_as_they_are(app: Flask) -> None:
    make.course(title="Potongan 50%")
    make.course(title="Garis_bawah", short_description="100 persen")
    assert titles("%") == ["Potongan 50%"]
    assert titles("_") == ["Garis_bawah"]
    assert titles("% _") == []


def test_what_words_are_looked_for() -> None:
    assert wanted_words("Café 50% k3 l") == [
        Wanted("cafe", True), Wanted("50", False), Wanted("k3", False), Wanted("l", False)
    ]  # fmt: skip
    assert wanted_words('"abc" def') == [Wanted("abc", False), Wanted("def", True)]
    assert wanted_words(" %_'\" ") == []
    assert len(wanted_words("a " * 50)) == 8


@pytest.mark.parametrize("search", SYNTAX)
def test_t_sql_02_the_syntax_of_a_search_engine_is_plain_text(app: Flask, search: str) -> None:
    make.course(title="Dasar K3")
    tagged(make.course(published=False, title="Draf"), "Rahasia")
    assert catalogue(None, search=search, sort="relevance").total in (0, 1)
    assert app.test_client().get("/kursus", query_string={"q": as_sent(search)}).status_code == 200


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_t_sql_02_no_search_is_an_error(app: Flask, search: str) -> None:
    assert catalogue(None, search=search, sort="relevance").total == 0
    assert app.test_client().get("/kursus", query_string={"q": as_sent(search)}).status_code == 200


@given(title=st.text(min_size=1, max_size=60), summary=st.text(max_size=60))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_of_a_course_can_be_indexed_and_found(app: Flask, title: str, summary: str) -> None:
    fields = {"title": title, "short_description": summary}
    kept = {name: "".join(each for each in text if each.isprintable()) for name, text in fields.items()}
    course = make.course(lessons=0, **kept)
    for word in [each for text in kept.values() for each in text.split() if each.isascii()][:8]:
        pages = (catalogue(None, search=word, page=page) for page in range(1, 9))
        assert course.id in [card.id for page in pages for card in page.cards]


def test_a_very_long_description_is_found_by_what_it_begins_with(app: Flask) -> None:
    words = " ".join(f"kata{number}x" for number in range(20_000))
    make.course(title="Panjang", description=f"awalan {words} akhiran " + "x" * 5_000)
    assert len(words) > LONGEST_TEXT
    assert titles("awalan") == titles("kata7x") == ["Panjang"]
    assert titles("akhiran") == []


def test_a_course_is_found_by_what_is_said_of_it_now(app: Flask, drain: Callable[[], int]) -> None:
    author = make.user(Role.CONTENT_MANAGER)
    course = actions.create_course("Las listrik", actor=author, short_description="Mengelas dengan aman")
    staff = make.user(Role.TRAINER)
    with transaction():
        course.status = CourseStatus.PUBLISHED
    assert titles("las", staff) == titles("mengelas", staff) == ["Las listrik"]
    admin = make.admin()
    actions.update_course(course, title="Bubut", actor=admin)
    actions.set_tags(course, ["Logam"], actor=admin)
    assert (titles("listrik", staff), titles("bubut logam", staff)) == ([], ["Bubut"])
    actions.rename_tag(course.tags[0], "Besi", actor=admin)
    drain()
    assert (titles("logam", staff), titles("besi", staff)) == ([], ["Bubut"])
    actions.delete_tag(course.tags[0], actor=admin)
    drain()
    assert titles("besi", staff) == []


@pytest.mark.parametrize(
    ("visibility", "found_by"),
    [
        (Visibility.PUBLIC, {"guest", "learner", "entered", "trainer"}),
        (Visibility.RESTRICTED, {"entered", "trainer"}),
        (Visibility.HIDDEN, {"trainer"}),
    ],
)
def test_the_search_finds_only_what_the_catalogue_lists(app: Flask, visibility: Visibility, found_by: set[str]) -> None:
    course = make.course(title="Rahasia", visibility=visibility)
    make.course(title="Rahasia", published=False)
    make.course(title="Rahasia", status=CourseStatus.ARCHIVED)
    viewers = {"guest": None, "learner": make.user(), "entered": make.user(), "trainer": make.user(Role.TRAINER)}
    for name, viewer in viewers.items():
        entered = [course.id] if name == "entered" else []
        found = catalogue(viewer, search="rahasia", entered=entered, sort="relevance")
        assert [card.id for card in found.cards] == ([course.id] if name in found_by else []), name
        assert found.total == len(found.cards)


def test_indexing_again_changes_nothing(app: Flask) -> None:
    course = make.course(title="Sekali")
    with transaction():
        index_course(course.id)
        index_course(course.id)
    assert titles("sekali") == ["Sekali"]


def test_results_come_best_first_unless_another_order_is_asked_for(app: Flask) -> None:
    make.course(title="Kerja")
    make.course(title="Aman", description="kerja")
    person = Person(app)

    def order(query: str) -> list[str]:
        page = person.opens(f"/kursus?q=kerja{query}").response.text
        return sorted(("Kerja", "Aman"), key=lambda title: page.index(f">{title}</a>"))

    assert order("") == order("&urut=cocok") == ["Kerja", "Aman"]
    assert order("&urut=terbaru") == order("&urut=judul") == ["Aman", "Kerja"]
    assert 'value="cocok" selected' in person.opens("/kursus?q=kerja").response.text
    assert 'value="cocok"' not in person.opens("/kursus?urut=cocok").response.text
