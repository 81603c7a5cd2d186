"""Dasbor: what it counts, by the reader's calendar, and what it warns of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.actions import sign_out, start_session
from app.accounts.models import Role
from app.admin import queries
from app.admin.concerns import concerns
from app.assessments.queries.results import lapsed
from app.core import clock
from app.core.clock import now
from app.core.db import transaction
from app.core.settings import Institution
from app.courses.queries import publication_requests
from app.events.models import WorkerBeat
from app.events.queries import Recent
from tests import make
from tests.admin.conftest import fact, given_up
from tests.pages import Person

THURSDAY = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
"""Noon in Jakarta."""


@pytest.fixture
def thursday() -> Iterator[None]:
    with clock.at(THURSDAY):
        yield


@pytest.mark.usefixtures("app", "thursday")
def test_facts_count_on_the_reader_s_day_and_in_the_reader_s_week() -> None:
    for moment in (
        THURSDAY,
        datetime(2026, 11, 18, 17, 30, tzinfo=UTC),  # half past midnight on Thursday in Jakarta
        datetime(2026, 11, 15, 17, 0, tzinfo=UTC),  # Monday has just begun
        datetime(2026, 11, 15, 16, 59, tzinfo=UTC),  # still Sunday
        datetime(2026, 11, 8, 17, 0, tzinfo=UTC),  # Monday of last week
        datetime(2026, 11, 5, 17, 0, tzinfo=UTC),  # the first day of the chart
        datetime(2026, 11, 5, 16, 59, tzinfo=UTC),  # before the chart
    ):
        fact("lesson.completed", occurred_at=moment)
    fact("enrollment.created", occurred_at=THURSDAY)
    found = queries.activity()
    assert found.completed == (3, 2)
    assert found.enrolled == (1, 0)
    assert found.certified == (0, 0)
    assert [day.date for day in found.days] == [date(2026, 11, 6) + timedelta(days=place) for place in range(14)]
    assert {day.date.day: day.lessons for day in found.days if day.lessons} == {19: 2, 16: 1, 15: 1, 9: 1, 6: 1}


@pytest.mark.usefixtures("app")
def test_a_learner_is_active_who_was_here_even_if_signed_out_again() -> None:
    here, gone, idle, teacher = make.user(), make.user(), make.user(), make.user(Role.TRAINER)
    start_session(here, agent="")
    sign_out(start_session(gone, agent=""))
    start_session(teacher, agent="")
    with clock.at(now() - timedelta(days=8)):
        start_session(idle, agent="")
    assert queries.activity().active_learners == 2


def test_the_chart_has_its_numbers_in_a_table(panel: Person) -> None:
    fact("lesson.completed", occurred_at=now())
    page = panel.opens("/admin")
    assert page.response.text.count("<rect") == 14
    assert page.sees("1 materi")


def test_what_is_wrong_is_said_with_the_page_that_helps(panel: Person) -> None:
    given_up()
    fact("action.failed", aggregate_type="action", aggregate_id="courses.detail", payload={"action": "x", "error": "y"})
    page = panel.opens("/admin")
    assert page.links["1 pekerjaan gagal"] == "/admin/antrean"
    assert page.links["Antrean tidak berjalan"] == "/admin/antrean"
    assert page.links["1 galat tidak terduga dalam 24 jam"] == "/admin/peristiwa?jenis=action.failed"
    assert page.links["Server email belum diatur"] == "/admin/kotak-keluar"
    assert page.links["Identitas lembaga belum lengkap"] == "/admin/pengaturan"


def test_courses_that_wait_to_be_published_are_named(panel: Person) -> None:
    for days in (1, 3):
        make.course(published=False, submitted_at=now() - timedelta(days=days))
    make.course(published=False)
    page = panel.opens("/admin")
    assert page.links["2 kursus menunggu diterbitkan"] == "/kelola/kursus?tab=diajukan"
    assert page.sees("Tertua sejak 3 hari yang lalu.")


def test_a_silent_kernel_is_said_loudly(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTS_ENABLED="record", MAIL_SERVER="smtp.contoh.test")
    with app.app_context():
        found = queries.health()
    assert (found.mode, found.has_mail_server) == ("record", True)
    with app.test_request_context():
        titles = [each.title for each in concerns(found, Institution(), publication_requests(), lapsed())]
    assert "Reaksi sedang dimatikan" in titles
    assert "Server email belum diatur" not in titles


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"free_bytes": 499_000_000}, "Ruang simpan tinggal 499 MB"),
        (
            {"recent": Recent(finished=40, given_up=0, retried=3, inline=0, inline_ms=0)},
            "3 dari 40 pekerjaan dicoba ulang",
        ),
        ({"recent": Recent(finished=40, given_up=0, retried=0, inline=40, inline_ms=101)}, "Halaman lambat menyimpan"),
    ],
)
def test_what_is_about_to_go_wrong_is_said(app: Flask, fields: dict[str, Any], title: str) -> None:
    with app.test_request_context():
        well = queries.health()
        assert title not in [each.title for each in concerns(well, Institution(), publication_requests(), lapsed())]
        assert title in [
            each.title for each in concerns(replace(well, **fields), Institution(), publication_requests(), lapsed())
        ]


def test_nothing_to_do_is_said(make_app: Callable[..., Flask]) -> None:
    app = make_app(MAIL_SERVER="smtp.contoh.test")
    with app.test_request_context():
        with transaction() as session:
            session.add(WorkerBeat(name="pekerja-1", seen_at=now()))
        house = Institution(name="SMK Nusantara", signatories=({"name": "Ayu"},))  # type: ignore[arg-type]
        assert concerns(queries.health(), house, publication_requests(), lapsed()) == []


def test_the_styleguide_shows_itself_without_an_error(panel: Person) -> None:
    assert panel.opens("/admin/styleguide").sees("Kertas & Batik")
